// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_input.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "core/engine/count_line.hpp"
#include "core/network/grid_weights.hpp"

namespace flurry::testing {

TEST_CASE("a cell holds the exact sum and number of what was added, whatever its sign and order") {
  RandomSequence random(1, Purpose::test, 4, 0);
  for (const std::uint64_t in_degree : {5, 900, 5000}) {
    const double largest = 3.3;
    const GridWeights weights = grid_weights(largest, in_degree);
    const GridCell cell(weights);
    for (int round = 0; round < 50; ++round) {
      const std::uint32_t count = random.below(static_cast<std::uint32_t>(in_degree) + spare_arrivals);
      std::int64_t content = 0;
      double sum = 0.0;
      for (std::uint32_t i = 0; i < count; ++i) {
        // All of one sign now and then: the largest sums there can be.
        const double uniform = round % 5 == 0 ? 1.0 : round % 5 == 1 ? -1.0 : 2.0 * random.uniform() - 1.0;
        const double weight = std::nearbyint(largest * uniform / weights.quantum) * weights.quantum;
        content += cell.arrival(weight);
        sum += weight;
      }
      CHECK(cell.count(content) == count);
      CHECK(cell.sum(content) == sum);
    }
  }
}

TEST_CASE("cells of a ring are apart, by neuron, channel and grid point, as far as it reaches") {
  GridInput input(37, 2, 13.0, grid_weights(1.0, 10));
  CHECK(input.reach() == 16.0);
  std::set<std::size_t> places;
  for (double step = 100.0; step < 116.0; step += 1.0)
    for (std::uint32_t channel = 0; channel < 2; ++channel)
      for (std::uint32_t n = 0; n < 37; ++n) places.insert(input.place(step, channel) + n);
  CHECK(places.size() == 16 * 2 * 37);
  CHECK(*places.rbegin() * sizeof(std::int64_t) < input.bytes());
  CHECK(input.place(100.0, 0) == input.place(116.0, 0));
  CHECK(input.channel_of(0.5) == 0);
  CHECK(input.channel_of(-0.5) == 1);
  CHECK(GridInput(1, 1, 1e6, grid_weights(1.0, 10)).reach() == GridInput::most_slots);
}

TEST_CASE("a line of counts holds what was counted after it was opened and before it was closed") {
  CountLine line;
  CHECK_FALSE(line.is_open());
  CHECK(line.is_drained(0.0));
  CHECK_FALSE(line.holds(3.0));
  line.open(3, 8, 10.0);
  CHECK(line.is_open());
  CHECK_FALSE(line.is_drained(1000.0));
  CHECK_FALSE(line.holds(10.0));
  CHECK(line.holds(11.0));
  for (double step = 11.0; step < 19.0; step += 1.0) line.at(step)[2] = static_cast<std::uint8_t>(step);
  for (double step = 11.0; step < 19.0; step += 1.0)
    CHECK(line.at(step)[2] == static_cast<std::uint8_t>(step));
  line.close(18.0);
  CHECK_FALSE(line.is_open());
  CHECK(line.holds(18.0));
  CHECK_FALSE(line.holds(19.0));
  CHECK_FALSE(line.is_drained(25.0));
  CHECK(line.is_drained(26.0));
}

}  // namespace flurry::testing
