// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/processors.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace flurry {

Processors::Processors(const Network& network, const Catalogue& catalogue) {
  for (const Population& population : network.populations()) {
    const std::string& model = population.description.model;
    const NeuronModel* neuron_model = catalogue.find_neurons(model);
    const SourceModel* source_model = catalogue.find_sources(model);
    neurons.push_back(neuron_model ? neuron_model->make(population, network.seed(), network.unit())
                                   : nullptr);
    sources.push_back(source_model ? source_model->make(population, network.seed(), network.unit())
                                   : nullptr);
    if (!neuron_model && !source_model)
      (void)catalogue.info(model, "population " + population.name());  // throws with the nearest name
    PopulationCounts counts;
    counts.name = population.name();
    counts.model = model;
    counts.is_source = source_model != nullptr;
    counts.size = population.size();
    blank_counts.push_back(std::move(counts));
  }
  projections.resize(network.populations().size());
  for (std::uint32_t i = 0; i < network.projections().size(); ++i) {
    const Projection& projection = network.projections()[i];
    if (!neurons[projection.target])
      throw UsageError("projection " + projection.name + " targets a source, which receives nothing");
    if (projection.synapses() > 0) projections[projection.source].push_back(i);
  }
}

void Traffic::add(const std::vector<std::uint64_t>& sent) {
  for (std::size_t i = 0; i < sent.size(); ++i) sent_[i] += sent[i];
}

void Traffic::forget_before(double time) {
  std::erase_if(recent_, [&](const Spike& spike) { return spike.time < time; });
  std::erase_if(arriving_, [&](const auto& arriving) { return arriving.second.time < time; });
}

std::vector<std::pair<std::uint32_t, Spike>> Traffic::recent_rows() const {
  if (shared_) return arriving_;
  std::vector<std::pair<std::uint32_t, Spike>> result;
  for (const Spike& spike : recent_) {
    const std::uint32_t p = network_.population_of(spike.neuron);
    result.push_back({p, {spike.time, spike.neuron - network_.populations()[p].first}});
  }
  return result;
}

std::vector<ProjectionCounts> Traffic::counts(double until) const {
  std::vector<ProjectionCounts> result;
  const auto recent = recent_rows();
  for (std::size_t i = 0; i < sent_.size(); ++i) {
    const Projection& projection = network_.projections()[i];
    const Population& source = network_.populations()[projection.source];
    ProjectionCounts counts{projection.name,
                            source.name(),
                            network_.populations()[projection.target].name(),
                            projection.synapses(),
                            0,
                            0,
                            projection.bytes_per_synapse()};
    for (const auto& [population, spike] : recent) {
      if (population != projection.source) continue;
      for (std::uint64_t j = projection.rows[spike.neuron]; j < projection.rows[spike.neuron + 1]; ++j)
        if (spike.time + value_of(projection.delays, j) > until) ++counts.in_flight;
    }
    counts.arrivals = sent_[i] - counts.in_flight;
    result.push_back(std::move(counts));
  }
  return result;
}

}  // namespace flurry
