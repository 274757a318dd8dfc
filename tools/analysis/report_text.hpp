// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/document.hpp"
#include "tools/analysis/run_report.hpp"

namespace flurry {

/// A report for people: short lines, one fact each, columns aligned.
[[nodiscard]] std::string report_text(const RunReport& report);

/// The same for programs; energies in pJ, times in ms, rates in Hz.
[[nodiscard]] Document report_document(const RunReport& report);

/// The energy part alone.
[[nodiscard]] std::string energy_report_text(const RunReport& report);
[[nodiscard]] Document energy_report_document(const RunReport& report);

}  // namespace flurry
