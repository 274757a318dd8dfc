// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/arrival_columns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

using Row = std::tuple<std::uint32_t, double, double>;  // neuron, ms, weight

// Two constant weights and two lists onto one population.
Network weights() {
  std::vector<Population> populations(1);
  populations[0].description.size = 256;
  std::vector<Projection> projections(4);
  projections[0].weights = 0.1;
  projections[1].weights = -0.5;
  projections[2].weights = std::vector<double>{0.3, -0.7, 0.1};
  projections[3].weights = std::vector<float>{1.0F};
  return {populations, projections, 1};
}

struct ColumnShape {
  std::uint32_t neurons;
  std::uint32_t arrivals;
  std::uint32_t instants;   // different times; 0: all different
  std::uint32_t wide;       // one in so many is not packed; 0: none
  std::uint32_t favourite;  // neuron that gets so many more
};

struct ColumnBatch {
  std::vector<Arrival> wide[2];
  std::vector<PackedArrival> packed[2];
  std::vector<Row> rows;  // what must come out
};

ColumnBatch random_batch(const ColumnShape& shape, const WeightCodes& codes, double start, double length,
                         std::uint64_t seed) {
  RandomSequence random(seed, Purpose::test, 40, shape.arrivals);
  ColumnBatch batch;
  for (std::uint32_t i = 0; i < shape.arrivals + shape.favourite; ++i) {
    const double place = shape.instants == 0
                             ? random.uniform()
                             : static_cast<double>(random.below(shape.instants)) / shape.instants;
    double time = start + place * length;
    if (random.below(50) == 0) time = start;
    if (random.below(50) == 0) time = std::nextafter(start + length, 0.0);
    time = std::min(time, std::nextafter(start + length, 0.0));
    const std::uint32_t neuron = i < shape.arrivals ? random.below(shape.neurons) : 0;
    const std::uint32_t part = random.below(2);
    if (shape.wide > 0 && random.below(shape.wide) == 0) {
      const Arrival arrival{time, random.below(3), static_cast<std::uint16_t>(neuron),
                            WeightCodes::first_list + 2};
      batch.wide[part].push_back(arrival);
      batch.rows.emplace_back(neuron, time, codes.weight(arrival));
    } else {
      const std::uint32_t projection = random.below(2);
      batch.packed[part].emplace_back(time, neuron, codes.packed_code(projection));
      batch.rows.emplace_back(neuron, time, projection == 0 ? 0.1 : -0.5);
    }
  }
  std::sort(batch.rows.begin(), batch.rows.end());
  return batch;
}

BlockArrivals block(const ColumnBatch& batch, const ColumnShape& shape, const WeightCodes& codes,
                    double start, double length) {
  BlockArrivals arrivals;
  for (const auto& part : batch.wide) arrivals.wide.emplace_back(part);
  for (const auto& part : batch.packed) arrivals.packed.emplace_back(part);
  arrivals.codes = &codes;
  arrivals.packed_weights = codes.packed_weights(0);
  arrivals.count = shape.neurons;
  arrivals.start = start;
  arrivals.length = length;
  return arrivals;
}

