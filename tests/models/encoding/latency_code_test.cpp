// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/latency_code.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

using namespace flurry;

TEST_CASE("latency code: brighter pixels first, by the closed form, none at or below the threshold") {
  const std::vector<std::uint8_t> pixels{0, 255, 51, 52, 128, 255};
  const SpikeTrain spikes = latency_spikes(pixels);
  REQUIRE(spikes.size() == 4);  // 51 is 0.2 of 255: at the threshold
  CHECK(spikes[0] == Spike{20.0 * std::log(1.0 / 0.8), 1});
  CHECK(spikes[1] == Spike{spikes[0].time, 5});
  CHECK(spikes[2].neuron == 4);
  CHECK(spikes[2].time == doctest::Approx(20.0 * std::log(128.0 / 77.0)));
  CHECK(spikes[3].neuron == 3);
  CHECK(spikes[3].time == doctest::Approx(20.0 * std::log(52.0)));
}

TEST_CASE("latency code: spikes later than the last time are left out, constants are checked") {
  const std::vector<std::uint8_t> pixels{52, 255};
  CHECK(latency_spikes(pixels, {20.0, 0.2, 79.0}).size() == 1);
  CHECK(latency_spikes(pixels, {20.0, 0.2, 80.0}).size() == 2);
  CHECK_THROWS_AS((void)latency_spikes(pixels, {0.0, 0.2, 100.0}), UsageError);
  CHECK_THROWS_AS((void)latency_spikes(pixels, {20.0, 1.0, 100.0}), UsageError);
  CHECK_THROWS_AS((void)latency_spikes(pixels, {20.0, 0.2, 0.0}), UsageError);
}
