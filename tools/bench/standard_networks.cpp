// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/standard_networks.hpp"

#include <array>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr double grid_step = 0.1;  // ms

PopulationDescription population(std::string name, std::string model, std::uint32_t size) {
  PopulationDescription p;
  p.name = std::move(name);
  p.model = std::move(model);
  p.size = size;
  return p;
}

void project(NetworkDescription& network, const std::string& source, const std::string& target,
             ConnectionRule rule, double weight, Distribution delay) {
  ProjectionDescription p;
  p.name = source + "_" + target;
  p.source = source;
  p.target = target;
  p.rule = std::move(rule);
  p.weight = Distribution::constant(weight);
  p.delay = std::move(delay);
  network.projections.push_back(std::move(p));
}

struct Balanced {
  Synapses synapses = Synapses::delta;
  std::uint32_t neurons = 0;
  Distribution tau_m;
  Distribution delay;
  bool individual_tau_syn = false;
};

// One synaptic time constant per neuron, all different between neurons.
Distribution tau_syn_of(const Balanced& asked, std::uint32_t size, std::uint32_t stream) {
  if (!asked.individual_tau_syn) return Distribution::constant(0.5);
  std::vector<double> values;
  for (std::uint32_t i = 0; i < size; ++i) {
    RandomSequence random(1, Purpose::test, stream, i);
    values.push_back(Distribution::gamma(2.0, 3.0).truncated(0.5, 50.0).draw(random, i));
  }
  return Distribution::list(std::move(values));
}

NetworkDescription balanced(const Balanced& asked) {
  NetworkDescription network;
  const bool exponential = asked.synapses == Synapses::exponential;
  const std::uint32_t excitatory = asked.neurons / 5 * 4;
  const std::array<std::pair<std::string, std::uint32_t>, 2> populations{
      {{"E", excitatory}, {"I", asked.neurons - excitatory}}};
  for (const auto& [name, size] : populations) {
    PopulationDescription p = population(name, exponential ? "lif_exp" : "lif", size);
    p.parameters.emplace("tau_m", asked.tau_m);
    p.parameters.emplace("E_L", Distribution::constant(0.0));
    p.parameters.emplace("V_th", Distribution::constant(20.0));
    p.parameters.emplace("V_reset", Distribution::constant(10.0));
    p.parameters.emplace("t_ref", Distribution::constant(2.0));
    if (exponential) {
      const auto stream = static_cast<std::uint32_t>(network.populations.size());
      p.parameters.emplace("tau_syn_ex", tau_syn_of(asked, size, stream));
      p.parameters.emplace("tau_syn_in", p.parameters.at("tau_syn_ex"));
    }
    network.populations.push_back(std::move(p));
  }
  for (const auto& [name, size] : populations) {
    PopulationDescription external = population("external_" + name, "poisson", size);
    external.parameters.emplace("rate", Distribution::constant(exponential ? 18.195 : 20.0));
    network.populations.push_back(std::move(external));
  }
  // mV, or pA at the same mean charge for both sets of tau_syn.
  const double J = !exponential ? 0.1 : asked.individual_tau_syn ? 13.74 : 54.96;
  const std::uint32_t in_degree = asked.neurons < 12'500 ? asked.neurons / 20 : 1000;
  for (const auto& [target, size] : populations) {
    project(network, "E", target, FixedInDegree{in_degree}, J, asked.delay);
    project(network, "I", target, FixedInDegree{in_degree / 4}, -5.0 * J, asked.delay);
    project(network, "external_" + target, target, OneToOne{}, J, asked.delay);
  }
  return network;
}

Distribution individual_tau_m() { return Distribution::gamma(20.0, 3.0).truncated(2.0, 200.0); }

}  // namespace

NetworkDescription balanced_exact(Synapses synapses, std::uint32_t neurons) {
  return balanced({synapses, neurons, individual_tau_m(), Distribution::uniform(1.5, 3.0),
                   synapses == Synapses::exponential});
}

NetworkDescription balanced_grid(Synapses synapses, std::uint32_t neurons) {
  NetworkDescription network =
      balanced({synapses, neurons,
                synapses == Synapses::exponential ? individual_tau_m() : Distribution::constant(20.0),
                Distribution::constant(1.5), synapses == Synapses::exponential});
  network.resolution = grid_step;
  return network;
}

