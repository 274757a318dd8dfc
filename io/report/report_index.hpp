// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/engine/sample_times.hpp"

namespace flurry {

/// Reports that hold the same times of different neurons, side by side.
using ReportParts = std::vector<std::filesystem::path>;

/// Writes a report that reads as one but holds no values itself (virtual data sets): legs follow each other
/// in time, parts of a leg stand side by side, columns by node id. Parts are reports of one population and
/// variable in the same folder. `times`, `until`: of the whole run. SystemError, FormatError as for reading
/// the parts, and where a leg lacks neurons that others have.
void write_report_index(const std::filesystem::path& path, std::span<const ReportParts> legs,
                        const SampleTimes& times, double until, bool complete);

}  // namespace flurry
