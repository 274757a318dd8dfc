// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "tools/analysis/run_report.hpp"

namespace flurry {

/// Writes the report and its pictures (SVG, drawn by gnuplot) as one HTML file that needs no other.
/// SystemError where it cannot be written or gnuplot is missing.
void write_html_report(const RunReport& report, const std::filesystem::path& path);

}  // namespace flurry