NetworkDescription sparse() {
  NetworkDescription network;
  PopulationDescription neurons = population("N", "lif_exp", 200'000);
  neurons.parameters.emplace("tau_m", Distribution::constant(20.0));
  network.populations.push_back(neurons);
  PopulationDescription external = population("external", "poisson", neurons.size / 100);
  external.parameters.emplace("rate", Distribution::constant(0.05));
  network.populations.push_back(external);
  project(network, "N", "N", FixedOutDegree{100}, 10.0, Distribution::uniform(1.0, 10.0));
  // Every hundredth neuron is driven.
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> targets;
  for (std::uint32_t i = 0; i < external.size; ++i) {
    sources.push_back(i);
    targets.push_back(100 * i);
  }
  project(network, "external", "N",
          ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::move(sources)),
                         std::make_shared<const std::vector<std::uint32_t>>(std::move(targets))},
          3'000.0, Distribution::constant(1.0));
  return network;
}

NetworkDescription sparse_on_grid() {
  NetworkDescription network = sparse();
  network.resolution = grid_step;
  return network;
}

NetworkDescription silence() {
  NetworkDescription network;
  network.populations.push_back(population("N", "lif_exp", 1'000'000));
  PopulationDescription beat = population("beat", "regular", 1);
  beat.parameters.emplace("interval", Distribution::constant(1000.0));
  network.populations.push_back(beat);
  project(network, "beat", "N",
          ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(1, 0U),
                         std::make_shared<const std::vector<std::uint32_t>>(1, 500'000U)},
          20'000.0, Distribution::constant(1.0));
  project(network, "N", "N", FixedOutDegree{10}, 10.0, Distribution::uniform(1.0, 10.0));
  return network;
}

NetworkDescription mostly_silent(std::uint32_t silent, std::uint32_t driven) {
  NetworkDescription network;
  const auto neurons = [&](const std::string& name, std::uint32_t size) {
    PopulationDescription p = population(name, "lif_exp", size);
    p.parameters.emplace("tau_m", individual_tau_m());
    network.populations.push_back(std::move(p));
  };
  neurons("driven", driven);
  if (silent > 0) neurons("silent", silent);
  PopulationDescription external = population("external", "poisson", driven);
  external.parameters.emplace("rate", Distribution::constant(2.0));
  network.populations.push_back(external);
  const Distribution delay = Distribution::uniform(1.0, 5.0);
  project(network, "external", "driven", OneToOne{}, 200.0, delay);
  project(network, "driven", "driven", FixedInDegree{20}, 20.0, delay);
  if (silent > 0) project(network, "silent", "driven", FixedOutDegree{10}, 100.0, delay);
  if (silent > 0) project(network, "silent", "silent", FixedOutDegree{10}, 100.0, delay);
  return network;
}

std::span<const StandardNetwork> standard_networks() {
  static const std::array<StandardNetwork, 9> networks{
      {{"balanced-delta-exact", "balanced network, delta synapses, exact time, everything individual",
        [] { return balanced_exact(Synapses::delta); }, 100.0, 300.0},
       {"balanced-exp-exact", "the same with exponential synapses, individual tau_syn",
        [] { return balanced_exact(Synapses::exponential); }, 100.0, 300.0},
       {"balanced-delta-grid", "balanced network, delta synapses, grid of 0.1 ms",
        [] { return balanced_grid(Synapses::delta); }, 100.0, 1000.0},
       {"balanced-exp-grid", "the same with exponential synapses, individual tau",
        [] { return balanced_grid(Synapses::exponential); }, 100.0, 1000.0},
       {"sparse-exact", "200,000 neurons at 0.5 Hz, 100 synapses each, delays 1 to 10 ms", &sparse, 50.0,
        500.0},
       {"sparse-grid", "the same on a grid of 0.1 ms", &sparse_on_grid, 50.0, 500.0},
       {"microcircuit-grid", "cortical microcircuit at a tenth of its size, grid of 0.1 ms",
        [] { return microcircuit(0.1); }, 300.0, 1000.0},
       {"microcircuit-full-grid", "the same at its full size, 0.3 billion synapses, 4 GiB",
        [] { return microcircuit(1.0); }, 100.0, 1000.0, true},
       {"silence", "a million neurons, one spike a second, 1,000 s", &silence, 0.0, 1e6}}};
  return networks;
}

const StandardNetwork& find_standard_network(const std::string& name) {
  std::vector<std::string> names;
  for (const StandardNetwork& network : standard_networks()) {
    if (network.name == name) return network;
    names.emplace_back(network.name);
  }
  throw UsageError(unknown_name("benchmark", name, "", names));
}

}  // namespace flurry
