// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <numbers>
#include <numeric>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tools/analysis/run_report.hpp"
#include "tools/analysis/spike_comparison.hpp"

namespace flurry {
namespace {

constexpr double duration = 20'000.0;  // ms

NeuronTrains poisson(std::size_t neurons, double rate) {  // kHz
  NeuronTrains trains(neurons);
  for (std::size_t i = 0; i < neurons; ++i) {
    RandomSequence random(5, Purpose::test, 1, i);
    for (double t = -std::log(random.uniform()) / rate; t < duration; t -= std::log(random.uniform()) / rate)
      trains[i].push_back(t);
  }
  return trains;
}

}  // namespace

TEST_CASE("a regular train has CV 0, Fano factor 0 and its own rate") {
  NeuronTrains trains(3);
  for (int k = 0; k < 2000; ++k) trains[1].push_back(10.0 * k + 5.0);
  const SpikeStatistics s = spike_statistics(trains, duration);
  CHECK(s.spikes == 2000);
  CHECK(s.silent == 2);
  CHECK(s.rate_max == doctest::Approx(100.0));
  CHECK(s.rate.mean == doctest::Approx(100.0 / 3.0));
  CHECK(s.rate_median == 0.0);
  CHECK(s.cv->mean == doctest::Approx(0.0).epsilon(1e-9));
  CHECK(s.cv->count == 1);
  CHECK(*s.fano == doctest::Approx(0.0).epsilon(1e-9));
}

TEST_CASE("Poisson trains have CV and Fano factor about 1") {
  const SpikeStatistics s = spike_statistics(poisson(200, 0.02), duration);
  CHECK(s.rate.mean == doctest::Approx(20.0).epsilon(0.02));
  CHECK(s.cv->mean == doctest::Approx(1.0).epsilon(0.02));
  CHECK(*s.fano == doctest::Approx(1.0).epsilon(0.02));
  CHECK(s.rate.sd == doctest::Approx(1.0).epsilon(0.2));  // sqrt(400 spikes) / 20 s
}

TEST_CASE("too few spikes or too short a run have no CV and no Fano factor") {
  CHECK_FALSE(interval_cv(std::vector{1.0, 2.0}));
  CHECK(*interval_cv(std::vector{1.0, 2.0, 4.0}) == doctest::Approx(std::sqrt(0.5) / 1.5));
  CHECK_FALSE(fano_factor({{1.0, 2.0}}, 499.0, 100.0));
  CHECK_FALSE(fano_factor({{}, {}}, 1000.0, 100.0));
  const SpikeStatistics nobody = spike_statistics({}, 0.0);
  CHECK(nobody.neurons == 0);
  CHECK(nobody.rate.mean == 0.0);
}

TEST_CASE("the rate over time integrates to the number of spikes, also with a partial last bin") {
  const NeuronTrains trains = poisson(20, 0.01);
  std::size_t spikes = 0;
  for (const auto& train : trains) spikes += train.size();
  for (const double bin : {1.0, 7.0, 333.0, 1e6}) {
    const std::vector<double> rate = rate_over_time(trains, everyone(trains), duration, bin);
    double sum = 0.0;
    for (std::size_t i = 0; i < rate.size(); ++i)
      sum += rate[i] * std::min(bin, duration - static_cast<double>(i) * bin) * 20.0 / 1e3;
    CHECK(sum == doctest::Approx(static_cast<double>(spikes)));
  }
}

TEST_CASE("bins by parameter hold every neuron once, in order, and find a rate that falls with it") {
  std::vector<double> tau;
  NeuronTrains trains(103);
  for (std::size_t i = 0; i < trains.size(); ++i) {
    tau.push_back(static_cast<double>((i * 37) % 103) + 1.0);
    for (std::size_t k = 0; k < 1 + static_cast<std::size_t>(tau[i]); ++k)
      trains[i].push_back(static_cast<double>(k) + 0.5);
  }
  const std::vector<ParameterBin> bins = bin_by_parameter(tau, trains, 1000.0, 8);
  REQUIRE(bins.size() == 8);
  std::uint64_t neurons = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    neurons += bins[i].rate.count;
    CHECK(bins[i].low <= bins[i].mean);
    CHECK(bins[i].mean <= bins[i].high);
    if (i > 0) CHECK(bins[i].low > bins[i - 1].high);
    if (i > 0) CHECK(bins[i].rate.mean > bins[i - 1].rate.mean);
    CHECK(bins[i].rate.mean == doctest::Approx(bins[i].mean + 1.0));
  }
  CHECK(neurons == 103);
  CHECK(*rank_correlation(tau, rates(trains, 1000.0)) == doctest::Approx(1.0));
  CHECK(bin_by_parameter(std::vector<double>(103, 5.0), trains, 1000.0, 8).empty());
  CHECK_FALSE(rank_correlation(std::vector<double>(103, 5.0), tau));
}

TEST_CASE("neurons of two kinds make two bins") {
  std::vector<double> tau(300, 24.0);
  for (std::size_t i = 0; i < 60; ++i) tau[5 * i] = 7.0;
  const std::vector<ParameterBin> bins = bin_by_parameter(tau, NeuronTrains(300), 1000.0, 8);
  REQUIRE(bins.size() == 2);
  CHECK(bins[0].rate.count == 60);
  CHECK(bins[0].high == 7.0);
  CHECK(bins[1].rate.count == 240);
}

