// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/spike_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace flurry {

MeanSd mean_sd(std::span<const double> values) {
  MeanSd result{0.0, 0.0, values.size()};
  if (values.empty()) return result;
  for (const double value : values) result.mean += value;
  result.mean /= static_cast<double>(values.size());
  if (values.size() < 2) return result;
  double squares = 0.0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.sd = std::sqrt(squares / static_cast<double>(values.size() - 1));
  return result;
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
}

std::optional<double> interval_cv(std::span<const double> train) {
  if (train.size() < 3) return std::nullopt;
  std::vector<double> intervals;
  for (std::size_t i = 1; i < train.size(); ++i) intervals.push_back(train[i] - train[i - 1]);
  const MeanSd interval = mean_sd(intervals);
  if (!(interval.mean > 0.0)) return std::nullopt;
  return interval.sd / interval.mean;
}

std::optional<double> fano_factor(const NeuronTrains& trains, double duration, double window) {
  const auto windows = static_cast<std::size_t>(std::floor(duration / window * (1.0 + 1e-12)));
  if (windows < 5) return std::nullopt;
  std::vector<double> factors;
  for (const std::vector<double>& train : trains) {
    std::vector<double> counts(windows, 0.0);
    for (const double time : train) {
      const double index = time / window;
      if (index >= 0.0 && index < static_cast<double>(windows))
        counts[static_cast<std::size_t>(index)] += 1.0;
    }
    const MeanSd count = mean_sd(counts);
    if (count.mean > 0.0) factors.push_back(count.sd * count.sd / count.mean);
  }
  if (factors.empty()) return std::nullopt;
  return mean_sd(factors).mean;
}

SpikeStatistics spike_statistics(const NeuronTrains& trains, double duration) {
  SpikeStatistics result;
  result.neurons = trains.size();
  std::vector<double> variations;
  for (const std::vector<double>& train : trains) {
    result.spikes += train.size();
    result.silent += train.empty() ? 1U : 0U;
    if (const std::optional<double> cv = interval_cv(train)) variations.push_back(*cv);
  }
  const std::vector<double> rate = rates(trains, duration);
  result.rate = mean_sd(rate);
  result.rate_median = median(rate).value_or(0.0);
  if (!rate.empty()) result.rate_max = *std::max_element(rate.begin(), rate.end());
  if (!variations.empty()) result.cv = mean_sd(variations);
  result.fano = fano_factor(trains, duration, fano_window);
  return result;
}

}  // namespace flurry
