// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/core/engine/drenched_network.hpp"
#include "tests/core/engine/large_populations.hpp"
#include "tests/core/engine/random_network.hpp"

namespace flurry::testing {
namespace {

constexpr double until = 60.0;
// Sanitizers are slow, and see a race or a wrong access in a few networks as in many.
#if defined(__SANITIZE_THREAD__)
constexpr std::uint64_t networks = 30;
constexpr std::uint64_t drenched_networks = 10;
#elif defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t networks = 60;
constexpr std::uint64_t drenched_networks = 20;
#else
constexpr std::uint64_t networks = 240;
constexpr std::uint64_t drenched_networks = 80;
#endif

#if defined(__SANITIZE_THREAD__)
constexpr bool only_threads = true;
#else
constexpr bool only_threads = false;
#endif

struct Result {
  SpikeTrain spikes;
  ActivityCounts counts;
};

Result run_serial(const Network& network) {
  SerialEngine engine(network, catalogue());
  SpikeMemory memory;
  engine.add_recorder(memory);
  engine.run(until);
  return {memory.spikes(), engine.counts()};
}

Result run_fast(const Network& network, Executor& executor, SimulationOptions options,
                const std::vector<double>& stops = {until}) {
  Simulation simulation(network, catalogue(), executor, options);
  SpikeMemory memory;
  simulation.add_recorder(memory);
  for (const double stop : stops) simulation.run(stop);
  return {memory.spikes(), simulation.counts()};
}

void check_same_counts(const ActivityCounts& a, const ActivityCounts& b) {
  REQUIRE(a.populations.size() == b.populations.size());
  for (std::size_t i = 0; i < a.populations.size(); ++i) {
    CHECK(a.populations[i].spikes == b.populations[i].spikes);
    CHECK(a.populations[i].arrivals == b.populations[i].arrivals);
    CHECK(a.populations[i].arrivals_refractory == b.populations[i].arrivals_refractory);
    CHECK(a.populations[i].updates_input == b.populations[i].updates_input);
    CHECK(a.populations[i].updates_crossing == b.populations[i].updates_crossing);
    CHECK(a.populations[i].updates_idle == 0);
  }
  for (std::size_t i = 0; i < a.projections.size(); ++i) {
    CHECK(a.projections[i].arrivals == b.projections[i].arrivals);
    CHECK(a.projections[i].in_flight == b.projections[i].in_flight);
  }
  CHECK(a.total(&PopulationCounts::arrivals) == a.total(&ProjectionCounts::arrivals));
}

}  // namespace

TEST_CASE("both engines give the same bits under dense input, for any threads and block size") {
  Executor alone;
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= drenched_networks; ++seed) {
    CAPTURE(seed);
    const Network network = build(drenched(seed), alone);
    const Result reference = run_serial(network);
    spikes += reference.spikes.size();
    for (const std::size_t threads : {1, 4}) {
      CAPTURE(threads);
      ThreadExecutor executor(threads);
      const Result fast =
          run_fast(network, executor, {std::array{1024U, 256U, 4U}[seed % 3], 8.0},
                   seed % 5 == 0 ? std::vector<double>{20.3, 33.0, until} : std::vector<double>{until});
      REQUIRE(fast.spikes == reference.spikes);
      check_same_counts(fast.counts, reference.counts);
    }
  }
  MESSAGE(drenched_networks << " drenched networks, " << spikes << " spikes");
  CHECK(spikes > 250 * drenched_networks);
}

TEST_CASE("both engines give the same bits on random networks, for any threads and block size") {
  Executor alone;
  std::size_t silent = 0;
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    const RandomNetwork random(seed);
    validate(random.description(), catalogue());
    const Network network = build(random.description(), alone);
    const Result reference = run_serial(network);
    silent += reference.spikes.empty() ? 1 : 0;
    spikes += reference.spikes.size();
    for (const std::size_t threads : {1, 2, 4, 7}) {
      CAPTURE(threads);
      ThreadExecutor executor(threads);
      const Result fast = run_fast(network, executor, {1U << (seed % 7), 8.0});
      REQUIRE(fast.spikes == reference.spikes);
      check_same_counts(fast.counts, reference.counts);
    }
  }
  MESSAGE(networks << " networks, " << spikes << " spikes, " << silent << " networks silent");
  CHECK(6 * silent < networks);
  CHECK(spikes > 420 * networks);
}

