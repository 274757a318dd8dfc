// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tools/analysis/spike_statistics.hpp"

namespace flurry {

/// Neurons whose parameter lies in one quantile bin, and how they spiked.
struct ParameterBin {
  double low = 0.0;  // smallest and largest value in the bin, in the parameter's inside unit
  double high = 0.0;
  double mean = 0.0;
  MeanSd rate;               // Hz, over the neurons
  std::optional<double> cv;  // mean over neurons with three spikes or more
};

/// Splits neurons into `bins` groups of equal number by the value of a parameter. None where all values are
/// equal.
[[nodiscard]] std::vector<ParameterBin> bin_by_parameter(std::span<const double> values,
                                                         const NeuronTrains& trains, double duration,
                                                         std::size_t bins);

/// Neurons in ascending order of a parameter; ties by number.
[[nodiscard]] std::vector<std::size_t> order_by(std::span<const double> values);

/// Pearson's correlation of ranks (Spearman), ties sharing a rank; none where either side is constant.
[[nodiscard]] std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace flurry
