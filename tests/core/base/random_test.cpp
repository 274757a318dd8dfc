// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include <Random123/philox.h>
#include <doctest/doctest.h>

#include "core/base/random_blocks.hpp"

namespace flurry::testing {
namespace {

static_assert(std::uniform_random_bit_generator<RandomSequence>);

struct Key {
  std::uint64_t seed;
  Purpose purpose;
  std::uint32_t stream;
  std::uint64_t element;
};

std::vector<std::uint32_t> first_words(const Key& key, std::size_t count = 64) {
  RandomSequence random(key.seed, key.purpose, key.stream, key.element);
  std::vector<std::uint32_t> words(count);
  for (std::uint32_t& word : words) word = random();
  return words;
}

// Standard deviations from what a chi-squared statistic should be.
double chi_squared_deviation(const std::vector<std::uint64_t>& counts, double draws) {
  const double expected = draws / static_cast<double>(counts.size());
  double sum = 0.0;
  for (const std::uint64_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    sum += difference * difference / expected;
  }
  const double freedom = static_cast<double>(counts.size()) - 1.0;
  return (sum - freedom) / std::sqrt(2.0 * freedom);
}

}  // namespace

TEST_CASE("the generator is Philox4x32-10: the published answers come out") {
  struct Known {
    std::array<std::uint32_t, 4> counter;
    std::array<std::uint32_t, 2> key;
    std::array<std::uint32_t, 4> answer;
  };
  constexpr std::uint32_t ones = 0xffffffff;
  // kat_vectors of Random123 (Salmon et al. 2011).
  const Known known[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{ones, ones, ones, ones}, {ones, ones}, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  for (const Known& k : known) {
    const r123::Philox4x32::ctr_type counter{{k.counter[0], k.counter[1], k.counter[2], k.counter[3]}};
    const r123::Philox4x32::key_type key{{k.key[0], k.key[1]}};
    const auto block = r123::Philox4x32{}(counter, key);
    for (std::size_t i = 0; i < 4; ++i) CHECK(block[i] == k.answer[i]);
  }
  RandomSequence zero(0, Purpose{0}, 0, 0);
  for (const std::uint32_t word : known[0].answer) CHECK(zero() == word);
}

TEST_CASE("seed, purpose, stream and element are the key and counter of successive blocks") {
  const Key key{0x0123456789abcdef, Purpose::delay, 77, 0xfedcba9876543210};
  const std::vector<std::uint32_t> words = first_words(key, 12);
  const r123::Philox4x32::key_type philox_key{{0x89abcdef, 0x01234567}};
  for (std::uint32_t block = 0; block < 3; ++block) {
    const std::uint32_t second = (static_cast<std::uint32_t>(Purpose::delay) << 24U) | 77U;
    const r123::Philox4x32::ctr_type counter{{block, second, 0x76543210, 0xfedcba98}};
    const auto expected = r123::Philox4x32{}(counter, philox_key);
    for (std::uint32_t i = 0; i < 4; ++i) CHECK(words[block * 4 + i] == expected[i]);
  }
}

TEST_CASE("the same key gives the same numbers, and any difference gives others") {
  const Key key{1, Purpose::parameter, 3, 5};
  CHECK(first_words(key) == first_words(key));
  std::set<std::vector<std::uint32_t>> seen{first_words(key)};
  std::size_t keys = 1;
  const auto differs = [&](const Key& other) {
    seen.insert(first_words(other));
    ++keys;
  };
  for (int bit = 0; bit < 64; ++bit) {
    differs({key.seed ^ (1ULL << bit), key.purpose, key.stream, key.element});
    differs({key.seed, key.purpose, key.stream, key.element ^ (1ULL << bit)});
  }
  for (unsigned bit = 0; bit < 24; ++bit)
    differs({key.seed, key.purpose, key.stream ^ (1U << bit), key.element});
  for (std::uint32_t purpose = 2; purpose <= static_cast<std::uint32_t>(Purpose::test); ++purpose)
    differs({key.seed, Purpose{purpose}, key.stream, key.element});
  CHECK(seen.size() == keys);
}

TEST_CASE("uniform numbers lie strictly within (0, 1) with the right mean, variance and spread") {
  constexpr int draws = 1'000'000;
  for (const std::uint32_t stream : {0U, 1U, 2U}) {
    CAPTURE(stream);
    RandomSequence random(9, Purpose::test, stream, 0);
    double sum = 0.0;
    double squares = 0.0;
    double lowest = 1.0;
    double highest = 0.0;
    std::vector<std::uint64_t> bins(1000);
    for (int i = 0; i < draws; ++i) {
      const double u = random.uniform();
      sum += u;
      squares += (u - 0.5) * (u - 0.5);
      lowest = std::min(lowest, u);
      highest = std::max(highest, u);
      ++bins[static_cast<std::size_t>(u * 1000.0)];
    }
    CHECK(lowest > 0.0);
    CHECK(highest < 1.0);
    CHECK(std::abs(sum / draws - 0.5) < 5.0 * std::sqrt(1.0 / 12.0 / draws));
    CHECK(std::abs(squares / draws - 1.0 / 12.0) < 5.0 * std::sqrt(1.0 / 180.0 / draws));
    CHECK(std::abs(chi_squared_deviation(bins, draws)) < 5.0);
  }
}

TEST_CASE("numbers of neighbouring elements are as uniform as those of one sequence") {
  constexpr std::uint64_t elements = 1'000'000;
  std::vector<std::uint64_t> bins(1000);
  double product = 0.0;
  double before = 0.5;
  for (std::uint64_t element = 0; element < elements; ++element) {
    const double u = RandomSequence(4, Purpose::parameter, 1, element).uniform();
    ++bins[static_cast<std::size_t>(u * 1000.0)];
    product += (u - 0.5) * (before - 0.5);
    before = u;
  }
  CHECK(std::abs(chi_squared_deviation(bins, elements)) < 5.0);
  CHECK(std::abs(product / elements) < 5.0 / 12.0 / std::sqrt(elements));
}

TEST_CASE("below is uniform on {0, ..., bound - 1}, also where a modulo would be biased") {
  constexpr std::uint64_t draws = 600'000;
  for (const std::uint32_t bound : {2U, 3U, 7U, 10U, 1000U, 4096U, 3U << 30U, 0xffffffffU}) {
    CAPTURE(bound);
    RandomSequence random(5, Purpose::test, 4, bound);
    const std::uint64_t bins = std::min<std::uint64_t>(bound, 4096) < bound ? 3 : bound;
    std::vector<std::uint64_t> counts(bins);
    for (std::uint64_t i = 0; i < draws; ++i) {
      const std::uint64_t value = random.below(bound);
      REQUIRE(value < bound);
      ++counts[value * bins / bound];
    }
    CHECK(std::abs(chi_squared_deviation(counts, draws)) < 5.0);
  }
  RandomSequence random(5, Purpose::test, 4, 0);
  for (int i = 0; i < 100; ++i) CHECK(random.below(1) == 0);
}

TEST_CASE("pairs drawn eight blocks at a time are those of the sequences, block by block") {
  constexpr std::size_t count = 53;
  std::vector<std::uint64_t> elements(56);
  std::vector<std::uint64_t> numbers(56);
  RandomSequence random(5, Purpose::test, 42, 0);
  for (std::size_t i = 0; i < count; ++i) {
    elements[i] = random();
    numbers[i] = (std::uint64_t{random()} << 32U | random()) >> random.below(64);
  }
  std::vector<double> first(56);
  std::vector<double> second(56);
  const std::uint64_t seed = 0xFEDC'BA98'7654'3210U;
  uniform_pairs(seed, Purpose::source, 77, {count, elements.data(), numbers.data()}, first.data(),
                second.data());
  for (std::size_t i = 0; i < count; ++i) {
    RandomSequence sequence = RandomSequence(seed, Purpose::source, 77, elements[i]).from_block(numbers[i]);
    CHECK(first[i] == sequence.uniform());
    CHECK(second[i] == sequence.uniform());
  }
}

TEST_CASE("a sequence taken up at a block goes on as if drawn up to there") {
  RandomSequence whole(9, Purpose::test, 1, 4);
  for (int i = 0; i < 4 * 1000; ++i) (void)whole();
  RandomSequence part = RandomSequence(9, Purpose::test, 1, 4).from_block(1000);
  for (int i = 0; i < 100; ++i) CHECK(part() == whole());
}

}  // namespace flurry::testing
