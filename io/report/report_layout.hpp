// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "io/hdf5/hdf5_group.hpp"
#include "io/report/report_file.hpp"

/// What all reports have, for those who write them.
namespace flurry::report_layout {

/// Marks the root as SONATA's and makes /report/<population> with its mapping, all but the data.
[[nodiscard]] Hdf5Group create_population(Hdf5Group& root, const ReportDescription& description);
/// Units and variable of the data.
void describe(Hdf5Dataset& data, const ReportDescription& description);
/// /provenance, incomplete.
[[nodiscard]] Hdf5Group create_status(Hdf5Group& root, const ReportDescription& description);
/// Start, stop and step (ms).
[[nodiscard]] std::vector<double> regular_times(const ReportDescription& description);

}  // namespace flurry::report_layout
