// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/arrival_order.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

using Row = std::tuple<std::uint32_t, double, double>;  // neuron, ms, weight

constexpr std::uint32_t listed = 64;  // weights in the double-precision list

// Projection 0: one weight for all; 1: a list in double precision; 2: a list in single precision.
Network weights_of_every_kind() {
  std::vector<Projection> projections(3);
  projections[0].weights = 0.1;
  std::vector<double> list;
  for (std::uint32_t i = 0; i < listed; ++i) list.push_back(0.1 * (static_cast<double>(i) - 30.0));
  projections[1].weights = list;
  projections[2].weights = std::vector<float>{1.0F};
  return {{}, projections, 1};
}

// Neurons first .. first + count, and the window.
struct Frame {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  double start = 0.0;   // ms
  double length = 1.0;  // ms
};

struct Batch {
  std::vector<std::vector<Arrival>> parts;
  std::vector<Row> rows;  // what must come out
};

struct Shape {
  std::uint32_t neurons;
  std::uint32_t arrivals;
  std::uint32_t parts;
  std::uint32_t instants;  // different times; 0: all different
};

Arrival random_arrival(RandomSequence& random, const Shape& shape, const Frame& frame) {
  const double place = shape.instants == 0
                           ? random.uniform()
                           : static_cast<double>(random.below(shape.instants)) / shape.instants;
  Arrival arrival{frame.start + place * frame.length, 0,
                  static_cast<std::uint16_t>(random.below(shape.neurons)), 0};
  switch (random.below(3)) {
    case 0:
      arrival.weight_code = std::bit_cast<std::uint32_t>(static_cast<float>(random.below(7)) - 3.5F);
      break;
    case 1:
      arrival.weight_kind = WeightCodes::constant;
      break;
    default:
      arrival.weight_kind = WeightCodes::first_list + 1;
      arrival.weight_code = random.below(listed);
      break;
  }
  return arrival;
}

Batch random_batch(RandomSequence& random, const Shape& shape, const WeightCodes& codes, const Frame& frame) {
  Batch batch;
  batch.parts.resize(shape.parts);
  for (std::uint32_t i = 0; i < shape.arrivals; ++i) {
    const Arrival arrival = random_arrival(random, shape, frame);
    batch.parts[random.below(shape.parts)].push_back(arrival);
    batch.rows.emplace_back(frame.first + arrival.neuron, arrival.time, codes.weight(arrival));
  }
  std::sort(batch.rows.begin(), batch.rows.end());
  return batch;
}

std::vector<Row> ordered(OrderedArrivals& order, const Batch& batch, const WeightCodes& codes,
                         const Frame& frame) {
  BlockArrivals arrivals;
  arrivals.wide.assign(batch.parts.begin(), batch.parts.end());
  arrivals.codes = &codes;
  arrivals.first = frame.first;
  arrivals.count = frame.count;
  arrivals.start = frame.start;
  arrivals.length = frame.length;
  order.assign(arrivals);
  std::vector<Row> rows;
  std::uint32_t before = 0;
  for (const OrderedArrivals::Segment& segment : order.segments()) {
    CHECK(segment.begin == rows.size());  // no gaps
    CHECK(segment.end > segment.begin);
    CHECK((rows.empty() || segment.neuron > before));
    before = segment.neuron;
    for (std::uint32_t i = segment.begin; i < segment.end; ++i)
      rows.emplace_back(segment.neuron, order.times()[i], order.weights()[i]);
  }
  return rows;
}

constexpr Shape shapes[] = {
    {256, 0, 3, 0},   {256, 1, 1, 0},      {256, 20, 4, 0},       {256, 127, 2, 5},  {256, 128, 2, 0},
    {256, 129, 2, 3}, {256, 3000, 1, 0},   {256, 30'000, 5, 0},   {256, 9000, 3, 4}, {4, 5000, 3, 0},
    {4, 5000, 3, 1},  {1, 1, 1, 0},        {1, 16, 2, 0},         {1, 17, 2, 0},     {1, 17, 2, 1},
    {1, 2000, 7, 50}, {65'535, 100, 2, 0}, {65'535, 80'000, 2, 9}};

}  // namespace

TEST_CASE("a weight travels in four bytes without loss, whatever its kind") {
  const Network network = weights_of_every_kind();
  const WeightCodes codes(network);
  CHECK(codes.weight({0.0, std::bit_cast<std::uint32_t>(-1.25F), 0, WeightCodes::single}) == -1.25);
  CHECK(codes.weight({0.0, 0, 0, WeightCodes::constant}) == 0.1);
  for (std::uint32_t i = 0; i < listed; ++i)
    CHECK(codes.weight({0.0, i, 0, WeightCodes::first_list + 1}) ==
          value_of(network.projections()[1].weights, i));
}

TEST_CASE("arrivals come out as std::sort orders them, few and many, in parts and with ties") {
  const Network network = weights_of_every_kind();
  const WeightCodes codes(network);
  OrderedArrivals order;  // one for all, so that nothing may be left over from before
  for (std::uint64_t seed = 1; seed <= 5; ++seed)
    for (const Shape& shape : shapes) {
      CAPTURE(shape.neurons);
      CAPTURE(shape.arrivals);
      CAPTURE(shape.instants);
      RandomSequence random(seed, Purpose::test, 34, shape.arrivals);
      const Frame frame{512 * random.below(3), shape.neurons, 0.5 * random.below(1000), 0.5};
      const Batch batch = random_batch(random, shape, codes, frame);
      CHECK(ordered(order, batch, codes, frame) == batch.rows);
    }
}

TEST_CASE("how the arrivals are dealt out to parts leaves no trace") {
  const Network network = weights_of_every_kind();
  const WeightCodes codes(network);
  const Frame frame{0, 64, 3.0, 1.0};
  for (const std::uint32_t count : {10U, 2000U}) {
    RandomSequence random(9, Purpose::test, 35, count);
    Batch batch = random_batch(random, {64, count, 1, 6}, codes, frame);
    std::vector<Arrival> all = batch.parts[0];
    std::reverse(all.begin(), all.end());
    const auto third = static_cast<std::ptrdiff_t>(all.size() / 3);
    batch.parts = {{}, {all.begin() + third, all.end()}, {}, {all.begin(), all.begin() + third}};
    OrderedArrivals order;
    CHECK(ordered(order, batch, codes, frame) == batch.rows);
  }
}

TEST_CASE("the window is a hint for speed only: a wrong one still gives the right order") {
  const Network network = weights_of_every_kind();
  const WeightCodes codes(network);
  const Frame truth{0, 8, 100.0, 4.0};
  RandomSequence random(11, Purpose::test, 36, 0);
  const Batch batch = random_batch(random, {8, 1000, 2, 0}, codes, truth);
  for (const auto& [start, length] : {std::pair{101.0, 1.0}, {0.0, 1.0}, {200.0, 1.0}, {100.0, 4000.0}}) {
    CAPTURE(start);
    OrderedArrivals order;
    CHECK(ordered(order, batch, codes, {0, 8, start, length}) == batch.rows);
  }
}

}  // namespace flurry::testing
