// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/network/network_description.hpp"

namespace flurry {

/// Fills a population of model `recording`: spikes, size, and positions in sensor pixels where it has no
/// layout of its own. `notes` learns what was left out.
void load_recording(PopulationDescription& population, std::vector<std::string>& notes);

/// Fills a population of model `spike_trains` from its `file` (SONATA spikes) or its table `times`.
void load_spike_trains(PopulationDescription& population);

}  // namespace flurry
