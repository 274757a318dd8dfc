// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/network.hpp"

#include <algorithm>
#include <limits>

#include "core/base/error.hpp"

namespace flurry {

double value_of(const SynapseValues& values, std::uint64_t i) {
  return std::visit([&](const auto& known) { return value_at(known, i); }, values);
}

std::uint64_t bytes_of(const SynapseValues& values) {
  if (std::holds_alternative<double>(values)) return 0;
  return std::holds_alternative<std::vector<float>>(values) ? sizeof(float) : sizeof(double);
}

Network::Network(std::vector<Population> populations, std::vector<Projection> projections, std::uint64_t seed,
                 TimeUnit unit, std::vector<GridWeights> grid_weights)
    : populations_(std::move(populations)),
      projections_(std::move(projections)),
      seed_(seed),
      unit_(unit),
      grid_weights_(std::move(grid_weights)) {
  std::uint64_t next = 0;
  for (Population& population : populations_) {
    population.first = static_cast<std::uint32_t>(next);
    population.index = static_cast<std::uint32_t>(&population - populations_.data());
    next += population.whole_size();
  }
  if (next > std::numeric_limits<std::uint32_t>::max())
    throw UsageError("the network has " + std::to_string(next) + " neurons; allowed: up to 4294967295");
  size_ = static_cast<std::uint32_t>(next);
}

std::uint64_t Network::synapses() const {
  std::uint64_t sum = 0;
  for (const Projection& projection : projections_) sum += projection.synapses();
  return sum;
}

double Network::smallest_delay() const {
  double smallest = std::numeric_limits<double>::infinity();
  for (const Projection& projection : projections_)
    if (projection.largest_delay > 0.0) smallest = std::min(smallest, projection.smallest_delay);
  return smallest;
}

double Network::largest_delay() const {
  double largest = 0.0;
  for (const Projection& projection : projections_) largest = std::max(largest, projection.largest_delay);
  return largest;
}

std::uint32_t Network::population_of(std::uint32_t neuron) const {
  const auto after = std::upper_bound(populations_.begin(), populations_.end(), neuron,
                                      [](std::uint32_t n, const Population& p) { return n < p.first; });
  if (after == populations_.begin() || neuron >= size_)
    throw InternalError("no population holds neuron " + std::to_string(neuron));
  return static_cast<std::uint32_t>(after - populations_.begin() - 1);
}

std::uint32_t Network::find_population(std::string_view name) const {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < populations_.size(); ++i) {
    if (populations_[i].name() == name) return i;
    names.push_back(populations_[i].name());
  }
  throw UsageError(unknown_name("population", name, "", names));
}

}  // namespace flurry
