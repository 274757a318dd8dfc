// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/engine/spike_recorder.hpp"
#include "io/text/json.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/reference_data.hpp"

// Networks that NEST ran, as JSON: what was simulated, and what came out.
namespace flurry::testing {

inline std::vector<double> numbers(const Document& table, const std::string& key) {
  std::vector<double> values;
  for (const Document& value : table.at(key, "network").array(key)) values.push_back(value.number(key));
  return values;
}

inline std::vector<std::uint32_t> indices(const Document& table, const std::string& key) {
  std::vector<std::uint32_t> values;
  for (const double value : numbers(table, key)) values.push_back(static_cast<std::uint32_t>(value));
  return values;
}

inline ConnectionList listed(std::vector<std::uint32_t> sources, std::vector<std::uint32_t> targets) {
  return {std::make_shared<const std::vector<std::uint32_t>>(std::move(sources)),
          std::make_shared<const std::vector<std::uint32_t>>(std::move(targets))};
}

// Our name of the model NEST ran.
inline std::string model_of(const Document& network) {
  const ModelInfo* model = catalogue().find_foreign("nest", network.at("model", "network").text("model"));
  REQUIRE(model != nullptr);
  return std::string(model->name);
}

inline PopulationDescription neurons_of(const Document& network) {
  PopulationDescription neurons;
  neurons.name = "neurons";
  neurons.model = model_of(network);
  neurons.size = static_cast<std::uint32_t>(network.at("n_neurons", "network").integer("n_neurons"));
  const Document& parameters = network.at("neuron_params", "network");
  for (const auto& [name, values] : parameters.table("neuron_params"))
    neurons.parameters.emplace(name, Distribution::list(numbers(parameters, name)));
  return neurons;
}

// Every input train is an element of its own with one connection.
inline void add_inputs(NetworkDescription& description, const Document& network) {
  const Document::Array& trains = network.at("inputs", "network").array("inputs");
  SpikeTrain spikes;
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> targets;
  std::vector<double> weights;
  std::vector<double> delays;
  for (std::uint32_t i = 0; i < trains.size(); ++i) {
    for (const double time : numbers(trains[i], "times_ms")) spikes.push_back({time, i});
    sources.push_back(i);
    targets.push_back(static_cast<std::uint32_t>(trains[i].at("target", "input").integer("target")));
    weights.push_back(trains[i].at("weight", "input").number("weight"));
    delays.push_back(trains[i].at("delay_ms", "input").number("delay_ms"));
  }
  std::sort(spikes.begin(), spikes.end());
  PopulationDescription input;
  input.name = "input";
  input.model = "spike_train";
  input.size = static_cast<std::uint32_t>(trains.size());
  input.spikes = std::make_shared<const SpikeTrain>(std::move(spikes));
  description.populations.push_back(std::move(input));
  ProjectionDescription projection;
  projection.name = "in";
  projection.source = "input";
  projection.target = "neurons";
  projection.rule = listed(std::move(sources), std::move(targets));
  projection.weight = Distribution::list(std::move(weights));
  projection.delay = Distribution::list(std::move(delays));
  description.projections.push_back(std::move(projection));
}

inline NetworkDescription described(const Document& network) {
  NetworkDescription description;
  description.populations.push_back(neurons_of(network));
  const Document& connections = network.at("connections", "network");
  ProjectionDescription recurrent;
  recurrent.name = "recurrent";
  recurrent.source = "neurons";
  recurrent.target = "neurons";
  recurrent.rule = listed(indices(connections, "source"), indices(connections, "target"));
  recurrent.weight = Distribution::list(numbers(connections, "weight"));
  recurrent.delay = Distribution::list(numbers(connections, "delay_ms"));
  description.projections.push_back(std::move(recurrent));
  add_inputs(description, network);
  return description;
}

inline SpikeTrain reference_spikes(const Document& network) {
  const Document& result = network.at("result", "network");
  const std::vector<std::uint32_t> senders = indices(result, "senders");
  const std::vector<double> times = numbers(result, "times_ms");
  REQUIRE(senders.size() == times.size());
  SpikeTrain spikes;
  for (std::size_t i = 0; i < times.size(); ++i) spikes.push_back({times[i], senders[i]});
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

template <class Engine>
SpikeTrain spikes_of(Engine&& engine, double until) {
  SpikeMemory memory;
  engine.add_recorder(memory);
  engine.run(until);
  return memory.spikes();
}

}  // namespace flurry::testing
