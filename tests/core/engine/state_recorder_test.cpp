// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/state_recorder.hpp"

#include <cmath>
#include <deque>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "models/neuron/int_fire1.hpp"
#include "models/neuron/lif.hpp"
#include "models/neuron/lif_alpha.hpp"
#include "models/neuron/lif_exp.hpp"
#include "tests/core/engine/drenched_network.hpp"
#include "tests/core/engine/large_populations.hpp"
#include "tests/core/engine/random_network.hpp"
#include "tests/core/engine/replay.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace state_recorder_test {
namespace {

constexpr double until = 60.0;
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t networks = 10;
#else
constexpr std::uint64_t networks = 120;
#endif

// Some neurons of every population, all variables, at an interval and at odd times.
std::vector<SampleRequest> requests(const Network& network, std::uint64_t seed) {
  RandomSequence random(seed, Purpose::test, 11, 0);
  std::vector<SampleRequest> result;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    const ModelInfo& model = catalogue().info(population.description.model, "");
    if (model.is_source) continue;
    for (const bool listed : {false, true}) {
      SampleRequest request;
      request.population = p;
      for (std::uint32_t n = 0; n < population.size(); ++n)
        if (random.below(3) == 0 || n + 1 == population.size()) request.neurons.push_back(n);
      for (std::uint32_t v = 0; v < model.recordables.size(); ++v) request.variables.push_back(v);
      if (listed) {
        std::vector<double> times;
        for (double t = 0.0; t <= until; t += 3.0 * random.uniform()) times.push_back(t);
        request.times = SampleTimes::at(std::move(times));
      } else {
        const double intervals[] = {0.1, 0.5, 1.7, 0.0625};
        request.times = SampleTimes::every(intervals[random.below(4)], 0.3 * random.below(3));
      }
      result.push_back(std::move(request));
    }
  }
  return result;
}

struct Recorded {
  SpikeTrain spikes;
  std::vector<std::vector<double>> times;
  std::vector<std::vector<std::vector<double>>> values;  // by request and variable
  bool operator==(const Recorded&) const = default;
};

template <class Engine>
Recorded record(Engine& engine, const std::vector<SampleRequest>& wanted, const std::vector<double>& stops) {
  SpikeMemory spikes;
  std::deque<StateMemory> states;
  engine.add_recorder(spikes);
  for (const SampleRequest& request : wanted)
    engine.add_recorder(request, states.emplace_back(request.variables.size()));
  for (const double stop : stops) engine.run(stop);
  Recorded result{spikes.spikes(), {}, {}};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    result.times.push_back(states[i].times());
    auto& values = result.values.emplace_back();
    for (std::size_t v = 0; v < wanted[i].variables.size(); ++v) values.push_back(states[i].values(v));
  }
  return result;
}

Recorded record_serial(const Network& network, const std::vector<SampleRequest>& wanted) {
  SerialEngine engine(network, catalogue());
  return record(engine, wanted, {until});
}

Recorded record_fast(const Network& network, const std::vector<SampleRequest>& wanted, std::size_t threads,
                     SimulationOptions options, const std::vector<double>& stops) {
  ThreadExecutor executor(threads);
  Simulation simulation(network, catalogue(), executor, options);
  return record(simulation, wanted, stops);
}

struct Difference {
  double largest = 0.0;
  std::size_t samples = 0;
};

template <class Model>
void compare(const Network& network, const Recorded& recorded, std::size_t number,
             const SampleRequest& request, Difference& difference) {
  const Population& population = network.populations()[request.population];
  const ModelInfo& model = catalogue().info(population.description.model, "");
  for (std::size_t i = 0; i < request.neurons.size(); ++i) {
    const std::uint32_t neuron = population.first + request.neurons[i];
    const std::vector<Input> inputs = inputs_of(network, recorded.spikes, neuron);
    std::vector<double> own;
    for (const Spike& spike : recorded.spikes)
      if (spike.neuron == neuron) own.push_back(network.unit().instant(spike.time));
    Replay<Model> replay(network, request.population, request.neurons[i], model);
    const auto& times = recorded.times[number];
    for (std::size_t k = 0; k < times.size(); ++k) {
      replay.run(inputs, own, network.unit().instant(times[k]));
      for (std::uint32_t v = 0; v < request.variables.size(); ++v) {
        const double expected = replay.value(v);
        const double found = recorded.values[number][v][k * request.neurons.size() + i];
        difference.largest =
            std::max(difference.largest, std::abs(found - expected) / (1.0 + std::abs(expected)));
        ++difference.samples;
      }
    }
  }
}

}  // namespace

