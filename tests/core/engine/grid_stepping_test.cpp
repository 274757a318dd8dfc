// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/core/engine/small_network.hpp"

namespace flurry::testing {
namespace {

// Neurons under steady weak rain and, between 20 and 40 ms and again from 150 to 160 ms, a shower: blocks
// grow busy, quiet, and busy again. With `hail`, hundreds of arrivals meet at every neuron at one grid point.
NetworkDescription showers(const std::string& model, bool hail) {
  const double unit = model == "lif" ? 0.5 : model == "int_fire1" ? 0.03 : 40.0;
  NetworkDescription network;
  network.resolution = 0.1;
  PopulationDescription neurons = population("n", model, 40);
  if (model != "int_fire1") neurons.parameters.emplace("tau_m", Distribution::uniform(5.0, 20.0));
  network.populations.push_back(neurons);
  PopulationDescription rain = population("rain", "poisson", 40);
  rain.parameters.emplace("rate", Distribution::constant(0.6));
  network.populations.push_back(rain);
  for (const double start : {20.0, 150.0}) {
    PopulationDescription shower =
        population("shower" + std::to_string(static_cast<int>(start)), "poisson", 40);
    shower.parameters.emplace("rate", Distribution::constant(30.0));
    shower.parameters.emplace("start", Distribution::constant(start));
    shower.parameters.emplace("stop", Distribution::constant(start == 20.0 ? 40.0 : 160.0));
    network.populations.push_back(shower);
    connect(network, shower.name, "n", OneToOne{}, Distribution::normal(unit, 0.2 * unit),
            Distribution::constant(1.5));
  }
  connect(network, "rain", "n", OneToOne{}, Distribution::constant(unit), Distribution::constant(2.0));
  connect(network, "n", "n", FixedInDegree{10}, Distribution::normal(0.2 * unit, unit),
          Distribution::uniform(1.0, 6.0));
  if (hail) {
    PopulationDescription stones = population("hail", "regular", 300);
    stones.parameters.emplace("interval", Distribution::constant(30.0));
    stones.parameters.emplace("start", Distribution::constant(3.0));
    network.populations.push_back(stones);
    connect(network, "hail", "n", AllToAll{}, Distribution::normal(0.0, 0.1 * unit),
            Distribution::constant(1.0));
  }
  return network;
}

}  // namespace

TEST_CASE("stepped blocks keep columns of state: in a shower, and not when it is over") {
  Executor alone;  // what arrivals take depends on which thread files them
  for (const char* model : {"lif", "lif_exp", "lif_alpha", "int_fire1"})
    for (const std::uint64_t rings : {std::uint64_t{0}, std::uint64_t{1} << 22U}) {
      CAPTURE(model);
      CAPTURE(rings);
      const Network network = build(showers(model, false), alone);
      Simulation simulation(network, catalogue(), alone, {16, 8.0, {0.5, rings}});
      const std::uint64_t at_rest = simulation.memory_bytes();
      std::vector<std::uint64_t> memory;
      for (const double stop : {35.0, 120.0, 155.0}) {
        simulation.run(stop);
        memory.push_back(simulation.memory_bytes());
      }
      CHECK(memory[0] > at_rest + 30'000);
      CHECK(memory[1] < memory[0]);
      CHECK(memory[2] > memory[1]);
    }
}

TEST_CASE("blocks that grow busy and quiet again give the bits of SerialEngine: spikes, counts, potentials") {
  constexpr double end = 230.0;
  for (const char* model : {"lif", "lif_exp", "lif_alpha", "int_fire1"})
    for (const bool hail : {false, true}) {
      CAPTURE(model);
      CAPTURE(hail);
      ThreadExecutor two(2);
      const Network network = build(showers(model, hail), two);
      SerialEngine serial(network, catalogue());
      SpikeMemory expected;
      serial.add_recorder(expected);
      serial.run(end);
      const ActivityCounts reference = serial.counts();
      REQUIRE(expected.spikes().size() > 50);
      for (const std::uint64_t rings : {std::uint64_t{0}, std::uint64_t{1} << 22U}) {
        CAPTURE(rings);
        Simulation simulation(network, catalogue(), two, {16, 8.0, {0.5, rings}});
        Simulation never_stepped(network, catalogue(), two, {16, 8.0, {1e300, rings}});
        SpikeMemory spikes;
        simulation.add_recorder(spikes);
        for (const double stop : {10.0, 35.0, 36.05, 120.0, 155.0, end}) {
          simulation.run(stop);
          never_stepped.run(stop);
          for (std::uint32_t n = 0; n < 40; ++n) CHECK(simulation.potential(n) == never_stepped.potential(n));
          CHECK(simulation.counts().total(&PopulationCounts::arrivals) ==
                simulation.counts().total(&ProjectionCounts::arrivals));
        }
        REQUIRE(spikes.spikes() == expected.spikes());
        const ActivityCounts counts = simulation.counts();
        for (std::size_t p = 0; p < counts.populations.size(); ++p) {
          CHECK(counts.populations[p].spikes == reference.populations[p].spikes);
          CHECK(counts.populations[p].arrivals == reference.populations[p].arrivals);
          CHECK(counts.populations[p].arrivals_refractory == reference.populations[p].arrivals_refractory);
          CHECK(counts.populations[p].updates_input == reference.populations[p].updates_input);
          CHECK(counts.populations[p].updates_crossing == reference.populations[p].updates_crossing);
        }
        for (std::size_t i = 0; i < counts.projections.size(); ++i) {
          CHECK(counts.projections[i].arrivals == reference.projections[i].arrivals);
          CHECK(counts.projections[i].in_flight == reference.projections[i].in_flight);
        }
      }
    }
}

TEST_CASE("sources that drive the first neurons only are counted for no others") {
  constexpr double end = 60.0;
  NetworkDescription network;
  network.resolution = 0.1;
  network.populations.push_back(population("n", "lif_exp", 90));
  PopulationDescription rain = population("rain", "poisson", 20);
  rain.parameters.emplace("rate", Distribution::constant(20.0));
  network.populations.push_back(rain);
  network.populations.push_back(population("others", "lif_exp", 30));
  PopulationDescription hail = population("hail", "poisson", 30);
  hail.parameters.emplace("rate", Distribution::constant(30.0));
  network.populations.push_back(hail);
  std::vector<std::uint32_t> same(20);
  std::iota(same.begin(), same.end(), 0U);
  const auto ends = std::make_shared<const std::vector<std::uint32_t>>(same);
  connect(network, "rain", "n", ConnectionList{ends, ends}, Distribution::constant(60.0),
          Distribution::constant(1.5));
  connect(network, "hail", "others", OneToOne{}, Distribution::constant(40.0), Distribution::constant(1.5));
  connect(network, "others", "n", FixedInDegree{10}, Distribution::normal(20.0, 10.0),
          Distribution::uniform(1.0, 3.0));
  Executor alone;
  const Network built = build(network, alone);
  SerialEngine serial(built, catalogue());
  SpikeMemory expected;
  serial.add_recorder(expected);
  serial.run(end);
  REQUIRE(expected.spikes().size() > 50);
  for (const std::uint32_t block : {16U, 256U})
    for (const std::uint64_t rings : {std::uint64_t{0}, std::uint64_t{1} << 22U}) {
      CAPTURE(block);
      CAPTURE(rings);
      Simulation simulation(built, catalogue(), alone, {block, 8.0, {0.0, rings}});
      SpikeMemory spikes;
      simulation.add_recorder(spikes);
      simulation.run(end);
      CHECK(spikes.spikes() == expected.spikes());
      CHECK(simulation.counts().total(&PopulationCounts::arrivals) ==
            simulation.counts().total(&ProjectionCounts::arrivals));
    }
}

TEST_CASE("a source has no membrane, stepped neighbours or not") {
  Executor alone;
  const Network network = build(showers("lif", false), alone);
  const Simulation simulation(network, catalogue(), alone);
  CHECK_THROWS_AS((void)simulation.potential(40), UsageError);
}

}  // namespace flurry::testing