TEST_CASE("the correlation time of a sine is a sixth of its period") {
  std::vector<double> rate;
  for (int i = 0; i < 20000; ++i) rate.push_back(5.0 + std::sin(2.0 * std::numbers::pi * i / 240.0));
  CHECK(*correlation_time(rate, 2.0) == doctest::Approx(240.0 * 2.0 / 6.0).epsilon(0.02));
}

TEST_CASE("white noise and a constant have no correlation time") {
  RandomSequence random(9, Purpose::test, 2, 0);
  std::vector<double> noise;
  for (int i = 0; i < 20000; ++i) noise.push_back(random.uniform());
  CHECK_FALSE(correlation_time(noise, 1.0));
  CHECK_FALSE(correlation_time(std::vector<double>(1000, 3.0), 1.0));
}

TEST_CASE("fast and slow quarters are the quarters") {
  NeuronTrains trains(100);
  std::vector<double> tau;
  for (std::size_t i = 0; i < 100; ++i) {
    tau.push_back(static_cast<double>(100 - i));
    trains[i] = {static_cast<double>(i) + 1.0};
  }
  const TemporalProfile profile = *temporal_profile(tau, trains, 1000.0, 10.0);
  CHECK(profile.fast.tau_low == 1.0);
  CHECK(profile.fast.tau_high == 25.0);
  CHECK(profile.slow.tau_low == 76.0);
  CHECK(profile.fast.neurons == 25);
  CHECK(profile.fast.rate == doctest::Approx(1.0));
  CHECK(*profile.fast.first_spike == 88.0);
  CHECK(*profile.slow.first_spike == 13.0);
  CHECK_FALSE(temporal_profile(std::vector<double>(100, 3.0), trains, 1000.0, 10.0));
}

TEST_CASE("an id beyond its population is a mistake in the file, not memory") {
  PopulationSpikes spikes{{1.0, 2.0}, {0, 7}};
  CHECK(trains_of(spikes, 0, "E").size() == 8);
  CHECK_THROWS_AS((void)trains_of(spikes, 7, "E"), FormatError);
  spikes.ids[1] = std::numeric_limits<std::uint64_t>::max() - 1;
  CHECK_THROWS_AS((void)trains_of(spikes, 0, "E"), FormatError);
}

TEST_CASE("bin widths are round and near what is asked") {
  CHECK(round_bin(1000.0, 200.0) == doctest::Approx(5.0));
  CHECK(round_bin(1000.0, 100.0) == doctest::Approx(10.0));
  CHECK(round_bin(300.0, 200.0) == doctest::Approx(2.0));
  CHECK(round_bin(0.0, 200.0) > 0.0);
}

TEST_CASE("equal spikes compare equal whatever their order in the file") {
  SpikeFile a;
  a.populations["E"] = {{1.0, 2.0, 3.0}, {0, 1, 0}};
  SpikeFile b;
  b.populations["E"] = {{1.0, 3.0, 2.0}, {0, 0, 1}};
  const SpikeComparison comparison = compare_spikes(a, b, 0.0);
  CHECK(comparison.equal);
  CHECK(comparison.first_difference.empty());
}

TEST_CASE("the first difference is the earliest, and tolerance is exact at its edge") {
  SpikeFile a;
  a.populations["E"] = {{1.0, 2.0, 8.0}, {0, 1, 0}};
  SpikeFile b = a;
  b.populations["E"].times[2] = 8.5;
  b.populations["E"].times[1] = 2.5;
  const SpikeComparison strict = compare_spikes(a, b, 0.25);
  CHECK_FALSE(strict.equal);
  CHECK(strict.first_difference == "population E, neuron 1, spike 1: at 2 ms in A, at 2.5 ms in B");
  CHECK(strict.populations[0].neurons_different == 2);
  CHECK(strict.populations[0].largest_shift == 0.5);
  CHECK(compare_spikes(a, b, 0.5).equal);
  CHECK_FALSE(compare_spikes(a, b, std::nextafter(0.5, 0.0)).equal);
}

TEST_CASE("one bit of one time, a missing spike, another id and a missing population all differ") {
  SpikeFile a;
  a.populations["E"] = {{1.0, 2.0}, {0, 1}};
  SpikeFile b = a;
  b.populations["E"].times[1] = std::nextafter(2.0, 3.0);
  CHECK_FALSE(compare_spikes(a, b, 0.0).equal);
  b = a;
  b.populations["E"] = {{1.0}, {0}};
  CHECK(compare_spikes(a, b, 1e9).first_difference ==
        "population E, neuron 1, spike 1: at 2 ms in A, missing in B");
  b = a;
  b.populations["E"].ids[1] = 2;
  CHECK_FALSE(compare_spikes(a, b, 1e9).equal);
  b = a;
  b.populations["I"] = {};
  CHECK(compare_spikes(a, b, 0.0).first_difference == "population 'I' is only in B");
}

}  // namespace flurry
