// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/sources.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {
namespace {

std::vector<double> spikes_of(const PopulationDescription& description, std::uint32_t element, double until,
                              std::uint64_t seed = 1) {
  const auto sources = catalogue().find_sources(description.model)->make({description}, seed);
  std::vector<double> times;
  for (double time = sources->next(element); time < until; time = sources->next(element))
    times.push_back(time);
  return times;
}

PopulationDescription population(const std::string& model, std::uint32_t size = 1) {
  PopulationDescription p;
  p.name = "s";
  p.model = model;
  p.size = size;
  return p;
}

}  // namespace

TEST_CASE("a Poisson source has exponential intervals of the right mean and spread") {
  auto p = population("poisson");
  p.parameters.emplace("rate", Distribution::constant(0.2));  // 200 Hz
  const auto times = spikes_of(p, 0, 200'000.0);
  const double n = static_cast<double>(times.size());
  CHECK(std::abs(n - 40'000.0) < 5.0 * 200.0);
  double squares = 0.0;
  double last = 0.0;
  double shorter_than_median = 0.0;
  for (const double t : times) {
    squares += (t - last) * (t - last);
    shorter_than_median += t - last < 5.0 * std::log(2.0) ? 1.0 : 0.0;
    last = t;
  }
  CHECK(squares / n == doctest::Approx(50.0).epsilon(0.05));  // 2 mean^2
  CHECK(shorter_than_median / n == doctest::Approx(0.5).epsilon(0.02));
}

TEST_CASE(
    "elements, populations and seeds have their own Poisson spikes; the same asked twice are the same") {
  auto p = population("poisson", 3);
  p.parameters.emplace("rate", Distribution::constant(0.1));
  CHECK(spikes_of(p, 0, 1000.0) == spikes_of(p, 0, 1000.0));
  CHECK(spikes_of(p, 0, 1000.0) != spikes_of(p, 1, 1000.0));
  CHECK(spikes_of(p, 0, 1000.0, 1) != spikes_of(p, 0, 1000.0, 2));
}

TEST_CASE("Poisson spikes drawn many at once are those drawn one by one, wherever windows end") {
  auto p = population("poisson", 150);
  std::vector<double> rates;
  std::vector<double> starts;
  std::vector<double> stops;
  for (std::uint32_t i = 0; i < 150; ++i) {
    rates.push_back(i == 7 ? 0.0 : std::exp2(static_cast<double>(i % 20) - 12.5) * (1.0 + 0.01 * i));
    starts.push_back(i % 3 == 0 ? 0.37 * i : 0.0);
    stops.push_back(i % 4 == 0 ? 150.0 + 0.73 * i : 1e9);
  }
  p.parameters.emplace("rate", Distribution::list(rates));
  p.parameters.emplace("start", Distribution::list(starts));
  p.parameters.emplace("stop", Distribution::list(stops));
  const double until = 200.0;
  for (const double window : {0.0625, 1.0, 1.37, 64.0, 200.0}) {
    CAPTURE(window);
    const auto sources = catalogue().find_sources("poisson")->make({p}, 5);
    std::vector<std::vector<double>> found(150);
    Tally tally;
    std::uint64_t emitted = 0;
    std::vector<double> earliest(3, -1.0);
    for (double end = window; end <= until; end += window)
      for (std::uint32_t block = 0; block < 3; ++block) {
        if (earliest[block] >= end) continue;
        std::vector<Spike> spikes;
        earliest[block] = sources->emit_block(50 * block, 50, end, spikes, tally);
        CHECK(earliest[block] >= end);
        emitted += spikes.size();
        for (const Spike& spike : spikes) {
          CHECK(spike.time < end);
          CHECK(spike.time >= end - window);
          found.at(spike.neuron).push_back(spike.time);
        }
        for (std::size_t i = 2; i < spikes.size(); ++i)  // spikes of one element side by side
          CHECK(spikes[i].neuron >= spikes[i - 1].neuron);
      }
    CHECK(tally.spikes == emitted);
    const double last = window * std::floor(until / window);
    for (std::uint32_t i = 0; i < 150; ++i) {
      CAPTURE(i);
      std::sort(found[i].begin(), found[i].end());
      CHECK(found[i] == spikes_of(p, i, last, 5));
      if (i == 11) CHECK(!found[i].empty());
    }
  }
}

TEST_CASE("counts of a Poisson source in disjoint intervals have the variance of their mean") {
  auto p = population("poisson", 4);
  p.parameters.emplace("rate", Distribution::list({0.9, 1.3, 3.9, 20.0}));
  for (std::uint32_t element = 0; element < 4; ++element) {
    const double rate = std::vector<double>{0.9, 1.3, 3.9, 20.0}[element];
    std::vector<double> counts(4000, 0.0);  // of 3.3 ms each, which no slot divides
    for (const double t : spikes_of(p, element, 3.3 * 4000.0, 3))
      counts.at(static_cast<std::size_t>(t / 3.3)) += 1.0;
    double mean = 0.0;
    for (const double c : counts) mean += c / 4000.0;
    double variance = 0.0;
    for (const double c : counts) variance += (c - mean) * (c - mean) / 3999.0;
    CHECK(mean == doctest::Approx(3.3 * rate).epsilon(5.0 / std::sqrt(3.3 * rate * 4000.0)));
    CHECK(variance / mean == doctest::Approx(1.0).epsilon(5.0 * std::sqrt(2.0 / 4000.0)));
  }
}

TEST_CASE("a piecewise rate is followed step by step, silence included") {
  auto p = population("poisson");
  p.parameters.emplace("rate", Distribution::constant(0.05));
  p.tables["profile"] = {{1000.0, 0.5}, {2000.0, 0.0}, {3000.0, 1.0}};
  p.parameters.emplace("stop", Distribution::constant(5000.0));
  const auto times = spikes_of(p, 0, 1e9);
  std::vector<double> per_second(6, 0.0);
  for (const double t : times) per_second.at(static_cast<std::size_t>(t / 1000.0)) += 1.0;
  CHECK(std::abs(per_second[0] - 50.0) < 40.0);
  CHECK(std::abs(per_second[1] - 500.0) < 5.0 * std::sqrt(500.0));
  CHECK(per_second[2] == 0.0);
  CHECK(std::abs(per_second[3] - 1000.0) < 5.0 * std::sqrt(1000.0));
  CHECK(std::abs(per_second[4] - 1000.0) < 5.0 * std::sqrt(1000.0));
  CHECK(per_second[5] == 0.0);
}

TEST_CASE("a Poisson source of rate 0 never spikes, and start and stop bound the others") {
  CHECK(spikes_of(population("poisson"), 0, 1e12).empty());
  auto p = population("poisson");
  p.parameters.emplace("rate", Distribution::constant(1.0));
  p.parameters.emplace("start", Distribution::constant(50.0));
  p.parameters.emplace("stop", Distribution::constant(80.0));
  const auto times = spikes_of(p, 0, 1e9);
  REQUIRE(times.size() > 10);
  CHECK(times.front() >= 50.0);
  CHECK(times.back() < 80.0);
}

TEST_CASE("a regular source does not drift") {
  auto p = population("regular");
  p.parameters.emplace("interval", Distribution::constant(0.1));
  p.parameters.emplace("start", Distribution::constant(0.3));
  p.parameters.emplace("stop", Distribution::constant(1e5));
  const auto times = spikes_of(p, 0, 1e9);
  REQUIRE(times.size() == 999'997);
  CHECK(times.back() == 0.3 + 999'996.0 * 0.1);
}

TEST_CASE("given spikes come out element by element in order of time, whatever order they came in") {
  for (const char* model : {"spike_train", "recording"}) {
    auto p = population(model, 2);
    p.spikes =
        std::make_shared<const SpikeTrain>(SpikeTrain{{5.0, 1}, {3.0, 0}, {1.0, 1}, {3.0, 1}, {3.0, 1}});
    CHECK(spikes_of(p, 0, 1e9) == std::vector<double>{3.0});
    CHECK(spikes_of(p, 1, 1e9) == std::vector<double>{1.0, 3.0, 3.0, 5.0});
  }
}

TEST_CASE("sources refuse what cannot be") {
  const auto make = [](const PopulationDescription& p) {
    return catalogue().find_sources(p.model)->make({p}, 1);
  };
  CHECK_THROWS_AS(make(population("spike_train")), UsageError);
  auto beyond = population("spike_train", 2);
  beyond.spikes = std::make_shared<const SpikeTrain>(SpikeTrain{{5.0, 2}});
  CHECK_THROWS_AS(make(beyond), UsageError);
  auto early = population("spike_train", 2);
  early.spikes = std::make_shared<const SpikeTrain>(SpikeTrain{{-1.0, 0}});
  CHECK_THROWS_AS(make(early), UsageError);
  auto negative = population("poisson");
  negative.parameters.emplace("rate", Distribution::constant(-1.0));
  CHECK_THROWS_AS(make(negative), UsageError);
  auto unordered = population("poisson");
  unordered.tables["profile"] = {{10.0, 1.0}, {5.0, 1.0}};
  CHECK_THROWS_AS(make(unordered), UsageError);
}

}  // namespace flurry::testing
