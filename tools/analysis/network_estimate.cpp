// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/network_estimate.hpp"

#include <algorithm>

#include "core/base/executor.hpp"
#include "core/network/graph_adaptor.hpp"
#include "core/network/network_builder.hpp"

namespace flurry {
namespace {

constexpr double synapses_built_to_look = 5e6;
constexpr double program_bytes = 23e6;
constexpr double arrival_bytes = 1.5 * 8.0;  // pieces of memory are powers of two
constexpr double window = 1.0;               // ms that arrivals stay at most when they have arrived

// Events per ms and element where the description tells.
double source_rate(const PopulationDescription& population, const ModelInfo& model,
                   const std::optional<double>& duration) {
  if (population.spikes) {
    double last = 0.0;
    for (const Spike& spike : *population.spikes) last = std::max(last, spike.time);
    const double length = duration.value_or(last);
    const double elements = std::max<double>(population.size, 1.0) * std::max(length, 1e-9);
    return static_cast<double>(population.spikes->size()) / elements;
  }
  if (const auto given = population.parameters.find("rate"); given != population.parameters.end())
    return given->second.mean();
  const ParameterInfo* rate = model.find("rate");
  return rate != nullptr ? rate->initial : 0.0;
}

std::size_t index_of(const NetworkEstimate& estimate, const std::string& name) {
  const auto found =
      std::find_if(estimate.populations.begin(), estimate.populations.end(),
                   [&](const PopulationEstimate& population) { return population.name == name; });
  return static_cast<std::size_t>(found - estimate.populations.begin());
}

void follow_projections(const NetworkDescription& network, NetworkEstimate& estimate) {
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t i = 0; i < network.projections.size(); ++i) {
      if (estimate.projections[i].synapses <= 0.0) continue;
      PopulationEstimate& target = estimate.populations[index_of(estimate, network.projections[i].target)];
      if (target.reached || !estimate.populations[index_of(estimate, network.projections[i].source)].reached)
        continue;
      target.reached = true;
      grew = true;
    }
  }
}

void count_unreached(const NetworkDescription& network, NetworkEstimate& estimate) {
  if (estimate.synapses > synapses_built_to_look) return;
  std::vector<bool> is_source;
  for (const PopulationEstimate& population : estimate.populations) is_source.push_back(population.is_source);
  Executor executor;
  estimate.neurons_unreached = reach_from_sources(build(network, executor), is_source).neurons_unreached;
}

}  // namespace

double peak_bytes(const NetworkEstimate& estimate) {
  return estimate.bytes + estimate.element_bytes + estimate.in_flight_bytes + program_bytes;
}

NetworkEstimate estimate_network(const NetworkDescription& network, const Catalogue& catalogue,
                                 double assumed_rate) {
  NetworkEstimate estimate;
  estimate.duration = network.duration;
  estimate.assumed_rate = assumed_rate;
  for (const PopulationDescription& population : network.populations) {
    const ModelInfo& model = catalogue.info(population.model, population.where);
    const double rate = model.is_source ? source_rate(population, model, network.duration) : assumed_rate;
    estimate.populations.push_back(
        {population.name, population.model, model.is_source, population.size, rate, model.is_source});
    if (!model.is_source) estimate.neurons += population.size;
    // Neurons that are stepped through a grid have a second copy of their state and constants.
    const double copies = network.resolution && !model.is_source ? 2.0 : 1.0;
    estimate.element_bytes += copies * static_cast<double>(model.bytes * population.size);
  }
  for (const ProjectionDescription& projection : network.projections) {
    const PopulationEstimate& source = estimate.populations[index_of(estimate, projection.source)];
    const auto from = static_cast<std::uint32_t>(source.size);
    const auto to =
        static_cast<std::uint32_t>(estimate.populations[index_of(estimate, projection.target)].size);
    const double synapses = expected_synapses(projection, from, to);
    const double arrivals = source.size == 0 ? 0.0 : synapses * source.rate;
    estimate.projections.push_back({projection.name, describe(projection.rule), synapses,
                                    expected_bytes(projection, from, to), arrivals});
    estimate.synapses += synapses;
    estimate.bytes += estimate.projections.back().bytes;
    estimate.arrivals_per_second += arrivals * 1e3;
    estimate.in_flight_bytes += arrivals * (projection.delay.mean() + window) * arrival_bytes;
  }
  follow_projections(network, estimate);
  count_unreached(network, estimate);
  return estimate;
}

}  // namespace flurry
