// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {
namespace {

constexpr std::uint32_t neuron_count = 40;
constexpr double network_end = 60.0;  // ms
constexpr double delay = 2.0;         // ms, a multiple of every step

struct Cell {
  double tau_m, C_m, E_L, V_th, V_reset, t_ref, tau_ex, tau_in, I_e;
};
struct Synapse {
  std::uint32_t source, target;
  double weight;
};
struct Circuit {
  std::vector<Cell> cells;
  std::vector<Synapse> synapses;
};

Circuit random_circuit(std::uint64_t seed) {
  RandomSequence random(seed, Purpose::test, 21, 0);
  const auto between = [&](double low, double high) { return low + (high - low) * random.uniform(); };
  Circuit circuit;
  for (std::uint32_t i = 0; i < neuron_count; ++i) {
    Cell cell{between(8.0, 25.0),    between(150.0, 350.0), between(-72.0, -66.0),
              between(-56.0, -50.0), between(-70.0, -62.0), 2.0 + 0.5 * random.below(5),
              between(1.0, 4.0),     between(2.0, 6.0),     0.0};
    const double rheobase = (cell.V_th - cell.E_L) * cell.C_m / cell.tau_m;
    cell.I_e = rheobase * (i % 2 == 0 ? between(1.2, 1.8) : between(0.6, 0.95));
    circuit.cells.push_back(cell);
    for (int k = 0; k < 8; ++k)
      circuit.synapses.push_back(
          {random.below(neuron_count), i, random.below(5) == 0 ? -60.0 : between(20.0, 60.0)});
  }
  return circuit;
}

NetworkDescription described(const Circuit& circuit) {
  PopulationDescription neurons;
  neurons.name = "neurons";
  neurons.model = "lif_alpha";
  neurons.size = neuron_count;
  const auto add = [&](const char* name, double Cell::*value) {
    std::vector<double> values;
    for (const Cell& cell : circuit.cells) values.push_back(cell.*value);
    neurons.parameters.emplace(name, Distribution::list(values));
  };
  add("tau_m", &Cell::tau_m);
  add("C_m", &Cell::C_m);
  add("E_L", &Cell::E_L);
  add("V_th", &Cell::V_th);
  add("V_reset", &Cell::V_reset);
  add("t_ref", &Cell::t_ref);
  add("tau_syn_ex", &Cell::tau_ex);
  add("tau_syn_in", &Cell::tau_in);
  add("I_e", &Cell::I_e);
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> targets;
  std::vector<double> weights;
  for (const Synapse& synapse : circuit.synapses) {
    sources.push_back(synapse.source);
    targets.push_back(synapse.target);
    weights.push_back(synapse.weight);
  }
  ProjectionDescription recurrent;
  recurrent.name = "recurrent";
  recurrent.source = "neurons";
  recurrent.target = "neurons";
  recurrent.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(sources),
                                  std::make_shared<const std::vector<std::uint32_t>>(targets)};
  recurrent.weight = Distribution::list(weights);
  recurrent.delay = Distribution::constant(delay);
  NetworkDescription network;
  network.populations.push_back(neurons);
  network.projections.push_back(recurrent);
  return network;
}

using Trains = std::vector<std::vector<double>>;  // by neuron, ms

SpikeTrain exact_spikes(const Circuit& circuit) {
  Executor alone;
  const NetworkDescription description = described(circuit);
  validate(description, catalogue());
  const Network network = build(description, alone);
  Simulation simulation(network, catalogue(), alone);
  SpikeMemory memory;
  simulation.add_recorder(memory);
  simulation.run(network_end);
  return memory.spikes();
}

// V - E_L, dI_ex, I_ex, dI_in, I_in
using State = std::array<double, 5>;

State derivative(const Cell& cell, const State& s) {
  return {-s[0] / cell.tau_m + (s[2] + s[4] + cell.I_e) / cell.C_m, -s[1] / cell.tau_ex,
          s[1] - s[2] / cell.tau_ex, -s[3] / cell.tau_in, s[3] - s[4] / cell.tau_in};
}

