// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// One population of two files side by side.
struct PopulationComparison {
  std::string name;
  std::uint64_t spikes_a = 0;
  std::uint64_t spikes_b = 0;
  std::uint64_t neurons_different = 0;  // neurons with another number of spikes, or one out of tolerance
  double largest_shift = 0.0;           // ms, over spikes matched by neuron and rank
};

/// Two spike files side by side.
struct SpikeComparison {
  bool equal = false;
  std::vector<PopulationComparison> populations;
  std::string first_difference;  // the earliest one, in words; "" where equal
};

/// Matches spikes by population, neuron and rank in time: ids exactly, times within `tolerance` ms (0: the
/// same bits).
[[nodiscard]] SpikeComparison compare_spikes(const SpikeFile& a, const SpikeFile& b, double tolerance);

}  // namespace flurry
