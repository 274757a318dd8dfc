// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "io/hdf5/hdf5_group.hpp"
#include "io/spikes/spike_file.hpp"

namespace flurry {

/// Whether a file with this root is Neurodata Without Borders with spike times in a place that is read.
[[nodiscard]] bool holds_nwb_spikes(const Hdf5Group& root);

/// The sorted units of an NWB file (Rubel et al. 2022, eLife 11:e78362): of version 2 the ragged list
/// /units/spike_times, whose spike_times_index holds the end of each unit or, in 2.0b, a region reference;
/// of version 1 one list per unit, /processing/<module>/UnitTimes/<unit>/times or
/// /processing/<module>/spike_train/<unit>/data, each module a population. Times are in seconds where the
/// list has no attribute `unit`; unit after unit, in rising order of ids.
[[nodiscard]] SpikeFile read_nwb_spikes(const Hdf5Group& root, const std::string& unit);

}  // namespace flurry