State moved(const State& s, const State& slope, double h) {
  State result = s;
  for (std::size_t i = 0; i < s.size(); ++i) result[i] += h * slope[i];
  return result;
}

State runge_kutta(const Cell& cell, const State& s, double h) {
  const State a = derivative(cell, s);
  const State b = derivative(cell, moved(s, a, h / 2));
  const State c = derivative(cell, moved(s, b, h / 2));
  const State d = derivative(cell, moved(s, c, h));
  State result = s;
  for (std::size_t i = 0; i < s.size(); ++i) result[i] += h / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
  return result;
}

// The grid of NEST: inputs act at the end of their step, threshold is tested at grid points only, the spike
// stands at the end of its step and V is held for t_ref / h steps.
SpikeTrain grid_spikes(const Circuit& circuit, double h) {
  const auto steps = static_cast<std::size_t>(std::lround(network_end / h));
  const auto delay_steps = static_cast<std::size_t>(std::lround(delay / h));
  std::vector<State> states(neuron_count, State{});
  std::vector<long> held(neuron_count, 0);
  std::vector<std::vector<std::uint32_t>> arrivals(steps + delay_steps + 1);  // synapses
  SpikeTrain spikes;
  for (std::size_t step = 1; step <= steps; ++step) {
    for (std::uint32_t i = 0; i < neuron_count; ++i) {
      const double V = states[i][0];
      states[i] = runge_kutta(circuit.cells[i], states[i], h);
      if (held[i] > 0) states[i][0] = V;
      if (held[i] > 0) --held[i];
    }
    for (const std::uint32_t j : arrivals[step]) {
      const Synapse& synapse = circuit.synapses[j];
      const Cell& cell = circuit.cells[synapse.target];
      const bool excites = synapse.weight >= 0.0;
      states[synapse.target][excites ? 1 : 3] +=
          synapse.weight * std::numbers::e / (excites ? cell.tau_ex : cell.tau_in);
    }
    for (std::uint32_t i = 0; i < neuron_count; ++i) {
      const Cell& cell = circuit.cells[i];
      if (states[i][0] < cell.V_th - cell.E_L) continue;
      spikes.push_back({static_cast<double>(step) * h, i});
      states[i][0] = cell.V_reset - cell.E_L;
      held[i] = std::lround(cell.t_ref / h);
      for (std::uint32_t j = 0; j < circuit.synapses.size(); ++j)
        if (circuit.synapses[j].source == i) arrivals[step + delay_steps].push_back(j);
    }
  }
  return spikes;
}

Trains by_neuron(const SpikeTrain& spikes) {
  Trains trains(neuron_count);
  for (const Spike& spike : spikes) trains[spike.neuron].push_back(spike.time);
  return trains;
}

std::vector<std::uint32_t> ids(const SpikeTrain& spikes) {
  std::vector<std::uint32_t> result;
  for (const Spike& spike : spikes) result.push_back(spike.neuron);
  return result;
}

// Largest difference between the k-th spikes of a neuron, and the largest number of steps per generation: a
// spike can only have come about through one synapse or one refractory time, both at least `delay` ms, per
// generation.
struct Difference {
  double largest = 0.0;  // ms
  double steps_per_generation = 0.0;
};
Difference difference(const Trains& grid, const Trains& exact, double h) {
  Difference result;
  for (std::uint32_t i = 0; i < neuron_count; ++i)
    for (std::size_t k = 0; k < std::min(grid[i].size(), exact[i].size()); ++k) {
      const double late = std::abs(grid[i][k] - exact[i][k]);
      const double generations = 1.0 + std::floor(exact[i][k] / delay);
      result.largest = std::max(result.largest, late);
      result.steps_per_generation = std::max(result.steps_per_generation, late / h / generations);
    }
  return result;
}

struct Moment {
  double time = 0.0;
  enum class Kind { arrival, release, spike, look } kind = Kind::look;
  double weight = 0.0;
};

