// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/dynamics/poisson_counts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

namespace flurry::testing {
namespace {

constexpr std::uint32_t elements = 300;  // a whole group and part of one
constexpr std::uint64_t steps = 4000;

// Alike, by groups or one by one, or all of different means.
PoissonCounts counts_of(double mean, bool alike) {
  PoissonCounts counts(7, 3);
  for (std::uint32_t i = 0; i < elements; ++i) counts.add(alike ? mean : mean * (1.0 + 1e-9 * i));
  return counts;
}

}  // namespace

TEST_CASE(
    "counts are Poisson: mean, variance, every probability, and independent of neighbours and of before") {
  for (const double mean : {0.05, 0.2, 0.69, 0.71, 2.0, 17.0})
    for (const bool alike : {true, false}) {
      CAPTURE(mean);
      CAPTURE(alike);
      const PoissonCounts counts = counts_of(mean, alike);
      std::vector<double> histogram(counts.most() + 1, 0.0);
      std::array<std::uint8_t, elements> now{};
      std::array<std::uint8_t, elements> before{};
      double with_neighbour = 0.0;
      double with_before = 0.0;
      double square = 0.0;
      std::uint64_t total = 0;
      std::uint64_t wrong_sums = 0;
      for (std::uint64_t step = 1; step <= steps; ++step) {
        before = now;
        const std::uint64_t sum = counts.draw(0, elements, step, now.data());
        if (sum != std::accumulate(now.begin(), now.end(), std::uint64_t{0})) ++wrong_sums;
        total += sum;
        REQUIRE(*std::max_element(now.begin(), now.end()) <= counts.most());
        for (std::uint32_t i = 0; i < elements; ++i) {
          histogram[now[i]] += 1.0;
          square += (now[i] - mean) * (now[i] - mean);
          if (i > 0) with_neighbour += (now[i] - mean) * (now[i - 1] - mean);
          if (step > 1) with_before += (now[i] - mean) * (before[i] - mean);
        }
      }
      CHECK(wrong_sums == 0);
      const double n = static_cast<double>(steps) * elements;
      CHECK(std::abs(static_cast<double>(total) / n - mean) < 5.0 * std::sqrt(mean / n));
      CHECK(square / n == doctest::Approx(mean).epsilon(0.01));
      CHECK(std::abs(with_neighbour / n) < 5.0 * mean / std::sqrt(n));
      CHECK(std::abs(with_before / n) < 5.0 * mean / std::sqrt(n));
      double probability = std::exp(-mean);
      for (std::size_t k = 0; k < histogram.size(); ++k) {
        CAPTURE(k);
        const double expected = n * probability;
        if (expected > 10.0) CHECK(std::abs(histogram[k] - expected) < 5.0 * std::sqrt(expected));
        probability *= mean / static_cast<double>(k + 1);
      }
    }
}

TEST_CASE("counts of an element do not depend on who is drawn with it") {
  for (const double mean : {0.2, 2.0})
    for (const bool alike : {true, false}) {
      const PoissonCounts counts = counts_of(mean, alike);
      std::array<std::uint8_t, elements> all{};
      for (const std::uint64_t step : {1, 2, 77, 1'000'000}) {
        (void)counts.draw(0, elements, step, all.data());
        for (const std::uint32_t size : {1U, 4U, 16U, 100U})
          for (std::uint32_t first = 0; first + size <= elements; first += size) {
            std::array<std::uint8_t, elements> some{};
            (void)counts.draw(first, size, step, some.data());
            REQUIRE(std::equal(some.begin(), some.begin() + size, all.begin() + first));
          }
      }
    }
}

TEST_CASE("another seed, stream or grid point gives other counts") {
  const auto draw = [](std::uint64_t seed, std::uint32_t stream, std::uint64_t step) {
    PoissonCounts counts(seed, stream);
    for (std::uint32_t i = 0; i < 256; ++i) counts.add(2.0);
    std::vector<std::uint8_t> result(256);
    (void)counts.draw(0, 256, step, result.data());
    return result;
  };
  const auto one = draw(1, 1, 1);
  CHECK(one == draw(1, 1, 1));
  CHECK(one != draw(2, 1, 1));
  CHECK(one != draw(1, 2, 1));
  CHECK(one != draw(1, 1, 2));
  CHECK(one != draw(1, 1, (std::uint64_t{1} << 40U) + 1));
}

}  // namespace flurry::testing
