// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/engine_state.hpp"

#include <deque>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/core/engine/drenched_network.hpp"
#include "tests/core/engine/random_network.hpp"
#include "tests/core/engine/replay.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace engine_state_test {
namespace {

constexpr double until = 60.0;
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t networks = 12;
#else
constexpr std::uint64_t networks = 200;
#endif

// How one part of a run is done.
struct Way {
  std::size_t threads = 1;
  SimulationOptions options;
};

Way random_way(RandomSequence& random) {
  constexpr double busy_from[] = {0.0, 1.0 / 16, 0.5, 1e300};
  const std::uint64_t rings = random.below(2) == 0 ? 4U << 20U : 0U;
  return {std::size_t{1} << random.below(3),
          {1U << random.below(9), random.below(4) == 0 ? 0.5 : 8.0, {busy_from[random.below(4)], rings}}};
}

struct Recorded {
  SpikeMemory spikes;
  std::deque<StateMemory> states;
};

// All variables of all neurons.
void add_recorders(Simulation& simulation, const Network& network, Recorded& recorded) {
  simulation.add_recorder(recorded.spikes);
  std::size_t number = 0;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    const ModelInfo& model = catalogue().info(population.description.model, "");
    if (model.is_source) continue;
    SampleRequest request;
    request.population = p;
    for (std::uint32_t n = 0; n < population.size(); ++n) request.neurons.push_back(n);
    for (std::uint32_t v = 0; v < model.recordables.size(); ++v) request.variables.push_back(v);
    request.times = SampleTimes::every(0.7, 0.1);
    if (recorded.states.size() == number) recorded.states.emplace_back(request.variables.size());
    simulation.add_recorder(std::move(request), recorded.states[number++]);
  }
}

void check_same(const Network& network, const Recorded& a, const Recorded& b) {
  REQUIRE(a.spikes.spikes() == b.spikes.spikes());
  REQUIRE(a.states.size() == b.states.size());
  std::size_t number = 0;
  for (const Population& population : network.populations()) {
    const ModelInfo& model = catalogue().info(population.description.model, "");
    if (model.is_source) continue;
    REQUIRE(a.states[number].times() == b.states[number].times());
    for (std::size_t v = 0; v < model.recordables.size(); ++v)
      REQUIRE(a.states[number].values(v) == b.states[number].values(v));
    ++number;
  }
}

void check_same_counts(const ActivityCounts& a, const ActivityCounts& b) {
  CHECK(a.duration == b.duration);
  for (std::size_t i = 0; i < a.populations.size(); ++i) {
    CAPTURE(a.populations[i].model);
    CHECK(a.populations[i].spikes == b.populations[i].spikes);
    CHECK(a.populations[i].arrivals == b.populations[i].arrivals);
    CHECK(a.populations[i].arrivals_refractory == b.populations[i].arrivals_refractory);
    CHECK(a.populations[i].updates_input == b.populations[i].updates_input);
    CHECK(a.populations[i].updates_crossing == b.populations[i].updates_crossing);
  }
  for (std::size_t i = 0; i < a.projections.size(); ++i) {
    CHECK(a.projections[i].arrivals == b.projections[i].arrivals);
    CHECK(a.projections[i].in_flight == b.projections[i].in_flight);
  }
}

// From stop to stop, each part by a simulation of its own that goes on from the state of the last.
ActivityCounts run_in_parts(const Network& network, const std::vector<double>& stops, RandomSequence& random,
                            Recorded& recorded) {
  EngineState state;
  ActivityCounts counts;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const Way way = random_way(random);
    ThreadExecutor executor(way.threads);
    Simulation simulation(network, catalogue(), executor, way.options);
    add_recorders(simulation, network, recorded);
    if (i > 0) simulation.restore(state);
    simulation.run(stops[i]);
    REQUIRE(simulation.saved_from() == stops[i]);
    state = simulation.state();
    counts = simulation.counts();
  }
  return counts;
}

void compare(const NetworkDescription& description, std::uint64_t seed, std::size_t& spikes) {
  Executor alone;
  const Network network = build(description, alone);
  RandomSequence random(seed, Purpose::test, 12, 0);
  Recorded whole;
  Simulation simulation(network, catalogue(), alone);
  add_recorders(simulation, network, whole);
  simulation.run(until);
  spikes += whole.spikes.spikes().size();
  std::vector<double> stops;
  for (std::uint32_t i = random.below(5) + 1; i > 0; --i) stops.push_back(until * random.uniform());
  if (random.below(3) == 0) stops.push_back(stops.back());
  if (random.below(3) == 0) stops.push_back(8.0 * random.below(7));  // the edge of a window
  if (random.below(6) == 0) stops.push_back(0.0);
  stops.push_back(until);
  std::sort(stops.begin(), stops.end());
  Recorded parts;
  const ActivityCounts counts = run_in_parts(network, stops, random, parts);
  check_same(network, parts, whole);
  check_same_counts(counts, simulation.counts());
}

}  // namespace

TEST_CASE(
    "a run that goes on from states gives the same bits, whatever the threads and blocks of each part") {
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    NetworkDescription description = seed % 3 == 0 ? drenched(seed) : RandomNetwork(seed).description();
    if (seed % 4 == 0) description = with_given_spikes(std::move(description), seed, until);
    compare(description, seed, spikes);
  }
  MESSAGE(networks << " networks, " << spikes << " spikes");
  CHECK(spikes > 300 * networks);
}

