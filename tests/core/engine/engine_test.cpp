// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

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

struct Run {
  explicit Run(const NetworkDescription& description, double until)
      : network(build(description, executor)), simulation(network, catalogue(), executor) {
    simulation.add_recorder(memory);
    simulation.run(until);
  }
  Executor executor;
  Network network;
  SpikeMemory memory;
  Simulation simulation;
};

}  // namespace

TEST_CASE("a neuron under constant drive fires at tau ln(...) to 1e-12 for a million milliseconds") {
  for (const std::string model : {"lif", "lif_exp", "lif_alpha"}) {
    CAPTURE(model);
    NetworkDescription network;
    PopulationDescription p = population("n", model, 1);
    set(p, "tau_m", 17.3);
    set(p, "C_m", 250.0);
    set(p, "I_e", 260.0);
    set(p, "t_ref", 2.3);
    network.populations.push_back(p);
    Run run(network, 1e6);
    const long double drive = 260.0L * 17.3L / 250.0L;  // V_inf - E_L
    const long double interval = 17.3L * logl(drive / (drive - 15.0L));
    const auto& spikes = run.memory.spikes();
    REQUIRE(spikes.size() == static_cast<std::size_t>((1e6L + 2.3L) / (interval + 2.3L)));
    double worst = 0.0;
    for (std::size_t k = 0; k < spikes.size(); ++k) {
      const long double expected = interval + static_cast<long double>(k) * (interval + 2.3L);
      worst = std::max(worst, static_cast<double>(fabsl(spikes[k].time - expected) / expected));
    }
    MESSAGE(model << ": " << spikes.size() << " spikes, largest relative error " << worst);
    CHECK(worst < 1e-12);
  }
}

TEST_CASE("arrivals of one instant are summed before the threshold is tested, whoever sent them") {
  NetworkDescription network;
  network.populations.push_back(given("s", 3, {{1.0, 0}, {1.0, 1}, {2.0, 2}}));
  network.populations.push_back(population("n", "lif", 1));
  // 20 mV and -10 mV at 3 ms sum to 10: no spike, although 20 alone would.
  auto up = projection("s", "n", 20.0, 2.0);
  up.name = "up";
  up.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0}),
                           std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0})};
  auto down = up;
  down.name = "down";
  down.weight = Distribution::constant(-10.0);
  down.rule =
      ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{1}),
                     std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0})};
  auto later = up;
  later.name = "later";
  later.delay = Distribution::constant(2.5);
  later.rule =
      ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{2}),
                     std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0})};
  network.projections = {up, down, later};
  Run run(network, 10.0);
  REQUIRE(run.memory.spikes().size() == 1);
  CHECK(run.memory.spikes()[0].time == 4.5);
  const ActivityCounts counts = run.simulation.counts();
  CHECK(counts.populations[1].arrivals == 3);
  CHECK(counts.populations[1].updates_input == 2);
  CHECK(counts.populations[1].spikes == 1);
}

TEST_CASE("input is lost while refractory and received at the instant refractoriness ends") {
  NetworkDescription network;
  network.populations.push_back(given("s", 1, {{1.0, 0}, {2.5, 0}, {3.0, 0}, {5.0, 0}}));
  PopulationDescription n = population("n", "lif", 1);
  set(n, "t_ref", 2.0);
  network.populations.push_back(n);
  network.projections.push_back(projection("s", "n", 16.0, 1.0));
  Run run(network, 20.0);
  // Arrivals at 2 (spike), 3.5 (lost), 4 = 2 + t_ref (spike), 6 (spike).
  REQUIRE(run.memory.spikes().size() == 3);
  CHECK(run.memory.spikes()[1].time == 4.0);
  CHECK(run.simulation.counts().populations[1].arrivals_refractory == 1);
}

