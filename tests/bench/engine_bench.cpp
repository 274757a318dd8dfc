// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Whole simulations, timed: see README.md beside this file for what is measured and what it gave.
#include <chrono>

#include <benchmark/benchmark.h>

#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/bench/standard_networks.hpp"

namespace flurry::bench {
namespace {

constexpr double warm_up = 100.0;  // ms
constexpr double measured = 300.0;

void simulate(benchmark::State& state, const NetworkDescription& description) {
  ThreadExecutor executor(static_cast<std::size_t>(state.range(0)));
  const Network network = build(description, executor);
  for ([[maybe_unused]] auto _ : state) {
    Simulation simulation(network, catalogue(), executor);
    simulation.run(warm_up);
    const ActivityCounts before = simulation.counts();
    const auto start = std::chrono::steady_clock::now();
    simulation.run(warm_up + measured);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(seconds.count());
    const ActivityCounts after = simulation.counts();
    const double events = static_cast<double>(after.total(&PopulationCounts::arrivals)) -
                          static_cast<double>(before.total(&PopulationCounts::arrivals));
    double spikes = 0.0;
    double neurons = 0.0;
    for (std::size_t p = 0; p < after.populations.size(); ++p) {
      if (after.populations[p].is_source) continue;
      spikes += static_cast<double>(after.populations[p].spikes - before.populations[p].spikes);
      neurons += static_cast<double>(after.populations[p].size);
    }
    state.counters["events"] = events;
    state.counters["ns_per_event"] = seconds.count() * 1e9 / events;
    state.counters["rate_Hz"] = spikes / neurons / (measured * 1e-3);
    state.counters["searches_per_event"] =
        static_cast<double>(after.total(&PopulationCounts::crossing_searches) -
                            before.total(&PopulationCounts::crossing_searches)) /
        events;
  }
}

void balanced_delta_exact(benchmark::State& state) { simulate(state, balanced_exact(Synapses::delta)); }
void balanced_exp_exact(benchmark::State& state) { simulate(state, balanced_exact(Synapses::exponential)); }
BENCHMARK(balanced_delta_exact)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kSecond)->Iterations(1);
BENCHMARK(balanced_exp_exact)->Arg(1)->Arg(2)->UseManualTime()->Unit(benchmark::kSecond)->Iterations(1);

void driven_alone(benchmark::State& state) { simulate(state, mostly_silent(0, 1000)); }
void driven_among_a_million(benchmark::State& state) { simulate(state, mostly_silent(999'000, 1000)); }
BENCHMARK(driven_alone)->Arg(1)->UseManualTime()->Unit(benchmark::kSecond)->Iterations(3);
BENCHMARK(driven_among_a_million)->Arg(1)->UseManualTime()->Unit(benchmark::kSecond)->Iterations(3);

// The rows of the balanced network, 15.6 million synapses with individual delays.
void build_balanced(benchmark::State& state) {
  const NetworkDescription network = balanced_exact(Synapses::delta);
  ThreadExecutor executor(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state)
    state.counters["synapses"] = static_cast<double>(build(network, executor).synapses());
}
BENCHMARK(build_balanced)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);

// 10^8 synapses with individual weights and delays.
void build_hundred_million(benchmark::State& state) {
  NetworkDescription network;
  PopulationDescription neurons;
  neurons.name = "N";
  neurons.model = "lif";
  neurons.size = 100'000;
  network.populations.push_back(neurons);
  ProjectionDescription projection;
  projection.name = "NN";
  projection.source = projection.target = "N";
  projection.rule = FixedInDegree{1000};
  projection.weight = Distribution::normal(1.0, 0.1);
  projection.delay = Distribution::uniform(1.0, 5.0);
  network.projections.push_back(projection);
  ThreadExecutor executor(static_cast<std::size_t>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    const Network built = build(network, executor);
    state.counters["synapses"] = static_cast<double>(built.synapses());
    state.counters["bytes_per_synapse"] = static_cast<double>(built.projections()[0].bytes_per_synapse());
  }
}
BENCHMARK(build_hundred_million)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace flurry::bench

BENCHMARK_MAIN();