TEST_CASE("both engines give the same bits on a grid, stops included") {
  Executor alone;
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= networks / 2; ++seed) {
    CAPTURE(seed);
    NetworkDescription description = seed % 3 == 0 ? drenched(seed) : RandomNetwork(seed).description();
    description.resolution = seed % 4 == 0 ? 0.0625 : 0.1;
    const Network network = build(description, alone);
    const Result reference = run_serial(network);
    spikes += reference.spikes.size();
    for (const Spike& spike : reference.spikes) {
      const double steps = spike.time / *description.resolution;
      CHECK(std::abs(steps - std::round(steps)) < 1e-9);
    }
    // Blocks stepped from the first arrival on, or where they are busy, which some are for a while, or never.
    for (const double busy_from : {0.0, seed % 2 == 0 ? 0.05 : 0.5, 1e300}) {
      CAPTURE(busy_from);
      ThreadExecutor executor(seed % 2 == 0 ? 1 : 3);
      const Result fast = run_fast(
          network, executor, {seed % 2 == 0 ? 0U : 4U, 8.0, {busy_from, seed % 4 < 2 ? 4U << 20U : 0U}},
          seed % 5 == 0 ? std::vector<double>{0.0, 20.3, 20.35, 33.04, until} : std::vector<double>{until});
      REQUIRE(fast.spikes == reference.spikes);
      check_same_counts(fast.counts, reference.counts);
    }
  }
  MESSAGE((networks / 2) << " networks on a grid, " << spikes << " spikes");
  CHECK(spikes > 150 * networks);
}

TEST_CASE("both engines give the same bits in blocks of up to 4096 neurons" * doctest::skip(only_threads)) {
  Executor alone;
  for (const bool on_grid : {false, true}) {
    CAPTURE(on_grid);
    const Network network = build(large_populations(on_grid), alone);
    const Result reference = run_serial(network);
    CHECK(reference.spikes.size() > 1000);
    ThreadExecutor executor(2);
    for (const std::uint32_t block : {0U, 512U, 4096U})
      for (const std::uint64_t rings : {std::uint64_t{0}, std::uint64_t{1} << 30U}) {
        if (!on_grid && rings > 0) continue;
        CAPTURE(block);
        CAPTURE(rings);
        const Result fast = run_fast(network, executor, {block, 8.0, {1.0 / 16, rings}}, {21.7, until});
        REQUIRE(fast.spikes == reference.spikes);
        check_same_counts(fast.counts, reference.counts);
      }
  }
}

TEST_CASE("stopping and going on gives the same bits, wherever the stops fall" *
          doctest::skip(only_threads)) {
  Executor alone;
  for (std::uint64_t seed = 300; seed < 340; ++seed) {
    CAPTURE(seed);
    const RandomNetwork random(seed);
    const Network network = build(random.description(), alone);
    const Result whole = run_fast(network, alone, {});
    const Result parts = run_fast(network, alone, {}, {0.0, 0.7, 13.25, 13.25, 40.0, 59.999, until});
    CHECK(parts.spikes == whole.spikes);
    check_same_counts(parts.counts, whole.counts);
    const Result short_windows = run_fast(network, alone, {16, 0.01});
    CHECK(short_windows.spikes == whole.spikes);
  }
}

TEST_CASE("the order in which connections are given changes nothing" * doctest::skip(only_threads)) {
  Executor alone;
  for (std::uint64_t seed = 400; seed < 430; ++seed) {
    CAPTURE(seed);
    RandomSequence random(seed, Purpose::test, 8, 0);
    NetworkDescription description = RandomNetwork(seed).description();
    // Turn the first projection into a list, once in order and once shuffled, with coinciding delays.
    const Network built = build(description, alone);
    const Projection& projection = built.projections()[0];
    std::vector<std::uint32_t> sources;
    std::vector<double> weights;
    for (std::uint32_t row = 0; row + 1 < projection.rows.size(); ++row)
      for (std::uint64_t j = projection.rows[row]; j < projection.rows[row + 1]; ++j) {
        sources.push_back(row);
        weights.push_back(value_of(projection.weights, j));
      }
    const auto with_order = [&](const std::vector<std::size_t>& order) {
      std::vector<std::uint32_t> s;
      std::vector<std::uint32_t> t;
      std::vector<double> w;
      std::vector<double> d;
      for (const std::size_t i : order) {
        s.push_back(sources[i]);
        t.push_back(projection.targets[i]);
        w.push_back(weights[i]);
        d.push_back(0.5 * static_cast<double>(1 + i % 4));
      }
      ProjectionDescription& listed = description.projections[0];
      listed.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(s),
                                   std::make_shared<const std::vector<std::uint32_t>>(t)};
      listed.weight = Distribution::list(w);
      listed.delay = Distribution::list(d);
      return run_fast(build(description, alone), alone, {}).spikes;
    };
    std::vector<std::size_t> order(sources.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const SpikeTrain in_order = with_order(order);
    std::shuffle(order.begin(), order.end(), random);
    CHECK(with_order(order) == in_order);
  }
}

}  // namespace flurry::testing