TEST_CASE("samples equal a replay of all arrivals by the model's own functions") {
  Executor alone;
  Difference difference;
  for (std::uint64_t seed = 1; seed <= networks / 2; ++seed) {
    CAPTURE(seed);
    NetworkDescription description = with_given_spikes(RandomNetwork(seed).description(), seed, until);
    if (seed % 2 == 0) description.resolution = 0.1;
    const Network network = build(description, alone);
    const std::vector<SampleRequest> wanted = requests(network, seed);
    const Recorded recorded = record_fast(network, wanted, 2, {}, {until});
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::string& model = network.populations()[wanted[i].population].description.model;
      if (model == "lif") compare<Lif>(network, recorded, i, wanted[i], difference);
      if (model == "lif_exp") compare<LifExp>(network, recorded, i, wanted[i], difference);
      if (model == "lif_alpha") compare<LifAlpha>(network, recorded, i, wanted[i], difference);
      if (model == "int_fire1") compare<IntFire1>(network, recorded, i, wanted[i], difference);
      REQUIRE(difference.largest < 1e-9);
    }
  }
  MESSAGE(difference.samples << " samples, largest difference " << difference.largest << " of 1 + |value|");
  CHECK(difference.samples > 2'000 * networks);
}

TEST_CASE("a sample at the instant of a spike or an arrival is the state after it") {
  for (const bool on_grid : {false, true}) {
    CAPTURE(on_grid);
    NetworkDescription description;
    PopulationDescription cell;
    cell.name = "cell";
    cell.model = "lif";
    cell.size = 3;  // the last hears nothing
    cell.parameters.emplace("V_reset", Distribution::constant(-65.0));
    PopulationDescription input;
    input.name = "input";
    input.model = "spike_train";
    input.size = 2;
    input.spikes = std::make_shared<const SpikeTrain>(SpikeTrain{{1.0, 0}, {3.0, 0}, {3.0, 1}});
    ProjectionDescription projection;
    projection.name = "input_cell";
    projection.source = "input";
    projection.target = "cell";
    projection.rule = ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::vector{0U, 1U}),
                                     std::make_shared<const std::vector<std::uint32_t>>(std::vector{0U, 1U})};
    projection.weight = Distribution::list({10.0, 20.0});
    projection.delay = Distribution::constant(1.0);
    description.populations = {cell, input};
    description.projections = {projection};
    if (on_grid) description.resolution = 0.5;
    Executor alone;
    const Network network = build(description, alone);
    const std::vector<SampleRequest> wanted{
        {0, {0, 1, 2}, {0}, SampleTimes::at({0.0, 1.75, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0})}};
    const Recorded recorded = record_fast(network, wanted, 1, {}, {until});
    const std::vector<double>& V_m = recorded.values[0][0];
    const auto at = [&](std::size_t time, std::size_t neuron) { return V_m[3 * time + neuron]; };
    CHECK(at(0, 0) == -70.0);
    CHECK(at(1, 0) == -70.0);
    CHECK(at(2, 0) == -60.0);  // the arrival counts
    CHECK(at(3, 0) == doctest::Approx(-70.0 + 10.0 * std::exp(-0.1)).epsilon(1e-15));
    CHECK(at(3, 1) == -70.0);
    CHECK(at(4, 1) == -65.0);  // so does the reset, and it is held
    CHECK(at(5, 1) == -65.0);
    CHECK(at(6, 1) == -65.0);
    CHECK(at(7, 1) == doctest::Approx(-70.0 + 5.0 * std::exp(-0.1)).epsilon(1e-15));
    for (std::size_t time = 0; time < 8; ++time) CHECK(at(time, 2) == -70.0);
    CHECK(record_serial(network, wanted) == recorded);
  }
}

