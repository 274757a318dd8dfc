// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/grid_weights.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "core/network/network_builder.hpp"

namespace flurry::testing {
namespace {

NetworkDescription two_populations(Distribution weight, std::uint32_t in_degree) {
  NetworkDescription network;
  network.resolution = 0.1;
  for (const char* name : {"a", "b"}) {
    PopulationDescription p;
    p.name = name;
    p.model = "lif";
    p.size = 50;
    network.populations.push_back(p);
  }
  ProjectionDescription p;
  p.name = "a_b";
  p.source = "a";
  p.target = "b";
  p.rule = FixedInDegree{in_degree};
  p.weight = std::move(weight);
  p.delay = Distribution::constant(1.0);
  network.projections.push_back(p);
  return network;
}

bool is_multiple(double weight, double quantum) {
  return std::nearbyint(weight / quantum) == weight / quantum;
}

}  // namespace

TEST_CASE("a sum of one arrival per synapse and their number fit 64 bits, and the sum a double") {
  for (const double largest : {1e-6, 0.1, 1.0, 1024.0, 87.81})
    for (const std::uint64_t in_degree : {0, 1, 100, 1024, 1025, 8191, 60'000}) {
      CAPTURE(largest);
      CAPTURE(in_degree);
      const GridWeights weights = grid_weights(largest, in_degree);
      REQUIRE(weights.most_arrivals >= in_degree + spare_arrivals);
      const double quanta = largest / weights.quantum * weights.most_arrivals;
      CHECK(quanta < 0x1p53);
      CHECK(quanta * (weights.most_arrivals + 1.0) < 0x1p63);
      CHECK(weights.quantum <= largest * 0x1p-30);
    }
  CHECK(grid_weights(1.0, 500).quantum == 0x1p-39);  // 1 is below 2^1
  CHECK(grid_weights(1.0, 1'000'000).most_arrivals == 0);
  CHECK(grid_weights(0.0, 10).quantum > 0.0);
}

TEST_CASE(
    "on a grid weights are rounded to whole quanta, by less than half a one, and in-degrees are known") {
  Executor alone;
  for (const Distribution& weight :
       {Distribution::constant(0.1), Distribution::normal(0.1, 0.05), Distribution::lognormal(87.8, 8.0)}) {
    const Network network = build(two_populations(weight, 30), alone);
    NetworkDescription exact = two_populations(weight, 30);
    exact.resolution.reset();
    const Network given = build(exact, alone);
    const GridWeights& grid = network.grid_weights(1);
    CHECK(network.projections()[0].largest_in_degree == 30);
    for (std::uint64_t j = 0; j < network.projections()[0].synapses(); ++j) {
      const double rounded = value_of(network.projections()[0].weights, j);
      CHECK(is_multiple(rounded, grid.quantum));
      CHECK(std::abs(rounded - value_of(given.projections()[0].weights, j)) <= 0.5 * grid.quantum);
    }
  }
}

TEST_CASE("sums of rounded weights do not depend on their order") {
  Executor alone;
  const Network network = build(two_populations(Distribution::normal(0.0, 3.7), 40), alone);
  const auto& weights = std::get<std::vector<float>>(network.projections()[0].weights);
  std::vector<double> order(weights.begin(), weights.end());
  RandomSequence random(1, Purpose::test, 3, 0);
  const auto sum = [&] {
    double total = 0.0;
    for (const double weight : order) total += weight;
    return total;
  };
  const double first = sum();
  for (int i = 0; i < 20; ++i) {
    std::shuffle(order.begin(), order.end(), random);
    CHECK(sum() == first);
  }
}

}  // namespace flurry::testing
