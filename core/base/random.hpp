// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include <Random123/philox.h>

namespace flurry {

/// What a random number is for. A number of one purpose never repeats in another.
enum class Purpose : std::uint32_t {
  parameter = 1,
  connection,
  weight,
  delay,
  position,
  source,
  scene,
  test,
  count,
  initial_weight,  // of networks that learn
  sample_order,
  augmentation,
  record
};

/// What can be drawn from random words of 32 bits.
template <class Words>
class RandomDraws {
 public:
  /// Uniform in (0, 1): never 0 and never 1, 52 random bits.
  double uniform() {
    Words& words = static_cast<Words&>(*this);
    const std::uint32_t high = words();
    return uniform_from(high, words());
  }
  /// The same from 64 random bits, of which 52 count.
  static constexpr double uniform_from(std::uint64_t high, std::uint64_t low) {
    const std::uint64_t bits = (high << 20U) | (low >> 12U);
    return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
  }

  /// Uniform in {0, ..., bound - 1} without modulo bias (Lemire 2019). bound > 0.
  std::uint32_t below(std::uint32_t bound) {
    Words& words = static_cast<Words&>(*this);
    std::uint64_t product = std::uint64_t{words()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t threshold = (0U - bound) % bound;
      while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{words()} * bound;
    }
    return static_cast<std::uint32_t>(product >> 32U);
  }
};

/// A sequence of random numbers that is a pure function of (seed, purpose, stream, element): counter-based,
/// with no state to share between threads and none to store in a checkpoint. Philox4x32-10 (Salmon et al.
/// 2011, SC11).
///
/// Satisfies std::uniform_random_bit_generator, so that Boost.Random's distributions draw from it.
class RandomSequence : public RandomDraws<RandomSequence> {
 public:
  using result_type = std::uint32_t;

  constexpr RandomSequence() = default;

  /// `stream`: which parameter, projection or source population; `element`: which neuron, row or pixel.
  RandomSequence(std::uint64_t seed, Purpose purpose, std::uint32_t stream, std::uint64_t element)
      : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}},
        counter_{{0, counter_word(purpose, stream), static_cast<std::uint32_t>(element),
                  static_cast<std::uint32_t>(element >> 32U)}} {}

  /// The same sequence from its block `number` on (a block is 128 bits). For elements below 2^32: the upper
  /// half of the number stands in the upper half of the element.
  [[nodiscard]] RandomSequence from_block(std::uint64_t number) const {
    RandomSequence result = *this;
    result.counter_[0] = static_cast<std::uint32_t>(number);
    result.counter_[3] = static_cast<std::uint32_t>(number >> 32U);
    result.position_ = 4;
    return result;
  }

  /// How many words have been drawn from the beginning on, and the same sequence after so many. For elements
  /// below 2^32.
  [[nodiscard]] std::uint64_t drawn() const {
    const std::uint64_t blocks = std::uint64_t{counter_[3]} << 32U | counter_[0];
    return 4 * blocks + position_ - 4;
  }
  [[nodiscard]] RandomSequence after(std::uint64_t words) const {
    RandomSequence result = from_block(words / 4);
    for (std::uint64_t i = 0; i < words % 4; ++i) (void)result();
    return result;
  }

  /// The word of the counter that says what numbers are for.
  static constexpr std::uint32_t counter_word(Purpose purpose, std::uint32_t stream) {
    return (static_cast<std::uint32_t>(purpose) << 24U) | stream;
  }
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 32 random bits.
  result_type operator()() {
    if (position_ == 4) refill();
    return words_[position_++];
  }

 private:
  void refill() {
    const r123::Philox4x32 philox;
    const auto block = philox(counter_, key_);
    for (std::uint32_t i = 0; i < 4; ++i) words_[i] = block[i];
    ++counter_[0];
    position_ = 0;
  }

  r123::Philox4x32::key_type key_{};
  r123::Philox4x32::ctr_type counter_{};
  std::uint32_t words_[4]{};
  std::uint32_t position_ = 4;
};

}  // namespace flurry
