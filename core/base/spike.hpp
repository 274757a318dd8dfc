// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <vector>

namespace flurry {

/// The time of what does not happen.
inline constexpr double never = std::numeric_limits<double>::infinity();

/// One spike leaving one neuron or source.
struct Spike {
  double time = 0.0;         // ms
  std::uint32_t neuron = 0;  // network-wide, or within a population where a population is named

  friend auto operator<=>(const Spike&, const Spike&) = default;
};

/// Spikes ordered by time, then neuron.
using SpikeTrain = std::vector<Spike>;

}  // namespace flurry
