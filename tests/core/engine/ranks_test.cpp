// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>

#include <doctest/doctest.h>

#include "core/base/collective.hpp"
#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "core/parallel/thread_ranks.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/core/engine/drenched_network.hpp"
#include "tests/core/engine/random_network.hpp"
#include "tests/core/engine/ranks_run.hpp"

namespace flurry::testing::ranks {
namespace {

constexpr double until = 60.0;
#if defined(__SANITIZE_THREAD__)
constexpr std::uint64_t networks = 8;
#elif defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t networks = 16;
#else
constexpr std::uint64_t networks = 80;
#endif

struct Result {
  SpikeTrain spikes;
  std::vector<std::uint64_t> counts;  // that do not depend on who did it
  std::uint64_t fingerprint = 0;
};

std::vector<std::uint64_t> comparable(const ActivityCounts& counts) {
  std::vector<std::uint64_t> result;
  for (const PopulationCounts& population : counts.populations)
    result.insert(result.end(),
                  {population.size, population.spikes, population.arrivals, population.arrivals_refractory,
                   population.updates_input, population.updates_crossing, population.updates_idle});
  for (const ProjectionCounts& projection : counts.projections)
    result.insert(result.end(), {projection.synapses, projection.arrivals, projection.in_flight});
  return result;
}

Result run_alone(const NetworkDescription& description, SimulationOptions options,
                 const std::vector<double>& stops) {
  Executor executor;
  const Network network = build(description, executor);
  Simulation simulation(network, catalogue(), executor, options);
  SpikeMemory memory;
  simulation.add_recorder(memory);
  for (const double stop : stops) simulation.run(stop);
  return {memory.spikes(), comparable(simulation.counts()), simulation.fingerprint()};
}

Result run_on_ranks(const NetworkDescription& description, std::uint32_t ranks, std::size_t threads,
                    SimulationOptions options, const std::vector<double>& stops) {
  const auto kind = threads == 2 ? Partition::Kind::locality : Partition::Kind::round_robin;
  const Partition partition = Partition::of(kind, description, ranks);
  Result result;
  std::mutex mutex;
  run_on_thread_ranks(ranks, [&](Communicator& communicator) {
    ThreadExecutor executor(threads);
    const Share share{partition, communicator};
    const Network network = build(description, executor, {}, share);
    Simulation simulation(network, catalogue(), executor, share, options);
    SpikeMemory memory;
    simulation.add_recorder(memory);
    for (const double stop : stops) simulation.run(stop);
    std::vector<std::uint64_t> counts = comparable(simulation.counts());
    sum_all(communicator, std::span(counts));
    const std::uint64_t fingerprint = simulation.fingerprint();
    const std::lock_guard lock(mutex);
    result.spikes.insert(result.spikes.end(), memory.spikes().begin(), memory.spikes().end());
    result.counts = counts;
    result.fingerprint = fingerprint;
  });
  std::sort(result.spikes.begin(), result.spikes.end());
  return result;
}

NetworkDescription description_of(std::uint64_t seed, bool on_grid) {
  NetworkDescription description = seed % 2 == 0 ? drenched(seed) : RandomNetwork(seed).description();
  if (on_grid) description.resolution = seed % 4 == 0 ? 0.0625 : 0.1;
  return description;
}

void compare(bool on_grid) {
  std::size_t spikes = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    const NetworkDescription description = description_of(seed, on_grid);
    SimulationOptions options{seed % 3 == 0 ? 4U : 256U, 8.0};
    if (seed % 5 < 3) options.on_grid.busy_from = seed % 5 == 0 ? 0.0 : 0.01;
    const std::vector<double> stops = seed % 4 == 0 ? std::vector{20.3, 33.0, until} : std::vector{until};
    const Result alone = run_alone(description, options, stops);
    spikes += alone.spikes.size();
    for (const std::uint32_t ranks : {1U, 2U, 3U, 4U}) {
      CAPTURE(ranks);
      const Result shared = run_on_ranks(description, ranks, 1 + (seed + ranks) % 2, options, stops);
      REQUIRE(shared.spikes == alone.spikes);
      CHECK(shared.counts == alone.counts);
      CHECK(shared.fingerprint == alone.fingerprint);
    }
  }
  MESSAGE(networks << " networks, " << spikes << " spikes");
  CHECK(spikes > 100 * networks);
}

Samples samples_alone(const NetworkDescription& description) {
  Executor executor;
  const Network network = build(description, executor);
  Simulation simulation(network, catalogue(), executor);
  const NeuronSampling sampling(simulation, network);
  simulation.run(until);
  Samples samples;
  sampling.add_to(samples);
  return samples;
}

void compare_legs(bool on_grid) {
  std::size_t spikes = 0;
  std::size_t samples = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    const NetworkDescription description = description_of(seed, on_grid);
    RandomSequence random(seed, Purpose::test, 31, 0);
    std::vector<double> stops{until * random.uniform(), until * random.uniform(), until};
    std::sort(stops.begin(), stops.end());
    std::vector<Leg> legs;
    for (const double stop : stops) legs.push_back({stop, random.below(4) + 1, random.below(2) + 1});
    const Result alone = run_alone(description, {}, {until});
    spikes += alone.spikes.size();
    const bool sampled = seed % 2 == 0;
    const Recording shared = run_in_legs(description, legs, sampled);
    REQUIRE(shared.spikes == alone.spikes);
    if (!sampled) continue;
    const Samples expected = samples_alone(description);
    samples += expected.size() * expected.begin()->second.size();
    REQUIRE(shared.samples == expected);
  }
  MESSAGE(networks << " networks, " << spikes << " spikes, " << samples << " samples");
  CHECK(samples > 100 * networks);
  CHECK(spikes > 100 * networks);
}

}  // namespace

TEST_CASE("ranks go on from the states of any other number of ranks, with and without recorders") {
  compare_legs(false);
  compare_legs(true);
}

TEST_CASE("where one rank fails the others end, and say why") {
  CHECK_THROWS_WITH_AS(run_on_thread_ranks(3,
                                           [](Communicator& communicator) {
                                             if (communicator.rank() == 1) throw UsageError("one is ill");
                                             (void)any_rank(communicator, false);
                                           }),
                       "one is ill", UsageError);
}

TEST_CASE("ranks that share a network give the bits of one, whatever their number and threads") {
  compare(false);
}

TEST_CASE("ranks that share a network on a grid give the bits of one") { compare(true); }

}  // namespace flurry::testing::ranks
