// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "io/report/report_file.hpp"
#include "tools/plot/gnuplot.hpp"

namespace flurry {

/// For each population of a report: traces of up to five neurons, and, of ten neurons or more, the median
/// over all with the band that holds 80 % of them. UsageError where there is nothing to draw.
[[nodiscard]] std::vector<Picture> report_pictures(const ReportFile& report);

}  // namespace flurry
