// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/yin_yang.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace flurry {
namespace {

TEST_CASE("Yin-Yang: the figure has its symmetry") {
  CHECK(yin_yang_label(0.75, 0.5) == 2);
  CHECK(yin_yang_label(0.25, 0.5) == 2);
  CHECK(yin_yang_label(0.25, 0.65) == 1);  // around the left dot
  CHECK(yin_yang_label(0.75, 0.35) == 0);  // around the right dot
  CHECK(yin_yang_label(0.5, 0.95) == 1);
  CHECK(yin_yang_label(0.5, 0.05) == 0);
  // Turned by half a circle, yin is yang.
  for (const YinYangSample& s : yin_yang(5, 2000)) {
    const std::uint32_t turned = yin_yang_label(1.0 - s.x, 1.0 - s.y);
    CHECK(turned == (s.label == 2 ? 2 : 1 - s.label));
  }
}

TEST_CASE("Yin-Yang: classes are equally likely, points lie in the disc, seeds differ") {
  const auto samples = yin_yang(1, 6000);
  std::array<int, 3> count{};
  for (const YinYangSample& s : samples) {
    ++count[s.label];
    CHECK(std::hypot(s.x - 0.5, s.y - 0.5) <= 0.5);
    CHECK(yin_yang_label(s.x, s.y) == s.label);
  }
  for (const int c : count) CHECK(std::abs(c - 2000) < 150);
  CHECK(samples[7].x == yin_yang(1, 8)[7].x);
  CHECK(samples[7].x != yin_yang(2, 8)[7].x);
}

TEST_CASE("Yin-Yang: values become spike times") {
  const YinYangSample s{0.25, 0.5, 0};
  const auto spikes = s.spikes(2.0, 30.0);
  CHECK(spikes[0] == Spike{9.5, 0});
  CHECK(spikes[1] == Spike{17.0, 1});
  CHECK(spikes[2] == Spike{24.5, 2});
  CHECK(spikes[3] == Spike{17.0, 3});
  CHECK(spikes[4] == Spike{2.0, 4});
}

}  // namespace
}  // namespace flurry
