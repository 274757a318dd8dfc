// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_search.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "models/learning/event_prop_path.hpp"

namespace flurry {
namespace {

struct Sought {
  double rate_m = 0.0, rate_syn = 0.0, V = 0.0, I = 0.0;  // threshold 1
};

Sought with_drawn_rates(RandomSequence& random) {
  Sought s;
  s.rate_m = 1.0 / (1.0 + 60.0 * random.uniform());
  s.rate_syn = 1.0 / (1.0 + 30.0 * random.uniform());
  return s;
}

double found(const Sought& s, double horizon) {
  EventPropSearch search;
  search.rate_m[0] = s.rate_m;
  search.rate_syn[0] = s.rate_syn;
  search.threshold[0] = 1.0;
  search.V[0] = s.V;
  search.I[0] = s.I;
  search.horizon[0] = horizon;
  search.solve(1);
  return search.time[0];
}

/// Bisection between the start and the largest potential: V rises all the way, since I > V there.
double bisected(const Sought& s, double horizon) {
  const EventPropPath path{s.rate_m, s.rate_syn, {s.V, s.I}};
  double low = 0.0;
  double high = path.peak_time(horizon);
  if (path.at(high).V < 1.0) return never;
  while (high - low > 1e-14 * high) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (path.at(middle).V < 1.0 ? low : high) = middle;
  }
  return high;
}

void check(const Sought& s, double horizon, std::size_t& crossings) {
  const EventPropPath path{s.rate_m, s.rate_syn, {s.V, s.I}};
  const double expected = bisected(s, horizon);
  const double time = found(s, horizon);
  CAPTURE(s.rate_m);
  CAPTURE(s.rate_syn);
  CAPTURE(s.V);
  CAPTURE(s.I);
  if (std::abs(path.at(path.peak_time(horizon)).V - 1.0) < 1e-9) return;  // grazes: either will do
  REQUIRE((time < never) == (expected < never));
  if (time == never) return;
  ++crossings;
  CHECK(time == doctest::Approx(expected).epsilon(1e-9));
}

}  // namespace

TEST_CASE("EventProp: first crossings are where bisection finds them") {
  RandomSequence random(1, Purpose::test, 0, 0);
  std::size_t crossings = 0;
  for (int i = 0; i < 20000; ++i) {
    Sought s = with_drawn_rates(random);
    s.V = 1.0 - 2.0 * random.uniform();
    s.I = 1.0 + 10.0 * random.uniform() * random.uniform();
    check(s, 50.0 * random.uniform(), crossings);
  }
  CHECK(crossings > 3000);
}

TEST_CASE("EventProp: crossings are found where the Taylor parabola only just touches the threshold") {
  RandomSequence random(2, Purpose::test, 0, 0);
  std::size_t crossings = 0;
  for (int i = 0; i < 20000; ++i) {
    Sought s = with_drawn_rates(random);
    s.V = 0.999 * random.uniform();
    // V'^2 + 2 V'' (1 - V), negative below a certain I.
    const auto square = [&](double I) {
      const double V1 = (I - s.V) * s.rate_m;
      const double V2 = (-s.rate_syn * I - V1) * s.rate_m;
      return V1 * V1 + 2.0 * V2 * (1.0 - s.V);
    };
    double low = 1.0;
    double high = 1000.0;
    if (square(low) > 0.0 || square(high) < 0.0) continue;
    for (int k = 0; k < 200; ++k) {
      const double middle = 0.5 * (low + high);
      (square(middle) < 0.0 ? low : high) = middle;
    }
    s.I = high * (1.0 + std::exp2(-50.0 * random.uniform()));
    check(s, 200.0, crossings);
  }
  CHECK(crossings > 10000);
}

}  // namespace flurry
