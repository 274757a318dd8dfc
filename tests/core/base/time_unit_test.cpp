// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/time_unit.hpp"

#include <cmath>

#include <doctest/doctest.h>

namespace flurry::testing {

TEST_CASE("in exact time nothing is converted") {
  const TimeUnit unit;
  CHECK_FALSE(unit.on_grid());
  for (const double t : {0.0, 0.1, 12.345, 1e6}) {
    CHECK(unit.to_ms(t) == t);
    CHECK(unit.from_ms(t) == t);
    CHECK(unit.not_after(t) == t);
    CHECK(unit.first_ms_of(t) == t);
    CHECK(unit.nearest(t) == t);
  }
  for (const Dimension d : {Dimension::time, Dimension::rate, Dimension::capacitance, Dimension::voltage})
    CHECK(unit.factor(d) == 1.0);
}

TEST_CASE("times on a grid are whole steps, and come back as the doubles people write") {
  for (const double h : {0.1, 0.01, 0.125, 0.2, 0.3, 1.0, 2.5}) {
    CAPTURE(h);
    const TimeUnit unit(h);
    for (int k = 0; k < 3000; ++k) {
      const double step = k;
      CAPTURE(k);
      CHECK(unit.to_ms(step) == doctest::Approx(step * h));
      CHECK(unit.from_ms(unit.to_ms(step)) == step);
      CHECK(unit.from_ms(step * h) == step);
      CHECK(unit.from_ms((step + 0.01) * h) == step + 1.0);  // within the step: counts at its end
      CHECK(unit.from_ms((step + 0.99) * h) == step + 1.0);
      CHECK(unit.not_after(unit.to_ms(step)) == step);
      CHECK(unit.not_after((step + 0.99) * h) == step);
      CHECK(unit.nearest((step + 0.4) * h) == step);
      const double first = unit.first_ms_of(step);
      CHECK(unit.from_ms(first) >= step);
      CHECK(unit.from_ms(std::nextafter(first, -1e300)) < step);
    }
  }
  CHECK(TimeUnit(0.1).to_ms(3.0) == 0.3);
  CHECK(TimeUnit(0.1).to_ms(147.0) == 14.7);
  CHECK(TimeUnit(0.1).first_ms_of(4.5) == TimeUnit(0.1).first_ms_of(5.0));
  CHECK(std::isinf(TimeUnit(0.1).first_ms_of(INFINITY)));
}

}  // namespace flurry::testing
