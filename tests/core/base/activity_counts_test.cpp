// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/activity_counts.hpp"

#include <array>
#include <cstdint>

#include <doctest/doctest.h>

namespace flurry::testing {
namespace {

constexpr std::array every_count{
    &Tally::spikes,           &Tally::arrivals,     &Tally::arrivals_refractory, &Tally::updates_input,
    &Tally::updates_crossing, &Tally::updates_idle, &Tally::exponentials,        &Tally::crossing_searches,
    &Tally::queue_pushes,     &Tally::queue_pops,   &Tally::crossings_stale};
static_assert(sizeof(Tally) == every_count.size() * sizeof(std::uint64_t));

Tally numbered(std::uint64_t start) {
  Tally tally;
  for (auto count : every_count) tally.*count = start++;
  return tally;
}

}  // namespace

TEST_CASE("adding tallies adds every single count") {
  Tally sum = numbered(1);
  sum += numbered(1000);
  sum += Tally{};
  std::uint64_t expected = 1001;
  for (auto count : every_count) {
    CHECK(sum.*count == expected);
    expected += 2;
  }
}

TEST_CASE("updates are those by input, by crossing and without cause") {
  Tally tally = numbered(50);
  tally.updates_input = 3;
  tally.updates_crossing = 20;
  tally.updates_idle = 100;
  CHECK(tally.updates() == 123);
}

TEST_CASE("totals go over all populations and all projections") {
  ActivityCounts counts;
  CHECK(counts.total(&PopulationCounts::spikes) == 0);
  CHECK(counts.total(&ProjectionCounts::arrivals) == 0);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    PopulationCounts population;
    population.spikes = i;
    population.size = 10 * i;
    counts.populations.push_back(population);
    ProjectionCounts projection;
    projection.arrivals = 100 * i;
    projection.in_flight = i * i;
    counts.projections.push_back(projection);
  }
  CHECK(counts.total(&PopulationCounts::size) == 60);
  CHECK(counts.populations[1].spikes + counts.total(&ProjectionCounts::in_flight) == 16);
  CHECK(counts.total(&ProjectionCounts::arrivals) == 600);
}

}  // namespace flurry::testing