TEST_CASE("on a grid too") {
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    NetworkDescription description = seed % 3 != 0 ? drenched(seed) : RandomNetwork(seed).description();
    description.resolution = seed % 4 == 0 ? 0.0625 : 0.1;
    compare(description, seed, spikes);
  }
  MESSAGE(networks << " networks on a grid, " << spikes << " spikes");
  CHECK(spikes > 300 * networks);
}

TEST_CASE("a Poisson source whose rate follows a profile goes on where it was") {
  NetworkDescription description = drenched(3);
  for (PopulationDescription& population : description.populations)
    if (population.model == "poisson") {
      auto& profile = population.tables["profile"];
      for (int row = 0; row < 20; ++row) profile.push_back({3.0 * row + 0.5, row % 3 == 0 ? 0.0 : 0.4 * row});
    }
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) compare(description, seed, spikes);
  CHECK(spikes > 100);
}

TEST_CASE("a run stopped between two windows can be saved once the largest delay has passed") {
  Executor alone;
  NetworkDescription description = RandomNetwork(8).description();
  const Network network = build(description, alone);
  Simulation whole(network, catalogue(), alone);
  SpikeMemory expected;
  whole.add_recorder(expected);
  Simulation first(network, catalogue(), alone);
  SpikeMemory spikes;
  first.add_recorder(spikes);
  first.run(1e7, [](double) { return false; });
  REQUIRE(first.now() < 1e7);
  CHECK(first.saved_from() > first.now());
  CHECK_THROWS_AS((void)first.state(), InternalError);
  first.run(first.saved_from());
  REQUIRE(first.saved_from() == first.now());
  ThreadExecutor two(2);
  Simulation second(network, catalogue(), two, {16, 8.0});
  second.add_recorder(spikes);
  second.restore(first.state());
  second.run(first.now() + 500.0);
  whole.run(first.now() + 500.0);
  CHECK(spikes.spikes() == expected.spikes());
  CHECK(spikes.spikes().size() > 100);
}

TEST_CASE("the state does not depend on threads and blocks, as far as spikes are concerned") {
  Executor alone;
  for (std::uint64_t seed = 50; seed < 60; ++seed) {
    const Network network = build(RandomNetwork(seed).description(), alone);
    RandomSequence random(seed, Purpose::test, 12, 0);
    std::optional<EngineState> first;
    for (int i = 0; i < 4; ++i) {
      const Way way = random_way(random);
      ThreadExecutor executor(way.threads);
      Simulation simulation(network, catalogue(), executor, way.options);
      simulation.run(31.4);
      EngineState state = simulation.state();
      if (first) CHECK(first->in_flight == state.in_flight);
      if (first) CHECK(first->sent == state.sent);
      if (!first) first = std::move(state);
    }
  }
}

TEST_CASE("a state that does not fit is refused") {
  Executor alone;
  const Network network = build(RandomNetwork(1).description(), alone);
  Simulation simulation(network, catalogue(), alone);
  simulation.run(10.0);
  const EngineState good = simulation.state();
  const auto refused = [&](auto&& change) {
    EngineState state = good;
    change(state);
    Simulation other(network, catalogue(), alone);
    CHECK_THROWS_AS(other.restore(state), FormatError);
  };
  refused([](EngineState& s) { s.populations.pop_back(); });
  refused([](EngineState& s) { s.sent.push_back(0); });
  refused([](EngineState& s) { s.samples.push_back(0); });
  refused([](EngineState& s) { s.done_before = never; });
  refused([&](EngineState& s) { s.in_flight.push_back({1.0, network.size()}); });
  refused([](EngineState& s) { s.in_flight.push_back({-1.0, 0}); });
  refused([](EngineState& s) { s.in_flight.push_back({never, 0}); });
  refused([](EngineState& s) { s.populations[0].values.pop_back(); });
  refused([](EngineState& s) { ++s.populations[0].words; });
  refused([](EngineState& s) { std::swap(s.populations.front(), s.populations.back()); });
}

TEST_CASE("networks that differ in anything that counts have different fingerprints") {
  Executor alone;
  const auto fingerprint = [&](const NetworkDescription& description, std::size_t threads = 1) {
    ThreadExecutor executor(threads);
    const Network network = build(description, executor);
    return Simulation(network, catalogue(), executor).fingerprint();
  };
  const NetworkDescription description = with_given_spikes(drenched(5), 5, until);
  const std::uint64_t own = fingerprint(description);
  CHECK(fingerprint(description, 3) == own);
  const auto differs = [&](auto&& change) {
    NetworkDescription other = description;
    change(other);
    CHECK(fingerprint(other) != own);
  };
  differs([](NetworkDescription& d) { ++d.seed; });
  differs([](NetworkDescription& d) { d.resolution = 0.1; });
  differs([](NetworkDescription& d) { d.projections.pop_back(); });
  differs([](NetworkDescription& d) { d.projections[0].delay = Distribution::constant(1.25); });
  differs([](NetworkDescription& d) { d.projections[0].weight = Distribution::constant(1e-9); });
  for (std::size_t i = 0; i < description.populations.size(); ++i) {
    if (!description.populations[i].spikes) continue;
    differs([i](NetworkDescription& d) {
      auto spikes = std::make_shared<SpikeTrain>(*d.populations[i].spikes);
      spikes->back().time += 1e-9;
      d.populations[i].spikes = spikes;
    });
    break;
  }
}

}  // namespace engine_state_test