// All columns, each in its order; ties, which Neuron sums up, by weight.
std::vector<Row> columns_of(ArrivalColumns& columns, double last) {
  std::vector<Row> rows;
  for (std::uint32_t g = 0; g < columns.groups(); ++g) {
    const auto& group = columns.order(g);
    CHECK(group.rows == *std::max_element(group.counts.begin(), group.counts.end()));
    for (std::uint32_t c = 0; c < ArrivalColumns::width; ++c) {
      const std::size_t begin = rows.size();
      for (std::uint32_t row = 0; row <= group.rows; ++row) {
        const double time = group.times[row * ArrivalColumns::width + c];
        if (row >= group.counts[c]) {
          CHECK(time == last);
          continue;
        }
        rows.emplace_back(group.neurons[c], time, group.weights[row * ArrivalColumns::width + c]);
        CHECK((rows.size() - begin == 1 || std::get<1>(rows[rows.size() - 2]) <= time));
      }
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

TEST_CASE("a packed arrival gives back time, neuron and weight to the bit, and sorts by time") {
  RandomSequence random(3, Purpose::test, 41, 0);
  for (const double length : {8.0, 1.0, 0x1p-7, 0x1p-20}) {
    PackedArrival before(16.0 * length, 5, 0);
    for (int i = 0; i < 2000; ++i) {
      const double window = std::floor(std::exp2(4.0 + 30.0 * random.uniform()));
      const double start = window * length;
      double time = start + random.uniform() * length;
      if (i % 7 == 0) time = std::nextafter(start + length, 0.0);
      if (i % 11 == 0 || time >= start + length) time = start;
      const std::uint32_t neuron = random.below(PackedArrival::most_neurons);
      const std::uint32_t code = random.below(PackedArrival::most_codes);
      const PackedArrival arrival(time, neuron, code);
      CHECK(arrival.time(start) == time);
      CHECK(arrival.neuron() == neuron);
      CHECK(arrival.code() == code);
      const double later = std::nextafter(time, 1e300);
      if (later < start + length)
        CHECK((arrival.bits >> 16U) < (PackedArrival(later, neuron, code).bits >> 16U));
    }
  }
}

TEST_CASE("constant weights get short codes in ascending order, lists and single precision none") {
  const Network network = weights();
  const WeightCodes codes(network);
  CHECK(codes.packed_code(1) < codes.packed_code(0));
  CHECK(codes.packed_weights(0)[codes.packed_code(0)] == 0.1);
  CHECK(codes.packed_weights(0)[codes.packed_code(1)] == -0.5);
  CHECK(codes.packed_code(2) == PackedArrival::most_codes);
  CHECK(codes.packed_code(3) == PackedArrival::most_codes);

  std::vector<Projection> many(300);
  for (std::size_t i = 0; i < many.size(); ++i) many[i].weights = -static_cast<double>(i);
  const Network crowded{std::vector<Population>(1), many, 1};
  const WeightCodes crowded_codes(crowded);
  for (std::size_t i = 0; i < many.size(); ++i) {
    const std::uint32_t code = crowded_codes.packed_code(i);
    CHECK(code == std::min<std::size_t>(PackedArrival::most_codes, 299 - i));
    if (code < PackedArrival::most_codes)
      CHECK(crowded_codes.packed_weights(0)[code] == -static_cast<double>(i));
  }
}

TEST_CASE("on a grid lists of weights in double precision are refused beyond the kinds an arrival can name") {
  constexpr std::size_t most = PackedArrival::most_kinds - WeightCodes::first_list;
  std::vector<Projection> many(most + 1);
  many.back().name = "last";
  many[most - 1].weights = std::vector<double>{0.3};
  const TimeUnit tenth(0.1);
  CHECK_NOTHROW(WeightCodes(Network{std::vector<Population>(1), many, 1, tenth}));
  many.back().weights = std::vector<double>{0.3};
  CHECK_NOTHROW(WeightCodes(Network{std::vector<Population>(1), many, 1}));
  CHECK_THROWS_WITH_AS(WeightCodes(Network{std::vector<Population>(1), many, 1, tenth}),
                       "on a grid the first 8190 projections may list weights in double precision; last is "
                       "number 8191",
                       UsageError);
  const auto kind = static_cast<std::uint16_t>(WeightCodes::first_list + most - 1);
  const PackedArrival arrival = PackedArrival::on_grid(127, 4095, 7, kind);
  CHECK(arrival.weight_kind() == kind);
  CHECK(arrival.grid_step() == 127);
  CHECK(arrival.grid_neuron() == PackedArrival::most_neurons_on_grid - 1);
  CHECK(arrival.weight_code() == 7);
}

TEST_CASE("columns come out as std::sort orders them: packed and not, with ties, on the window's edges") {
  const Network network = weights();
  const WeightCodes codes(network);
  const ColumnShape shapes[] = {
      {256, 8, 0, 0, 0},      {256, 30, 0, 0, 0},     {256, 30, 2, 2, 0},    {256, 300, 3, 2, 0},
      {256, 900, 0, 0, 20},   {200, 700, 4, 1, 90},   {256, 4000, 0, 0, 0},  {256, 20'000, 0, 0, 0},
      {256, 4000, 5, 0, 0},   {256, 9000, 0, 3, 0},   {256, 9000, 4, 3, 0},  {256, 9000, 0, 1, 0},
      {200, 5000, 0, 0, 500}, {9, 60, 0, 2, 0},       {8, 40, 0, 0, 0},      {1, 9, 0, 0, 0},
      {1, 1000, 0, 2, 0},     {3, 800, 2, 0, 0},      {1024, 46, 0, 0, 0},   {1024, 46, 1, 2, 0},
      {1024, 3000, 0, 0, 20}, {1000, 5000, 4, 1, 90}, {1024, 9000, 0, 3, 0}, {1021, 20'000, 0, 0, 700}};
  ArrivalColumns columns;  // one for all, so that nothing may be left over from before
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    for (const ColumnShape& shape : shapes)
      for (const double start : {16.0, 17.0, 1023.0, 1e9}) {
        CAPTURE(shape.neurons);
        CAPTURE(shape.arrivals);
        CAPTURE(start);
        const ColumnBatch batch = random_batch(shape, codes, start, 1.0, seed);
        REQUIRE(columns.assign(block(batch, shape, codes, start, 1.0)));
        CHECK(columns_of(columns, std::nextafter(start + 1.0, 0.0)) == batch.rows);
      }
}

TEST_CASE("columns are declined where they cannot or need not be") {
  const Network network = weights();
  const WeightCodes codes(network);
  ArrivalColumns columns;
  const auto taken = [&](const ColumnShape& shape, double start) {
    const ColumnBatch batch = random_batch(shape, codes, start, 1.0, 1);
    return columns.assign(block(batch, shape, codes, start, 1.0));
  };
  CHECK(taken({256, 4000, 0, 1, 0}, 16.0));
  CHECK_FALSE(taken({256, 4000, 0, 1, 0}, 15.0));     // the first windows
  CHECK_FALSE(taken({256, 7, 0, 0, 0}, 16.0));        // a handful
  CHECK_FALSE(taken({256, 4000, 0, 0, 5000}, 16.0));  // one neuron gets far more than the others
  CHECK(taken({256, 4000, 0, 0, 900}, 16.0));
}

}  // namespace flurry::testing
