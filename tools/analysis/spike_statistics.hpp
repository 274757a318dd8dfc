// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/analysis/spike_trains.hpp"

namespace flurry {

/// Mean and standard deviation (n - 1) of `count` values.
struct MeanSd {
  double mean = 0.0;
  double sd = 0.0;
  std::uint64_t count = 0;
};
[[nodiscard]] MeanSd mean_sd(std::span<const double> values);

/// The middle value; none of no values.
[[nodiscard]] std::optional<double> median(std::vector<double> values);

/// Coefficient of variation of the intervals between spikes; none below three spikes. 0: a clock; 1: Poisson.
[[nodiscard]] std::optional<double> interval_cv(std::span<const double> train);

/// Variance over mean of spike counts in windows of `window` ms, averaged over neurons that spike at all. 0:
/// always the same count; 1: Poisson. None where fewer than five whole windows fit.
[[nodiscard]] std::optional<double> fano_factor(const NeuronTrains& trains, double duration, double window);

/// A population's spiking in numbers.
struct SpikeStatistics {
  std::uint64_t neurons = 0;
  std::uint64_t silent = 0;  // neurons without a spike
  std::uint64_t spikes = 0;
  MeanSd rate;  // Hz, over neurons
  double rate_median = 0.0;
  double rate_max = 0.0;
  std::optional<MeanSd> cv;    // of intervals, over neurons with three spikes or more
  std::optional<double> fano;  // in windows of fano_window
};
inline constexpr double fano_window = 100.0;  // ms

[[nodiscard]] SpikeStatistics spike_statistics(const NeuronTrains& trains, double duration);

}  // namespace flurry
