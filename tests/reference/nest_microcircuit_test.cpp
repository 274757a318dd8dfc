// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// The cortical microcircuit (Potjans & Diesmann 2014) at a tenth of its size: the same network, drawn anew,
// must behave as NEST's.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/reference/nest_network.hpp"
#include "tools/bench/standard_networks.hpp"

namespace flurry::testing {
namespace {

constexpr double settled = 500.0;  // ms of warm-up, then
constexpr double measured = 4000.0;
constexpr double count_bin = 2.0;          // ms, of correlations
constexpr std::size_t correlated = 200;    // neurons at most
constexpr std::size_t enough_spikes = 10;  // for an irregularity
constexpr std::uint64_t seeds = 10;
constexpr std::size_t populations = 8;

constexpr std::array<const char*, 3> statistic_names{"rate_hz", "cv_isi_mean", "corr_2ms_mean"};
using Statistics = std::array<double, 3>;

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}
double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double sum = 0.0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(values.size());
}
double sample_sd_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  return std::sqrt(variance_of(values) * n / (n - 1.0));
}

// Mean pairwise correlation of spike counts.
double correlation_of(const std::vector<std::vector<double>>& trains) {
  constexpr auto bins = static_cast<std::size_t>(measured / count_bin);
  std::vector<std::vector<double>> counts;
  for (const std::vector<double>& train : trains) {
    if (train.empty() || counts.size() == correlated) continue;
    std::vector<double> count(bins, 0.0);
    for (const double time : train)
      count[std::min(bins - 1, static_cast<std::size_t>((time - settled) / count_bin))] += 1.0;
    const double mean = mean_of(count);
    double square = 0.0;
    for (double& value : count) {
      value -= mean;
      square += value * value;
    }
    for (double& value : count) value /= std::sqrt(square);
    counts.push_back(std::move(count));
  }
  // The sum over all pairs is the square of the sum but for the diagonal.
  double square = 0.0;
  for (std::size_t b = 0; b < bins; ++b) {
    double sum = 0.0;
    for (const auto& count : counts) sum += count[b];
    square += sum * sum;
  }
  const auto n = static_cast<double>(counts.size());
  return (square - n) / (n * (n - 1.0));
}

Statistics statistics_of(const std::vector<std::vector<double>>& trains) {
  std::size_t spikes = 0;
  std::vector<double> variations;
  for (const std::vector<double>& train : trains) {
    spikes += train.size();
    if (train.size() < enough_spikes) continue;
    std::vector<double> intervals;
    for (std::size_t i = 1; i < train.size(); ++i) intervals.push_back(train[i] - train[i - 1]);
    variations.push_back(std::sqrt(variance_of(intervals)) / mean_of(intervals));
  }
  return {1e3 * static_cast<double>(spikes) / (measured * static_cast<double>(trains.size())),
          mean_of(variations), correlation_of(trains)};
}

// By population.
std::vector<Statistics> run_once(std::uint64_t seed) {
  NetworkDescription description = microcircuit(0.1);
  description.seed = seed;
  ThreadExecutor executor(2);
  const Network network = build(description, executor);
  Simulation simulation(network, catalogue(), executor);
  SpikeMemory memory;
  simulation.run(settled);
  simulation.add_recorder(memory);
  simulation.run(settled + measured);
  std::vector<Statistics> result;
  for (std::size_t p = 0; p < populations; ++p) {
    const Population& population = network.populations()[p];
    std::vector<std::vector<double>> trains(population.size());
    for (const Spike& spike : memory.spikes())
      if (spike.neuron >= population.first && spike.neuron - population.first < population.size())
        trains[spike.neuron - population.first].push_back(spike.time);
    result.push_back(statistics_of(trains));
  }
  return result;
}

}  // namespace

TEST_CASE("the microcircuit has NEST's rates, irregularity and correlations") {
  const auto files = reference_files("nest", {"microcircuit_0.1.json"});
  if (files.empty()) return;
  const Document reference = read_json(files.front());
  std::vector<std::vector<Statistics>> ours;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) ours.push_back(run_once(seed));
  for (std::size_t s = 0; s < statistic_names.size(); ++s) {
    const std::string name = statistic_names[s];
    std::vector<double> means;
    std::vector<double> spreads;  // relative
    for (std::size_t p = 0; p < populations; ++p) {
      std::vector<double> theirs;
      for (const Document& run : reference.at("runs", "reference").array("runs"))
        theirs.push_back(run.at("populations", name).array(name).at(p).at(name, name).number(name));
      means.push_back(mean_of(theirs));
      spreads.push_back(sample_sd_of(theirs) / means.back());
    }
    // Three seeds may lie close together by chance: no spread is taken as smaller than that of most
    // populations.
    std::vector<double> sorted = spreads;
    std::sort(sorted.begin(), sorted.end());
    const double typical = 0.5 * (sorted[populations / 2 - 1] + sorted[populations / 2]);
    for (std::size_t p = 0; p < populations; ++p) {
      std::vector<double> values;
      for (const auto& run : ours) values.push_back(run[p][s]);
      const double spread = means[p] * std::max(spreads[p], typical);
      const double apart = (mean_of(values) - means[p]) / spread;
      MESSAGE("population " << p << " " << name << ": " << mean_of(values) << " +- " << sample_sd_of(values)
                            << ", NEST " << means[p] << ", " << apart << " times its spread apart");
      CHECK(std::abs(apart) < 3.0);
    }
  }
}

}  // namespace flurry::testing
