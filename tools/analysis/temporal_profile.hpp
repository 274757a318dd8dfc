// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/analysis/parameter_bins.hpp"

namespace flurry {

/// How one group of neurons behaves in time.
struct GroupProfile {
  double tau_low = 0.0;  // ms, range of the time constant within the group
  double tau_high = 0.0;
  std::uint64_t neurons = 0;
  double rate = 0.0;                       // Hz
  std::optional<double> first_spike;       // ms, median over neurons that spike
  std::optional<double> correlation_time;  // ms, see correlation_time()
  std::vector<double> rate_over_time;      // Hz per bin
};

/// The quarter of a population with the shortest time constants beside the quarter with the longest.
struct TemporalProfile {
  double bin = 0.0;  // ms, of rate_over_time
  GroupProfile fast;
  GroupProfile slow;
};

/// None where fewer than eight neurons or all time constants are equal. `bin`: ms.
[[nodiscard]] std::optional<TemporalProfile> temporal_profile(std::span<const double> tau,
                                                              const NeuronTrains& trains, double duration,
                                                              double bin);

/// Lag in ms at which the autocorrelation of a rate in bins of `bin` ms has fallen to half its value at the
/// first lag; lag 0 is left out because every spike correlates with itself. None where there is no such
/// correlation.
[[nodiscard]] std::optional<double> correlation_time(std::span<const double> rate, double bin);

}  // namespace flurry