TEST_CASE("sampling begins where the run stands, and what cannot be sampled is refused") {
  NetworkDescription description;
  PopulationDescription cell;
  cell.name = "cell";
  cell.model = "lif_exp";
  cell.size = 600;
  cell.parameters.emplace("V_m", Distribution::constant(-60.0));
  PopulationDescription source;
  source.name = "source";
  source.model = "poisson";
  source.size = 1;
  description.populations = {cell, source};
  Executor alone;
  const Network network = build(description, alone);
  Simulation simulation(network, catalogue(), alone);
  simulation.run(10.0);
  StateMemory memory;
  simulation.add_recorder({0, {0, 299, 599}, {0}, SampleTimes::every(0.25, 0.0, 1000.0)}, memory);
  simulation.run(2000.0);
  REQUIRE(memory.times().size() == 4 * 990 - 1);
  CHECK(memory.times().front() == 10.25);
  CHECK(memory.times().back() == 999.75);
  for (std::size_t i = 0; i < memory.values().size(); ++i)
    CHECK(memory.values()[i] ==
          doctest::Approx(-70.0 + 10.0 * std::exp(-memory.times()[i / 3] / 10.0)).epsilon(1e-14));

  const auto refused = [&](const SampleRequest& request) {
    CHECK_THROWS_AS(simulation.add_recorder(request, memory), UsageError);
  };
  refused({0, {600}, {0}, SampleTimes::every(1.0)});
  refused({0, {1, 1}, {0}, SampleTimes::every(1.0)});
  refused({0, {}, {0}, SampleTimes::every(1.0)});
  refused({0, {0}, {4}, SampleTimes::every(1.0)});
  refused({1, {0}, {0}, SampleTimes::every(1.0)});
  refused({2, {0}, {0}, SampleTimes::every(1.0)});
  CHECK_THROWS_AS((void)SampleTimes::every(0.0), UsageError);
  CHECK_THROWS_AS((void)SampleTimes::every(1.0, -1.0), UsageError);
  CHECK_THROWS_AS((void)SampleTimes::at({1.0, 1.0}), UsageError);
  CHECK_THROWS_AS((void)SampleTimes::at({-1.0}), UsageError);
}

TEST_CASE("multiples of a tenth are the nearest doubles, and are counted without a slip") {
  const SampleTimes times = SampleTimes::every(0.1, 0.0, 100.0);
  CHECK(times[3] == 0.3);
  CHECK(times[999] == 99.9);
  CHECK(times[1000] == never);
  CHECK(times.count_before(100.0) == 1000);
  CHECK(times.count_before(0.3) == 3);
  CHECK(times.count_before(0.30000001) == 4);
  CHECK(times.count_before(0.0) == 0);
  CHECK(SampleTimes::every(0.1).count_before(1e5) == 1'000'000);
  CHECK(SampleTimes::at({1.0, 2.0}).count_before(2.0) == 1);
  CHECK(SampleTimes::at({1.0, 2.0})[2] == never);
}

TEST_CASE("samples are the same bits from both engines, and leave no trace in the spikes") {
  Executor alone;
  std::size_t samples = 0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    NetworkDescription description = seed % 3 == 0 ? drenched(seed) : RandomNetwork(seed).description();
    if (seed % 2 == 0) description.resolution = seed % 4 == 0 ? 0.0625 : 0.1;
    const Network network = build(description, alone);
    const std::vector<SampleRequest> wanted = requests(network, seed);
    const Recorded plain = record_serial(network, {});
    const Recorded reference = record_serial(network, wanted);
    REQUIRE(reference.spikes == plain.spikes);
    for (const auto& of_request : reference.values)
      for (const auto& values : of_request) samples += values.size();
    for (const std::size_t threads : {1, 3}) {
      CAPTURE(threads);
      const bool stops = seed % 5 == 0;
      const Recorded fast = record_fast(
          network, wanted, threads,
          {seed % 7 < 3 ? 256U : 4U, seed % 11 == 0 ? 0.01 : 8.0, {threads == 1 ? 0.0 : 0.05, 4U << 20U}},
          stops ? std::vector<double>{0.0, 0.7, 20.3, 20.35, 33.04, until} : std::vector<double>{until});
      REQUIRE(fast.spikes == plain.spikes);
      REQUIRE(fast.times == reference.times);
      REQUIRE(fast.values == reference.values);
    }
  }
  MESSAGE(networks << " networks, " << samples << " samples");
  CHECK(samples > 2'000 * networks);
}

TEST_CASE("samples from blocks of up to 4096 neurons are those of one neuron after the other") {
  Executor alone;
  for (const bool on_grid : {false, true}) {
    CAPTURE(on_grid);
    const Network network = build(large_populations(on_grid), alone);
    std::vector<SampleRequest> wanted;
    for (const std::uint32_t population : {0U, 2U, 4U})
      wanted.push_back({population, {0, 7, 255, 256, 700, 1023, 1024, 1299}, {0}, SampleTimes::every(0.7)});
    const Recorded reference = record_serial(network, wanted);
    for (const std::uint32_t block : {256U, 4096U})
      CHECK(record_fast(network, wanted, 2, {block, 8.0, {1.0 / 16, 0}}, {21.7, until}) == reference);
  }
}

}  // namespace state_recorder_test