TEST_CASE("neurons that nothing reaches are never touched") {
  NetworkDescription network;
  network.populations.push_back(population("driven", "lif_exp", 100));
  network.populations.push_back(population("silent", "lif_exp", 100'000));
  PopulationDescription drive = population("drive", "poisson", 100);
  set(drive, "rate", 1.0);
  network.populations.push_back(drive);
  auto one_to_one = projection("drive", "driven", 500.0, 1.0);
  one_to_one.rule = OneToOne{};
  network.projections.push_back(one_to_one);
  auto speak = projection("silent", "silent", 500.0, 1.0);
  speak.rule = FixedOutDegree{2};
  network.projections.push_back(speak);
  Run run(network, 200.0);
  const ActivityCounts counts = run.simulation.counts();
  CHECK(counts.populations[0].updates_input > 10'000);
  CHECK(counts.populations[0].spikes > 100);
  const PopulationCounts& silent = counts.populations[1];
  CHECK(silent.updates() == 0);
  CHECK(silent.exponentials == 0);
  CHECK(silent.crossing_searches == 0);
  CHECK(silent.arrivals == 0);
  CHECK(silent.queue_pushes == 0);
}

TEST_CASE("silent time is skipped: a spike an hour away costs a window, not an hour") {
  NetworkDescription network;
  network.populations.push_back(given("s", 1, {{1.0, 0}, {3.6e6, 0}}));
  network.populations.push_back(population("n", "lif", 1));
  network.projections.push_back(projection("s", "n", 20.0, 0.5));
  Run run(network, 4e6);
  CHECK(run.memory.spikes().size() == 2);
  CHECK(run.memory.spikes()[1].time == 3'600'000.5);
  CHECK(run.simulation.counts().windows <= 6);
}

TEST_CASE("delays from a microsecond to a minute live in one network") {
  NetworkDescription network;
  network.populations.push_back(given("s", 1, {{1.0, 0}}));
  network.populations.push_back(population("n", "lif", 3));
  auto p = projection("s", "n", 20.0, 1.0);
  p.delay = Distribution::list({0.001, 60'000.0, 17.0});
  network.projections.push_back(p);
  Run run(network, 1e5);
  REQUIRE(run.memory.spikes().size() == 3);
  CHECK(run.memory.spikes()[0].time == 1.0 + 0.001);
  CHECK(run.memory.spikes()[1].time == 18.0);
  CHECK(run.memory.spikes()[2].time == 60'001.0);
  CHECK(run.memory.spikes()[2].neuron == 2);
}

TEST_CASE("a progress callback that says no stops the run, and the time reached is told") {
  NetworkDescription network;
  PopulationDescription drive = population("drive", "poisson", 2'000);
  set(drive, "rate", 5.0);
  network.populations = {population("n", "lif", 2'000), drive};
  auto p = projection("drive", "n", 1.0, 0.1);
  p.rule = OneToOne{};
  network.projections.push_back(p);
  Executor executor;
  const Network built = build(network, executor);
  Simulation simulation(built, catalogue(), executor);
  int calls = 0;
  simulation.run(1e9, [&](double) { return ++calls < 2; });
  CHECK(calls == 2);
  CHECK(simulation.now() > 0.0);
  CHECK(simulation.now() < 1e9);
}

TEST_CASE("the membrane can be looked at without being touched") {
  NetworkDescription network;
  network.populations.push_back(given("s", 1, {{1.0, 0}}));
  network.populations.push_back(population("n", "lif", 1));
  network.projections.push_back(projection("s", "n", 5.0, 1.0));
  Run run(network, 2.0);
  CHECK(run.simulation.potential(1) == -65.0);
  run.simulation.run(12.0);
  CHECK(run.simulation.potential(1) == doctest::Approx(-70.0 + 5.0 * std::exp(-1.0)).epsilon(1e-15));
  CHECK(run.simulation.counts().populations[1].updates() == 1);
  CHECK_THROWS_AS((void)run.simulation.potential(0), UsageError);
  CHECK(run.simulation.memory_bytes() > 0);
}

TEST_CASE("work that fails on a thread reaches the caller as the error it was") {
  for (const std::size_t threads : {1, 3}) {
    ThreadExecutor executor(threads);
    CHECK(executor.lanes() == threads);
    CHECK_THROWS_AS(executor.for_each(10,
                                      [](std::size_t i, std::size_t) {
                                        if (i == 7) throw UsageError("7");
                                      }),
                    UsageError);
  }
  CHECK(ThreadExecutor(0).lanes() >= 1);
}

TEST_CASE("engines refuse unknown models, projections onto sources, and time that runs back") {
  Executor executor;
  NetworkDescription network;
  network.populations = {population("n", "lif_expp", 1)};
  const Network unknown = build(network, executor);
  CHECK_THROWS_WITH_AS(Simulation(unknown, catalogue(), executor), doctest::Contains("lif_exp"), UsageError);
  network.populations = {population("n", "lif", 1), given("s", 1, {})};
  network.projections = {projection("n", "s", 1.0, 1.0)};
  const Network onto_source = build(network, executor);
  CHECK_THROWS_AS(Simulation(onto_source, catalogue(), executor), UsageError);
  CHECK_THROWS_AS(validate(network, catalogue()), UsageError);
  network.projections.clear();
  const Network fine = build(network, executor);
  Simulation simulation(fine, catalogue(), executor);
  simulation.run(5.0);
  CHECK_THROWS_AS(simulation.run(4.0), InternalError);
}

TEST_CASE("descriptions are checked against the catalogue, one clear sentence each") {
  const auto refused = [](NetworkDescription network, const char* words) {
    CHECK_THROWS_WITH_AS(validate(network, catalogue()), doctest::Contains(words), UsageError);
  };
  NetworkDescription network;
  refused(network, "no population");
  network.populations = {population("n", "lif", 0)};
  refused(network, "size 0");
  network.populations = {population("n", "lif", 2), population("n", "lif", 2)};
  refused(network, "twice");
  network.populations = {population("n", "lif", 2)};
  network.populations[0].parameters.emplace("taum", Distribution::constant(1.0));
  refused(network, "did you mean 'tau_m'");
  network.populations[0].parameters.clear();
  network.populations[0].parameters.emplace("tau_m", Distribution::list({1.0}));
  refused(network, "lists 1 values for 2");
  network.populations[0].parameters.clear();
  network.projections = {projection("m", "n", 1.0, 1.0)};
  refused(network, "unknown source population 'm'");
  network.projections = {projection("n", "k", 1.0, 1.0)};
  refused(network, "unknown target population");
  network.projections = {projection("n", "n", 1.0, 0.0)};
  refused(network, "delay of 0 ms");
  network.projections[0].delay = Distribution::normal(1.0, 1.0);
  refused(network, "below 0 ms");
  Executor executor;
  network.projections.clear();
  network.populations[0].parameters.emplace("tau_m", Distribution::constant(-5.0));
  const Network built = build(network, executor);
  CHECK_THROWS_WITH_AS(Simulation(built, catalogue(), executor),
                       doctest::Contains("tau_m of neuron 0 is -5 ms"), UsageError);
}

}  // namespace flurry::testing
