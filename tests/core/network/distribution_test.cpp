// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/distribution.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry::testing {
namespace {

constexpr std::size_t draws = 200'000;
constexpr double unbounded = std::numeric_limits<double>::infinity();

// One number per element, each from its own sequence, as networks are built.
std::vector<double> sample(const Distribution& distribution, std::uint32_t stream = 0) {
  std::vector<double> values;
  for (std::size_t i = 0; i < draws; ++i) {
    RandomSequence random(3, Purpose::test, stream, i);
    values.push_back(distribution.draw(random, i));
  }
  return values;
}

struct Moments {
  double mean = 0.0;
  double sd = 0.0;
};

Moments moments_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  Moments m;
  for (const double value : values) m.mean += value / n;
  double squares = 0.0;
  for (const double value : values) squares += (value - m.mean) * (value - m.mean) / n;
  m.sd = std::sqrt(squares);
  return m;
}

// Kurtosis of a lognormal whose values have this mean and sd.
double lognormal_kurtosis(double mean, double sd) {
  const double w = 1.0 + sd * sd / (mean * mean);
  return w * w * w * w + 2.0 * w * w * w + 3.0 * w * w - 3.0;
}

struct Expected {
  Distribution distribution;
  double mean;
  double sd;
  double kurtosis;  // of the values, 3 for a normal
};

std::vector<Expected> expectations() {
  return {{Distribution::uniform(-2.0, 4.0), 1.0, 6.0 / std::sqrt(12.0), 1.8},
          {Distribution::normal(-65.0, 5.0), -65.0, 5.0, 3.0},
          {Distribution::lognormal(20.0, 8.0), 20.0, 8.0, lognormal_kurtosis(20.0, 8.0)},
          {Distribution::lognormal(0.5, 0.25), 0.5, 0.25, lognormal_kurtosis(0.5, 0.25)},
          {Distribution::gamma(20.0, 3.0), 20.0, 20.0 / std::sqrt(3.0), 5.0},
          {Distribution::gamma(2.0, 0.5), 2.0, 2.0 / std::sqrt(0.5), 15.0},
          {Distribution::exponential(7.0), 7.0, 7.0, 9.0}};
}

}  // namespace

TEST_CASE("mean and standard deviation of every distribution are those asked for") {
  std::uint32_t stream = 0;
  for (const Expected& expected : expectations()) {
    CAPTURE(expected.distribution.describe());
    const Moments found = moments_of(sample(expected.distribution, stream++));
    const double n = draws;
    CHECK(std::abs(found.mean - expected.mean) < 5.0 * expected.sd / std::sqrt(n));
    CHECK(std::abs(found.sd - expected.sd) <
          5.0 * expected.sd * std::sqrt((expected.kurtosis - 1.0) / (4.0 * n)));
    CHECK(expected.distribution.mean() == doctest::Approx(expected.mean).epsilon(1e-12));
    CHECK(expected.distribution.is_random());
  }
}

TEST_CASE("a normal, a gamma and an exponential have the right tails, not only the right moments") {
  const auto share_above = [](const Distribution& distribution, double limit) {
    double above = 0.0;
    for (const double value : sample(distribution, 40)) above += value > limit ? 1.0 : 0.0;
    return above / draws;
  };
  const auto near = [](double found, double p) {
    return std::abs(found - p) < 5.0 * std::sqrt(p * (1.0 - p) / draws);
  };
  CHECK(near(share_above(Distribution::normal(1.0, 2.0), 5.0), 0.5 * std::erfc(std::numbers::sqrt2)));
  CHECK(near(share_above(Distribution::exponential(2.0), 6.0), std::exp(-3.0)));
  CHECK(near(share_above(Distribution::gamma(3.0, 3.0), 6.0), std::exp(-6.0) * (1.0 + 6.0 + 18.0)));
  const double median = 20.0 / std::sqrt(1.0 + 0.16);  // exp of the mean of the logarithm
  CHECK(near(share_above(Distribution::lognormal(20.0, 8.0), median), 0.5));
}

