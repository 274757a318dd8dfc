// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/temporal_profile.hpp"

#include <algorithm>
#include <cmath>

namespace flurry {
namespace {

constexpr double correlation_bin = 2.0;   // ms
constexpr std::size_t longest_lag = 500;  // bins

double autocovariance(std::span<const double> rate, double mean, std::size_t lag) {
  double sum = 0.0;
  for (std::size_t i = 0; i + lag < rate.size(); ++i) sum += (rate[i] - mean) * (rate[i + lag] - mean);
  return sum / static_cast<double>(rate.size() - lag);
}

GroupProfile group_profile(const std::vector<std::size_t>& members, std::span<const double> tau,
                           const NeuronTrains& trains, double duration, double bin) {
  GroupProfile group;
  group.tau_low = tau[members.front()];
  group.tau_high = tau[members.back()];
  group.neurons = members.size();
  std::vector<double> first;
  std::size_t spikes = 0;
  for (const std::size_t member : members) {
    spikes += trains[member].size();
    if (!trains[member].empty()) first.push_back(trains[member].front());
  }
  group.rate = static_cast<double>(spikes) * 1e3 / (duration * static_cast<double>(members.size()));
  group.first_spike = median(first);
  group.correlation_time =
      correlation_time(rate_over_time(trains, members, duration, correlation_bin), correlation_bin);
  group.rate_over_time = rate_over_time(trains, members, duration, bin);
  return group;
}

}  // namespace

std::optional<double> correlation_time(std::span<const double> rate, double bin) {
  if (rate.size() < 8) return std::nullopt;
  const MeanSd level = mean_sd(rate);
  const double reference = autocovariance(rate, level.mean, 1);
  // Below two standard errors of white noise the first lag says nothing.
  const double noise = 2.0 * level.sd * level.sd / std::sqrt(static_cast<double>(rate.size()));
  if (!(reference > noise)) return std::nullopt;
  double before = reference;
  for (std::size_t lag = 2; lag < std::min(longest_lag, rate.size() / 2); ++lag) {
    const double here = autocovariance(rate, level.mean, lag);
    if (here <= 0.5 * reference) {
      const double part = (before - 0.5 * reference) / (before - here);
      return (static_cast<double>(lag - 1) + part) * bin;
    }
    before = here;
  }
  return std::nullopt;
}

std::optional<TemporalProfile> temporal_profile(std::span<const double> tau, const NeuronTrains& trains,
                                                double duration, double bin) {
  const std::vector<std::size_t> order = order_by(tau);
  if (order.size() < 8 || tau[order.front()] == tau[order.back()] || !(duration > 0.0)) return std::nullopt;
  const auto quarter = static_cast<std::ptrdiff_t>(order.size() / 4);
  const std::vector<std::size_t> fast(order.begin(), order.begin() + quarter);
  const std::vector<std::size_t> slow(order.end() - quarter, order.end());
  return TemporalProfile{bin, group_profile(fast, tau, trains, duration, bin),
                         group_profile(slow, tau, trains, duration, bin)};
}

}  // namespace flurry
