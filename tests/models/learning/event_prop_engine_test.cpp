// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// What is trained is what runs: the forward pass and the engines give the same spikes.
#include <algorithm>
#include <cmath>
#include <memory>

#include <doctest/doctest.h>

#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "tests/models/learning/event_prop_random.hpp"

namespace flurry {
namespace {

using testing::EventPropRandom;

ProjectionDescription projection(const EventPropSynapses& synapses, std::uint32_t neurons,
                                 const std::string& source) {
  std::vector<std::uint32_t> from;
  std::vector<std::uint32_t> to;
  std::vector<double> weights;
  std::vector<double> delays;
  for (std::uint32_t s = 0; s < synapses.sources(); ++s)
    for (std::uint32_t j = synapses.row_begin[s]; j < synapses.row_begin[s + 1]; ++j) {
      if (synapses.target[j] >= neurons) continue;  // a readout
      from.push_back(s);
      to.push_back(synapses.target[j]);
      weights.push_back(synapses.weight[j]);
      delays.push_back(synapses.delay[j]);
    }
  ProjectionDescription p;
  p.name = source + "_N";
  p.source = source;
  p.target = "N";
  p.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(from),
                          std::make_shared<const std::vector<std::uint32_t>>(to)};
  p.weight = Distribution::list(weights);
  p.delay = Distribution::list(delays);
  return p;
}

// The same network for the engine: C_m = tau_m.
NetworkDescription described(const EventPropRandom& sample) {
  const EventPropNetwork& n = sample.network;
  PopulationDescription channels;
  channels.name = "in";
  channels.model = "spike_train";
  channels.size = EventPropRandom::channels;
  channels.spikes = std::make_shared<const SpikeTrain>(sample.input);
  PopulationDescription neurons;
  neurons.name = "N";
  neurons.model = "lif_exp";
  neurons.size = sample.spiking;
  const auto listed = [&](const std::vector<double>& values) {
    return Distribution::list({values.begin(), values.begin() + sample.spiking});
  };
  for (const char* name : {"tau_m", "C_m"}) neurons.parameters.emplace(name, listed(n.tau_m));
  for (const char* name : {"tau_syn_ex", "tau_syn_in"}) neurons.parameters.emplace(name, listed(n.tau_syn));
  neurons.parameters.emplace("V_th", listed(n.threshold));
  for (const char* name : {"E_L", "V_reset", "V_m"})
    neurons.parameters.emplace(name, Distribution::constant(0.0));
  neurons.parameters.emplace("t_ref", n.t_ref.empty() ? Distribution::constant(0.0) : listed(n.t_ref));
  NetworkDescription d;
  d.populations = {neurons, channels};
  d.projections = {projection(n.input, sample.spiking, "in"), projection(n.recurrent, sample.spiking, "N")};
  return d;
}

template <class Engine, class... More>
SpikeTrain spikes_of(const Network& network, double until, More&... more) {
  Engine engine(network, catalogue(), more...);
  SpikeMemory memory;
  engine.add_recorder(memory);
  engine.run(until);
  return memory.spikes();
}

double compare(const EventPropTape& tape, const SpikeTrain& engine) {
  std::vector<Spike> trained;
  for (std::uint32_t k = 0; k < tape.spikes; ++k)
    trained.push_back({tape.records[k].time, tape.records[k].neuron});
  std::sort(trained.begin(), trained.end());
  REQUIRE(trained.size() == engine.size());
  double worst = 0.0;
  for (std::size_t k = 0; k < engine.size(); ++k) {
    CHECK(trained[k].neuron == engine[k].neuron);
    worst = std::max(worst, std::abs(trained[k].time - engine[k].time));
  }
  CHECK(worst <= 1e-10);
  return worst;
}

void compare_with_engines(bool refractory) {
  double worst = 0.0;
  std::size_t spikes = 0;
  ThreadExecutor executor(2);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    const EventPropRandom sample(seed, refractory);
    EventPropOptions options;
    options.duration = sample.duration;
    EventPropWorkspace workspace;
    event_prop_forward(EventPropPlan(sample.network, options), sample.input, workspace);
    const Network network = build(described(sample), executor);
    worst = std::max(worst, compare(workspace.tape, spikes_of<SerialEngine>(network, sample.duration)));
    worst =
        std::max(worst, compare(workspace.tape, spikes_of<Simulation>(network, sample.duration, executor)));
    spikes += workspace.tape.spikes;
  }
  MESSAGE(spikes << " spikes within " << worst << " ms");
  CHECK(spikes > 1000);
}

TEST_CASE("EventProp: the forward pass gives the engine's spikes") { compare_with_engines(false); }
TEST_CASE("EventProp: the forward pass gives the engine's spikes, refractory times and all") {
  compare_with_engines(true);
}

}  // namespace
}  // namespace flurry