TEST_CASE("a truncated distribution is drawn again, never clipped") {
  const Distribution kinds[] = {Distribution::uniform(0.0, 10.0).truncated(2.0, 3.0),
                                Distribution::normal(0.0, 1.0).truncated(-0.5, 2.0),
                                Distribution::lognormal(2.0, 1.0).truncated(1.0, 2.5),
                                Distribution::gamma(3.0, 3.0).truncated(2.0, 4.0),
                                Distribution::exponential(2.0).truncated(1.0, 5.0)};
  for (const Distribution& distribution : kinds) {
    CAPTURE(distribution.describe());
    std::size_t outside = 0;
    std::size_t at_the_edge = 0;
    for (const double value : sample(distribution)) {
      outside += value < distribution.min() || value > distribution.max() ? 1 : 0;
      at_the_edge += value == distribution.min() || value == distribution.max() ? 1 : 0;
    }
    CHECK(outside == 0);
    CHECK(at_the_edge <= 1);
  }
}

TEST_CASE("a truncated exponential and a half normal keep their conditional means") {
  struct Cut {
    double mean, low, high;
  };
  std::uint32_t stream = 20;
  for (const Cut& cut :
       {Cut{2.0, 1.0, 5.0}, Cut{10.0, 0.0, 3.0}, Cut{1.0, 2.0, unbounded}, Cut{3.0, -4.0, 9.0}}) {
    CAPTURE(cut.low);
    const double a = std::max(cut.low, 0.0);
    const double above_a = std::exp(-a / cut.mean);
    const double above_b = std::exp(-cut.high / cut.mean);
    const double b_term = above_b > 0.0 ? cut.high * above_b : 0.0;
    const double expected = cut.mean + (a * above_a - b_term) / (above_a - above_b);
    const Moments found =
        moments_of(sample(Distribution::exponential(cut.mean).truncated(cut.low, cut.high), stream++));
    CHECK(std::abs(found.mean - expected) < 5.0 * found.sd / std::sqrt(double{draws}));
  }
  const Moments half = moments_of(sample(Distribution::normal(0.0, 3.0).truncated(0.0, unbounded), stream));
  const double expected = 3.0 * std::sqrt(2.0 / std::numbers::pi);
  CHECK(std::abs(half.mean - expected) < 5.0 * half.sd / std::sqrt(double{draws}));
}

TEST_CASE("a truncation that is hardly ever met is refused after 10000 draws") {
  RandomSequence random(1, Purpose::test, 0, 0);
  CHECK_THROWS_WITH_AS(
      (void)Distribution::normal(0.0, 1.0).truncated(50.0, 60.0).draw(random, 0),
      "normal(mean 0, sd 1) in [50, 60]: 10000 draws in a row fell outside the range; widen min "
      "and max",
      UsageError);
}

TEST_CASE("constants and lists give what they hold and use no random numbers") {
  RandomSequence random(1, Purpose::test, 0, 0);
  RandomSequence untouched = random;
  CHECK(Distribution::constant(4.5).draw(random, 17) == 4.5);
  const Distribution list = Distribution::list({3.0, 1.0, 2.0});
  for (std::size_t i = 0; i < 3; ++i) CHECK(list.draw(random, i) == list.list_values()[i]);
  CHECK_THROWS_AS((void)list.draw(random, 3), InternalError);
  CHECK(random() == untouched());
  CHECK(list.mean() == 2.0);
  CHECK(list.is_list());
  CHECK_FALSE(list.is_random());
  CHECK(Distribution::constant(4.5).is_constant());
  CHECK(Distribution::constant(4.5).constant_value() == 4.5);
  CHECK(Distribution().constant_value() == 0.0);
  CHECK(Distribution::list({}).mean() == 0.0);
}

