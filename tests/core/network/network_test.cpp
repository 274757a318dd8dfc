// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/network.hpp"

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry::testing {
namespace {

Population population(const std::string& name, std::uint32_t size) {
  PopulationDescription p;
  p.name = name;
  p.model = "lif";
  p.size = size;
  return {p};
}

Projection projection(std::uint32_t synapses, double smallest, double largest) {
  Projection p;
  p.rows = {0, synapses};
  p.targets.assign(synapses, 0);
  p.weights = 1.0;
  p.delays = smallest;
  p.smallest_delay = smallest;
  p.largest_delay = largest;
  return p;
}

}  // namespace

TEST_CASE("neurons are numbered through all populations, and every number leads back to its own") {
  const Network network({population("a", 3), population("b", 1), population("c", 4)}, {}, 7);
  CHECK(network.size() == 8);
  CHECK(network.seed() == 7);
  const std::uint32_t expected[] = {0, 0, 0, 1, 2, 2, 2, 2};
  for (std::uint32_t neuron = 0; neuron < 8; ++neuron) {
    CAPTURE(neuron);
    CHECK(network.population_of(neuron) == expected[neuron]);
    const Population& p = network.populations()[expected[neuron]];
    CHECK(p.index == expected[neuron]);
    CHECK(neuron >= p.first);
    CHECK(neuron - p.first < p.size());
  }
  CHECK_THROWS_AS((void)network.population_of(8), InternalError);
  CHECK_THROWS_AS((void)Network({}, {}, 1).population_of(0), InternalError);
}

TEST_CASE("a population is found by name, or the nearest name is told") {
  const Network network({population("exc", 3), population("inh", 1)}, {}, 1);
  CHECK(network.find_population("exc") == 0);
  CHECK(network.find_population("inh") == 1);
  CHECK_THROWS_WITH_AS((void)network.find_population("ihn"), doctest::Contains("did you mean 'inh'?"),
                       UsageError);
  CHECK_THROWS_AS((void)network.find_population(""), UsageError);
}

TEST_CASE("more neurons than 32 bits can number are refused, as many as they can are not") {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  const Network full({population("a", most - 5), population("b", 5)}, {}, 1);
  CHECK(full.size() == most);
  CHECK(full.population_of(most - 1) == 1);
  CHECK_THROWS_WITH_AS(Network({population("a", most - 5), population("b", 6)}, {}, 1),
                       doctest::Contains("4294967296 neurons"), UsageError);
}

TEST_CASE("the delays of a network are those of its synapses; projections without any have none") {
  const Network none({population("a", 1)}, {projection(0, 0.0, 0.0)}, 1);
  CHECK(none.synapses() == 0);
  CHECK(none.smallest_delay() == std::numeric_limits<double>::infinity());
  CHECK(none.largest_delay() == 0.0);
  const Network some({population("a", 1)},
                     {projection(2, 1.5, 4.0), projection(0, 0.0, 0.0), projection(3, 2.0, 9.0)}, 1);
  CHECK(some.synapses() == 5);
  CHECK(some.smallest_delay() == 1.5);
  CHECK(some.largest_delay() == 9.0);
}

TEST_CASE("synapse values take 0, 4 or 8 bytes each and are read in double precision") {
  CHECK(bytes_of(0.1) == 0);
  CHECK(bytes_of(std::vector<float>{0.1F}) == 4);
  CHECK(bytes_of(std::vector<double>{0.1}) == 8);
  CHECK(value_of(0.1, 5) == 0.1);
  CHECK(value_of(std::vector<float>{0.5F, 0.1F}, 1) == static_cast<double>(0.1F));
  CHECK(value_of(std::vector<double>{0.5, 0.1}, 1) == 0.1);
}

}  // namespace flurry::testing
