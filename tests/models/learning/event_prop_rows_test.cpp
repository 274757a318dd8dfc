// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "tests/models/learning/event_prop_run.hpp"

namespace flurry {
namespace {

using Run = testing::EventPropRun;

TEST_CASE("EventProp: rows of neurons side by side give the gradients of rows in any order") {
  RandomSequence random(5, Purpose::test, 32, 0);
  constexpr std::uint32_t neurons = 37;
  EventPropNetwork network;
  std::vector<EventPropSynapse> in;
  std::vector<EventPropSynapse> rec;
  for (std::uint32_t n = 0; n < 2 * neurons; ++n) {
    network.tau_m.push_back(5.0 + 25.0 * random.uniform());
    network.tau_syn.push_back(n % 5 == 0 ? network.tau_m[n] : 2.0 + 8.0 * random.uniform());
    network.threshold.push_back(0.7 + 0.5 * random.uniform());
  }
  for (std::uint32_t c = 0; c < 4; ++c)
    for (std::uint32_t n = 0; n < neurons; ++n)
      in.push_back({c, n, 4.0 * random.uniform() - 0.5, 5.0 * random.uniform()});
  for (std::uint32_t from = 0; from < neurons; ++from)
    for (std::uint32_t n = 0; n < neurons; ++n)
      rec.push_back({from, neurons + n, 0.7 * random.uniform() - 0.1, 5.0 * random.uniform()});
  std::vector<Spike> input;
  for (std::uint32_t k = 0; k < 20; ++k) input.push_back({2.0 * k, k % 4});
  network.input = EventPropSynapses::rows(4, in);
  network.recurrent = EventPropSynapses::rows(2 * neurons, rec);
  REQUIRE(EventPropPlan(network, {}).input_row(0).side_by_side);
  REQUIRE(EventPropPlan(network, {}).recurrent_row(0).side_by_side);
  const Run side_by_side(network, input);
  std::reverse(in.begin(), in.end());
  std::reverse(rec.begin(), rec.end());
  network.input = EventPropSynapses::rows(4, in);
  network.recurrent = EventPropSynapses::rows(2 * neurons, rec);
  REQUIRE(!EventPropPlan(network, {}).input_row(0).side_by_side);
  const Run reversed(network, input);
  REQUIRE(side_by_side.tape().spikes == reversed.tape().spikes);
  CHECK(side_by_side.tape().spikes > 4 * neurons);
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b, std::uint32_t row) {
    double largest = 0.0;
    for (const double x : a) largest = std::max(largest, std::abs(x));
    CHECK(largest > 0.0);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t other = row == 0 ? i : i / row * row + row - 1 - i % row;
      CHECK(std::abs(a[i] - b[other]) <= 1e-12 * largest);
    }
  };
  const EventPropGradient& a = side_by_side.gradient;
  const EventPropGradient& b = reversed.gradient;
  same(a.input.weight, b.input.weight, neurons);
  same(a.input.delay, b.input.delay, neurons);
  same(a.recurrent.weight, b.recurrent.weight, neurons);
  same(a.recurrent.delay, b.recurrent.delay, neurons);
  same(a.tau_m, b.tau_m, 0);
  same(a.tau_syn, b.tau_syn, 0);
  same(a.threshold, b.threshold, 0);
  same(side_by_side.workspace.input_by_time, reversed.workspace.input_by_time, 0);
}

}  // namespace
}  // namespace flurry
