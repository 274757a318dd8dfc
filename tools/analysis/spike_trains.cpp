// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/spike_trains.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr std::uint64_t largest_guess = 100'000'000;  // neurons a file without sizes may imply

}  // namespace

NeuronTrains trains_of(const PopulationSpikes& spikes, std::uint64_t size, const std::string& population) {
  const auto last = std::max_element(spikes.ids.begin(), spikes.ids.end());
  const std::uint64_t needed = last == spikes.ids.end() ? 0 : *last + 1;
  if ((size != 0 && needed > size) || needed > std::max(size, largest_guess))
    throw FormatError("population '" + population + "' holds a spike of neuron " +
                      std::to_string(needed - 1) + "; allowed: below " +
                      std::to_string(size != 0 ? size : largest_guess));
  NeuronTrains trains(size != 0 ? size : needed);
  for (std::size_t i = 0; i < spikes.ids.size(); ++i) trains[spikes.ids[i]].push_back(spikes.times[i]);
  for (std::vector<double>& train : trains)
    if (!std::is_sorted(train.begin(), train.end())) std::sort(train.begin(), train.end());
  return trains;
}

std::vector<double> rates(const NeuronTrains& trains, double duration) {
  std::vector<double> result;
  result.reserve(trains.size());
  for (const std::vector<double>& train : trains)
    result.push_back(duration > 0.0 ? static_cast<double>(train.size()) * 1e3 / duration : 0.0);
  return result;
}

std::vector<double> rate_over_time(const NeuronTrains& trains, const std::vector<std::size_t>& members,
                                   double duration, double bin) {
  if (!(bin > 0.0) || !(duration > 0.0) || members.empty()) return {};
  std::vector<double> result(static_cast<std::size_t>(std::ceil(duration / bin * (1.0 - 1e-12))), 0.0);
  for (const std::size_t member : members)
    for (const double time : trains[member])
      if (time >= 0.0) result[std::min(static_cast<std::size_t>(time / bin), result.size() - 1)] += 1.0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const double width = std::min(bin, duration - static_cast<double>(i) * bin);
    result[i] *= 1e3 / (width * static_cast<double>(members.size()));
  }
  return result;
}

std::vector<std::size_t> everyone(const NeuronTrains& trains) {
  std::vector<std::size_t> members(trains.size());
  std::iota(members.begin(), members.end(), std::size_t{0});
  return members;
}

}  // namespace flurry
