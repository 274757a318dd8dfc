// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/neuron/lif.hpp"
#include "models/neuron/lif_alpha.hpp"
#include "models/neuron/lif_exp.hpp"

namespace flurry::testing {
namespace {

struct Input {
  std::int64_t step = 0;  // of arrival
  double weight = 0.0;
};

// NEST's update loop, step by step, as its manual describes it: the potential moves with the currents of the
// step's beginning, currents decay, arrivals of the step's end are added, the threshold is tested.
template <class Model>
std::vector<std::int64_t> by_steps(const typename Model::Parameters& parameters,
                                   const std::vector<Input>& inputs, double h, std::int64_t steps) {
  const auto constants = Model::constants(parameters);
  auto state = Model::initial(parameters, constants);
  const auto propagator = Model::propagator(constants, h);
  const auto refractory = static_cast<std::int64_t>(std::floor(parameters.t_ref.value / h + 1e-6));
  std::int64_t left = 0;
  std::vector<std::int64_t> spikes;
  for (std::int64_t step = 1; step <= steps; ++step) {
    ArrivalSum sum;
    for (const Input& input : inputs)
      if (input.step == step) sum.add(input.weight);
    if (left > 0) {
      --left;
      Model::rest(state, constants, propagator);
      if (sum.count > 0) Model::receive_refractory(state, constants, sum);
      continue;
    }
    Model::advance(state, constants, propagator);
    if (sum.count > 0) Model::receive(state, constants, sum);
    if (!Model::at_threshold(state, constants)) continue;
    spikes.push_back(step);
    Model::reset(state, constants);
    left = refractory;
  }
  return spikes;
}

template <class Model>
std::vector<std::int64_t> by_events(const typename Model::Parameters& parameters,
                                    const std::vector<Input>& inputs, double h, std::int64_t steps) {
  NetworkDescription description;
  description.resolution = h;
  PopulationDescription neuron;
  neuron.name = "n";
  neuron.model = std::string(Model::name);
  neuron.size = 1;
  const auto give = [&](const auto& field) {
    neuron.parameters.emplace(std::string(field.name),
                              Distribution::constant((parameters.*field.member).value));
  };
  std::apply([&](const auto&... fields) { (give(fields), ...); }, Model::parameters);
  PopulationDescription source;
  source.name = "s";
  source.model = "spike_train";
  source.size = static_cast<std::uint32_t>(inputs.size());
  SpikeTrain spikes;
  std::vector<double> weights;
  for (std::uint32_t i = 0; i < inputs.size(); ++i) {
    spikes.push_back({static_cast<double>(inputs[i].step - 1) * h, i});
    weights.push_back(inputs[i].weight);
  }
  source.spikes = std::make_shared<const SpikeTrain>(std::move(spikes));
  ProjectionDescription p;
  p.name = "p";
  p.source = "s";
  p.target = "n";
  p.rule = AllToAll{};
  p.weight = Distribution::list(weights);
  p.delay = Distribution::constant(h);
  description.populations = {neuron, source};
  description.projections = {p};
  Executor alone;
  const Network network = build(description, alone);
  Simulation simulation(network, catalogue(), alone);
  SpikeMemory memory;
  simulation.add_recorder(memory);
  simulation.run(static_cast<double>(steps) * h);
  std::vector<std::int64_t> result;
  for (const Spike& spike : memory.spikes()) result.push_back(std::llround(spike.time / h));
  return result;
}

template <class Model>
void compare(double unit, std::uint64_t seed) {
  RandomSequence random(seed, Purpose::test, 51, 0);
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  typename Model::Parameters p;
  p.tau_m = Time{between(1.0, 30.0)};
  p.C_m = Capacitance{between(100.0, 400.0)};
  p.V_th = Voltage{between(-60.0, -50.0)};
  p.t_ref = Time{0.1 * random.below(40)};
  // Often a drive that crosses by itself.
  p.I_e = Current{between(-0.5, 1.5) * (p.V_th - p.E_L).value * p.C_m.value / p.tau_m.value};
  if constexpr (requires { p.tau_syn_ex; }) {
    p.tau_syn_ex = random.below(3) == 0 ? p.tau_m : Time{between(0.1, 20.0)};
    p.tau_syn_in = Time{between(0.1, 20.0)};
  }
  const std::int64_t steps = 3000;
  std::vector<Input> inputs;
  for (std::uint32_t i = 0; i < 200 + random.below(600); ++i)
    inputs.push_back({1 + random.below(static_cast<std::uint32_t>(steps)), unit * between(-0.4, 1.0)});
  const auto expected = by_steps<Model>(p, inputs, 0.1, steps);
  CHECK(by_events<Model>(p, inputs, 0.1, steps) == expected);
}

}  // namespace

TEST_CASE("on a grid every model gives the spikes of the step-by-step loop, whatever its parameters") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    compare<Lif>(3.0, seed);
    compare<LifExp>(250.0, seed);
    compare<LifAlpha>(120.0, seed);
  }
}

TEST_CASE("delays on a grid are rounded to steps, and refused where that leaves none") {
  Executor alone;
  NetworkDescription description;
  description.resolution = 0.5;
  PopulationDescription neuron;
  neuron.name = "n";
  neuron.model = "lif";
  neuron.size = 3;
  description.populations = {neuron};
  ProjectionDescription p;
  p.name = "p";
  p.source = p.target = "n";
  p.rule = OneToOne{};
  p.delay = Distribution::list({0.5, 1.7, 1.8});
  description.projections = {p};
  const Network network = build(description, alone);
  CHECK(value_of(network.projections()[0].delays, 0) == 1.0);
  CHECK(value_of(network.projections()[0].delays, 1) == 3.0);
  CHECK(value_of(network.projections()[0].delays, 2) == 4.0);
  CHECK(network.smallest_delay() == 1.0);
  CHECK(network.largest_delay() == 4.0);
  description.projections[0].delay = Distribution::list({0.5, 0.2, 1.0});
  CHECK_THROWS_WITH_AS(build(description, alone),
                       "projection p has a delay of 0.2 ms, which is 0 steps of the resolution 0.5 ms; "
                       "allowed: from half a step on",
                       UsageError);
}

}  // namespace flurry::testing
