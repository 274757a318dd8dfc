// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/parameter_bins.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flurry {
namespace {

ParameterBin bin_of(std::span<const std::size_t> members, std::span<const double> values,
                    const NeuronTrains& trains, double duration) {
  std::vector<double> inside;
  NeuronTrains own;
  for (const std::size_t member : members) {
    inside.push_back(values[member]);
    own.push_back(trains[member]);
  }
  const SpikeStatistics statistics = spike_statistics(own, duration);
  ParameterBin bin{inside.front(), inside.back(), mean_sd(inside).mean, statistics.rate, std::nullopt};
  if (statistics.cv) bin.cv = statistics.cv->mean;
  return bin;
}

std::vector<double> ranks(std::span<const double> values) {
  const std::vector<std::size_t> order = order_by(values);
  std::vector<double> result(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = 0.5 * static_cast<double>(begin + end - 1);
    for (; begin < end; ++begin) result[order[begin]] = shared;
  }
  return result;
}

}  // namespace

std::vector<std::size_t> order_by(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

std::vector<ParameterBin> bin_by_parameter(std::span<const double> values, const NeuronTrains& trains,
                                           double duration, std::size_t bins) {
  const std::vector<std::size_t> order = order_by(values);
  if (order.empty() || values[order.front()] == values[order.back()]) return {};
  const std::size_t groups = std::min(bins, order.size());
  std::vector<ParameterBin> result;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < groups; ++i) {
    std::size_t end = std::max(begin, order.size() * (i + 1) / groups);
    // Equal values stay together, so that two kinds of neurons make two bins.
    while (end > begin && end < order.size() && values[order[end]] == values[order[end - 1]]) ++end;
    if (end == begin) continue;
    result.push_back(bin_of(std::span(order).subspan(begin, end - begin), values, trains, duration));
    begin = end;
  }
  return result;
}

std::optional<double> rank_correlation(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size() || a.size() < 3) return std::nullopt;
  const std::vector<double> x = ranks(a);
  const std::vector<double> y = ranks(b);
  const MeanSd mx = mean_sd(x);
  const MeanSd my = mean_sd(y);
  if (mx.sd == 0.0 || my.sd == 0.0) return std::nullopt;
  double product = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) product += (x[i] - mx.mean) * (y[i] - my.mean);
  return product / (static_cast<double>(x.size() - 1) * mx.sd * my.sd);
}

}  // namespace flurry
