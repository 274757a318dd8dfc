// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/executor.hpp"
#include "core/base/random.hpp"
#include "core/engine/serial_engine.hpp"
#include "core/network/network_builder.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/learning/surrogate_forward.hpp"
#include "tests/core/engine/small_network.hpp"

namespace flurry {
namespace {

using testing::connect;
using testing::given;
using testing::population;

constexpr double dt = 0.5;  // ms
constexpr std::size_t input_count = 8, neuron_count = 24, step_count = 600;

/// The same network twice: for the engine, and as a layer.
struct Twice {
  explicit Twice(std::uint32_t seed)
      : layer(input_count, neuron_count, true), random(seed, Purpose::test, 0, 0) {
    network.resolution = dt;
    SpikeTrain spikes;
    for (std::size_t t = 0; t < step_count; ++t) {
      for (std::uint32_t i = 0; i < input_count; ++i)
        if (random.uniform() < 0.05) {
          input.add(i);
          spikes.push_back({static_cast<double>(t) * dt, i});
        }
      input.end_step();
    }
    network.populations = {given("input", input_count, spikes), neurons_of_all_kinds()};
    const Distribution step = Distribution::constant(dt);
    connect(network, "input", "n", AllToAll{}, Distribution::list(drawn(input_count, layer.w_in, 500.0)),
            step);
    connect(network, "n", "n", AllToAll{}, Distribution::list(drawn(neuron_count, layer.w_rec, 200.0)), step);
  }

  /// lif_exp with one synaptic time constant each; as a layer, potentials from rest and pA as currents.
  PopulationDescription neurons_of_all_kinds() {
    std::vector<double> tau_m, tau_syn, V_th, V_reset, t_ref;
    for (std::size_t n = 0; n < neuron_count; ++n) {
      tau_m.push_back(5.0 + 20.0 * random.uniform());
      tau_syn.push_back(1.0 + 8.0 * random.uniform());
      V_th.push_back(4.0 + 4.0 * random.uniform());
      V_reset.push_back(-2.0 * random.uniform());
      t_ref.push_back(dt * static_cast<double>(n % 5));
      const double m = 1.0 / tau_m[n], s = 1.0 / tau_syn[n];
      layer.alpha[n] = std::exp(-dt * s);
      layer.beta[n] = std::exp(-dt * m);
      layer.gain[n] = (layer.beta[n] - layer.alpha[n]) / (250.0 * (s - m));
      layer.threshold[n] = V_th[n];
      layer.reset[n] = V_reset[n];
      layer.refractory[n] = static_cast<std::uint32_t>(n % 5);
    }
    PopulationDescription p = population("n", "lif_exp", neuron_count);
    for (const auto& [name, values] : {std::pair{"tau_m", tau_m},
                                       {"tau_syn_ex", tau_syn},
                                       {"tau_syn_in", tau_syn},
                                       {"V_th", V_th},
                                       {"V_reset", V_reset},
                                       {"t_ref", t_ref}})
      p.parameters.insert_or_assign(name, Distribution::list(values));
    p.parameters.insert_or_assign("E_L", Distribution::constant(0.0));
    p.parameters.insert_or_assign("V_m", Distribution::constant(0.0));
    return p;
  }

  /// Weights in pA, the same for both: whole halves, so that nothing has to be rounded.
  std::vector<double> drawn(std::size_t rows, std::vector<double>& w, double largest) {
    std::vector<double> list;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t n = 0; n < neuron_count; ++n) {
        list.push_back(std::floor(2.0 * largest * (random.uniform() - 0.4)));
        w[i * layer.stride + n] = list.back();
      }
    return list;
  }

  SurrogateLayer<double> layer;
  SpikeRaster input;
  NetworkDescription network;
  RandomSequence random;
};

}  // namespace

TEST_CASE("a layer's spikes are those of the engine on the same grid") {
  std::size_t spikes = 0;
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    const Twice twice(seed);
    Executor executor;
    const Network network = build(twice.network, executor);
    SerialEngine engine(network, catalogue());
    SpikeMemory memory;
    engine.add_recorder(memory);
    engine.run(static_cast<double>(step_count - 1) * dt);
    SpikeTrain expected = memory.spikes();
    std::erase_if(expected, [](const Spike& spike) { return spike.neuron < input_count; });
    SurrogateTape<double> tape;
    forward(twice.layer, twice.input, tape);
    SpikeTrain got;
    for (std::size_t t = 0; t < step_count; ++t)
      for (const std::uint32_t n : tape.spikes.at(t))
        got.push_back({static_cast<double>(t) * dt, n + static_cast<std::uint32_t>(input_count)});
    CHECK(got == expected);
    spikes += got.size();
  }
  CHECK(spikes > 2000);
}

}  // namespace flurry