TEST_CASE("lowest and highest bound what can come out") {
  struct Bounds {
    Distribution distribution;
    double lowest, highest;
  };
  const Bounds bounds[] = {{Distribution::constant(4.0), 4.0, 4.0},
                           {Distribution::list({3.0, -1.0, 2.0}), -1.0, 3.0},
                           {Distribution::uniform(-2.0, 4.0), -2.0, 4.0},
                           {Distribution::uniform(-2.0, 4.0).truncated(-9.0, 1.0), -2.0, 1.0},
                           {Distribution::normal(1.0, 2.0), -unbounded, unbounded},
                           {Distribution::normal(1.0, 2.0).truncated(0.5, 3.0), 0.5, 3.0},
                           {Distribution::lognormal(1.0, 2.0), 0.0, unbounded},
                           {Distribution::gamma(1.0, 3.0).truncated(0.25, 2.0), 0.25, 2.0},
                           {Distribution::exponential(1.0).truncated(-1.0, 5.0), 0.0, 5.0}};
  for (const Bounds& b : bounds) {
    CAPTURE(b.distribution.describe());
    CHECK(b.distribution.lowest() == b.lowest);
    CHECK(b.distribution.highest() == b.highest);
    RandomSequence random(1, Purpose::test, 0, 0);
    for (std::size_t i = 0; i < 1000; ++i) {
      const double value = b.distribution.draw(random, i % 3);
      REQUIRE(value >= b.lowest);
      REQUIRE(value <= b.highest);
    }
  }
}

TEST_CASE("parameters that make no distribution are refused in one sentence") {
  struct Refused {
    std::function<void()> make;
    const char* message;
  };
  const Refused refused[] = {
      {[] { Distribution::uniform(2.0, 1.0); }, "uniform: low 2 is above high 1"},
      {[] { Distribution::normal(0.0, -1.0); }, "normal: sd is -1; allowed: >= 0"},
      {[] { Distribution::normal(0.0, std::nan("")); }, "normal: sd is nan; allowed: >= 0"},
      {[] { Distribution::lognormal(0.0, 1.0); }, "lognormal: mean is 0; allowed: > 0"},
      {[] { Distribution::lognormal(1.0, -1.0); }, "lognormal: sd is -1; allowed: >= 0"},
      {[] { Distribution::gamma(-1.0, 3.0); }, "gamma: mean is -1; allowed: > 0"},
      {[] { Distribution::gamma(1.0, 0.0); }, "gamma: shape is 0; allowed: > 0"},
      {[] { Distribution::exponential(0.0); }, "exponential: mean is 0; allowed: > 0"},
      {[] { (void)Distribution::normal(0.0, 1.0).truncated(2.0, 1.0); }, "truncation: min 2 is above max 1"}};
  for (const Refused& r : refused) CHECK_THROWS_WITH_AS(r.make(), r.message, UsageError);
}

TEST_CASE("a distribution describes itself in the words of the user") {
  CHECK(Distribution::constant(0.1).describe() == "0.1");
  CHECK(Distribution::list({1.0, 2.0}).describe() == "list of 2");
  CHECK(Distribution::uniform(1.0, 2.5).describe() == "uniform(1, 2.5)");
  CHECK(Distribution::normal(1.0, 2.5).describe() == "normal(mean 1, sd 2.5)");
  CHECK(Distribution::gamma(20.0, 4.0).truncated(2.0, 100.0).describe() ==
        "gamma(mean 20, shape 4) in [2, 100]");
  CHECK(Distribution::exponential(3.0).describe() == "exponential(mean 3)");
  CHECK(Distribution::lognormal(1.0, 0.0).describe().starts_with("lognormal(mean 1"));
}

TEST_CASE("the standard exponential has mean and standard deviation 1") {
  std::vector<double> values;
  for (std::size_t i = 0; i < draws; ++i) {
    RandomSequence random(8, Purpose::test, 0, i);
    values.push_back(standard_exponential(random));
    REQUIRE(values.back() >= 0.0);
  }
  const Moments found = moments_of(values);
  CHECK(std::abs(found.mean - 1.0) < 5.0 / std::sqrt(double{draws}));
  CHECK(std::abs(found.sd - 1.0) < 5.0 * std::sqrt(8.0 / (4.0 * draws)));
}

}  // namespace flurry::testing
