// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/window_grid.hpp"

#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {

TEST_CASE("windows are powers of two, no longer than asked for and no shorter than half of it") {
  RandomSequence random(1, Purpose::test, 31, 0);
  for (int i = 0; i < 20'000; ++i) {
    const double longest = std::exp2(40.0 * random.uniform() - 20.0);
    const WindowGrid grid(longest);
    int exponent = 0;
    REQUIRE(std::frexp(grid.length(), &exponent) == 0.5);
    REQUIRE(grid.length() <= longest);
    REQUIRE(2.0 * grid.length() > longest);
  }
  for (int power = -20; power <= 10; ++power) {
    const double exact = std::ldexp(1.0, power);
    CHECK(WindowGrid(exact).length() == exact);
    CHECK(WindowGrid(std::nextafter(exact, 0.0)).length() == exact / 2);
    CHECK(WindowGrid(std::nextafter(exact, 1e9)).length() == exact);
  }
}

TEST_CASE("every time lies in its window, also hard upon the boundaries") {
  RandomSequence random(2, Purpose::test, 31, 0);
  for (int i = 0; i < 100'000; ++i) {
    const WindowGrid grid(std::exp2(14.0 * random.uniform() - 8.0));
    const auto whole = static_cast<double>(random.below(1U << 30U));
    const double boundary = whole * grid.length();
    for (const double t : {boundary, std::nextafter(boundary, 0.0), std::nextafter(boundary, 1e30),
                           (whole + random.uniform()) * grid.length()}) {
      const std::int64_t k = grid.index_of(t);
      REQUIRE(grid.start(k) <= t);
      REQUIRE(t < grid.start(k + 1));
    }
    REQUIRE(grid.index_of(boundary) == static_cast<std::int64_t>(whole));
  }
  CHECK(WindowGrid(0.1).index_of(0.0) == 0);
}

TEST_CASE("what is sent in one window never arrives in it, in rounded arithmetic too") {
  RandomSequence random(3, Purpose::test, 31, 0);
  for (int i = 0; i < 100'000; ++i) {
    const double smallest_delay = std::exp2(14.0 * random.uniform() - 10.0);
    const WindowGrid grid(smallest_delay);
    const double sent = random.below(2) == 0 ? std::exp2(30.0 * random.uniform())
                                             : static_cast<double>(random.below(1U << 30U)) * grid.length();
    REQUIRE(grid.index_of(sent + smallest_delay) > grid.index_of(sent));
  }
}

}  // namespace flurry::testing