// Everything that happens to one neuron if the exact spikes are right, and places to look in between.
std::vector<Moment> moments_of(const Circuit& circuit, const Trains& exact, std::uint32_t neuron, double h) {
  std::vector<Moment> moments;
  for (double k = 1.0; k * h <= network_end; ++k) moments.push_back({k * h, Moment::Kind::look, 0.0});
  for (const double s : exact[neuron]) {
    moments.push_back({s, Moment::Kind::spike, 0.0});
    moments.push_back({s + circuit.cells[neuron].t_ref, Moment::Kind::release, 0.0});
  }
  for (const Synapse& synapse : circuit.synapses)
    if (synapse.target == neuron)
      for (const double s : exact[synapse.source])
        if (s + delay <= network_end) moments.push_back({s + delay, Moment::Kind::arrival, synapse.weight});
  std::sort(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.time < b.time; });
  return moments;
}

struct Proof {
  double spike_error = 0.0;    // ms, largest |V - V_th| / |dV/dt| at the spikes
  double highest_else = -1e9;  // mV above threshold anywhere else
};

// Integrates the equations from moment to moment with the exact spikes as given: at each the membrane must be
// at threshold, and nowhere before. In the order of cause and effect this leaves no room for other spikes.
void examine(const Cell& cell, const std::vector<Moment>& moments, Proof& proof) {
  State state{};
  double now = 0.0;
  bool held = false;
  for (const Moment& moment : moments) {
    const double V = state[0];
    state = runge_kutta(cell, state, moment.time - now);
    if (held) state[0] = V;
    now = moment.time;
    const double above = state[0] - (cell.V_th - cell.E_L);
    if (moment.kind == Moment::Kind::spike) {
      proof.spike_error = std::max(proof.spike_error, std::abs(above / derivative(cell, state)[0]));
      state[0] = cell.V_reset - cell.E_L;
      held = true;
      continue;
    }
    proof.highest_else = std::max(proof.highest_else, above);
    if (moment.kind == Moment::Kind::release) held = false;
    if (moment.kind != Moment::Kind::arrival) continue;
    const bool excites = moment.weight >= 0.0;
    state[excites ? 1 : 3] += moment.weight * std::numbers::e / (excites ? cell.tau_ex : cell.tau_in);
  }
}

}  // namespace

TEST_CASE("alpha networks on a fixed grid come closer to the exact spikes the finer the grid") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const Circuit circuit = random_circuit(seed);
    const SpikeTrain exact = exact_spikes(circuit);
    REQUIRE(exact.size() > neuron_count);
    double before = 1e9;
    for (const double h : {0.05, 0.025, 0.0125}) {
      CAPTURE(h);
      const SpikeTrain grid = grid_spikes(circuit, h);
      const Difference found = difference(by_neuron(grid), by_neuron(exact), h);
      MESSAGE(exact.size() << " spikes, step " << h << " ms: largest difference " << found.largest / h
                           << " steps, " << found.steps_per_generation << " per generation");
      CHECK(found.largest < before);
      CHECK(found.steps_per_generation < 1.1);
      before = found.largest;
      if (h == 0.0125) CHECK(ids(grid) == ids(exact));
    }
  }
}

TEST_CASE("an independent integration finds every spike of an alpha network at threshold, and no other") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    const Circuit circuit = random_circuit(seed);
    const Trains exact = by_neuron(exact_spikes(circuit));
    Proof proof;
    for (std::uint32_t i = 0; i < neuron_count; ++i)
      examine(circuit.cells[i], moments_of(circuit, exact, i, 0.0125), proof);
    MESSAGE("spikes within " << proof.spike_error << " ms, elsewhere at most " << proof.highest_else
                             << " mV above threshold");
    CHECK(proof.spike_error > 0.0);
    CHECK(proof.spike_error < 1e-8);
    CHECK(proof.highest_else < 1e-9);
  }
}

}  // namespace flurry::testing
