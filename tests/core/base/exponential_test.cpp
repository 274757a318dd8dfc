// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/exponential.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

// Distance to the true value in units of the last place of the double nearest to it.
double ulps(double found, long double exact) {
  const double nearest = std::abs(static_cast<double>(exact));
  const double ulp = std::nextafter(nearest, std::numeric_limits<double>::infinity()) - nearest;
  return static_cast<double>(std::abs(static_cast<long double>(found) - exact) /
                             static_cast<long double>(ulp));
}

// Evenly spread, spread over all magnitudes, and hard upon the edges of the reduction.
std::vector<double> arguments() {
  RandomSequence random(1, Purpose::test, 2, 0);
  std::vector<double> xs{-700.0,  -0.5,     -1.0,    -std::numeric_limits<double>::min(),
                         -1e-300, -0x1p-53, -0x1p-52};
  for (int i = 0; i < 400'000; ++i) {
    xs.push_back(-700.0 * random.uniform());
    xs.push_back(-std::exp(std::log(700.0) - 45.0 * random.uniform()));
  }
  for (int k = 0; k < 2019; ++k) {
    double x = -0.5 * k * 0.6931471805599453;
    for (int i = 0; i < 4 && x > -700.0; ++i, x = std::nextafter(x, -1e9)) xs.push_back(x);
  }
  return xs;
}

[[gnu::noinline]] Exponential alone(double x) { return exponential(x); }

[[gnu::noinline]] void in_a_loop(const double* __restrict x, double* __restrict e, double* __restrict em1,
                                 std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    const Exponential both = exponential(x[i]);
    e[i] = both.exp;
    em1[i] = both.expm1;
  }
}

}  // namespace

TEST_CASE("exp and expm1 stay within 2 ulp of long double from -700 to 0") {
  double worst_exp = 0.0;
  double worst_expm1 = 0.0;
  for (const double x : arguments()) {
    const Exponential found = exponential(x);
    const auto exact = static_cast<long double>(x);
    worst_exp = std::max(worst_exp, ulps(found.exp, std::exp(exact)));
    if (x != 0.0) worst_expm1 = std::max(worst_expm1, ulps(found.expm1, std::expm1(exact)));
  }
  MESSAGE("largest error: exp " << worst_exp << " ulp, expm1 " << worst_expm1 << " ulp");
  CHECK(worst_exp <= 2.0);
  CHECK(worst_expm1 <= 2.0);
}

TEST_CASE("0 gives exactly 1 and 0, and whatever lies below -700 gives 0 and -1") {
  for (const double zero : {0.0, -0.0}) {
    CHECK(exponential(zero).exp == 1.0);
    CHECK(exponential(zero).expm1 == 0.0);
  }
  for (const double x : {std::nextafter(-700.0, -1e9), -701.0, -745.2, -1e6, -1e300,
                         -std::numeric_limits<double>::infinity()}) {
    CAPTURE(x);
    CHECK(exponential(x).exp == 0.0);
    CHECK(exponential(x).expm1 == -1.0);
  }
  CHECK(exponential(-700.0).exp > 0.0);
}

TEST_CASE("the results are probabilities: exp in [0, 1], expm1 in [-1, 0]") {
  for (const double x : arguments()) {
    const Exponential found = exponential(x);
    REQUIRE(found.exp >= 0.0);
    REQUIRE(found.exp <= 1.0);
    REQUIRE(found.expm1 >= -1.0);
    REQUIRE(found.expm1 <= 0.0);
  }
}

TEST_CASE("a vectorised loop gives the same bits as one call alone") {
  std::vector<double> xs = arguments();
  for (const double x : {0.0, -0.0, -701.0, -1e300}) xs.push_back(x);
  std::vector<double> e(xs.size());
  std::vector<double> em1(xs.size());
  in_a_loop(xs.data(), e.data(), em1.data(), xs.size());
  std::size_t different = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const Exponential one = alone(xs[i]);
    if (std::bit_cast<std::uint64_t>(one.exp) != std::bit_cast<std::uint64_t>(e[i]) ||
        std::bit_cast<std::uint64_t>(one.expm1) != std::bit_cast<std::uint64_t>(em1[i]))
      ++different;
  }
  CHECK(different == 0);
}

}  // namespace flurry::testing
