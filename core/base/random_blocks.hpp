// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

#include "core/base/random.hpp"

namespace flurry {

/// Eight products of the lower halves of 64-bit numbers; the upper halves are ignored.
using EightWords [[gnu::vector_size(64)]] = std::uint64_t;
inline EightWords multiply_low(EightWords a, EightWords b) {
#ifdef __AVX512F__
  return reinterpret_cast<EightWords>(
      _mm512_mul_epu32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#else
  return (a & 0xFFFF'FFFFU) * b;
#endif
}

/// Eight blocks of random words at once: counter words in, random words out, each in the lower half of its
/// number (Philox4x32-10, Salmon et al. 2011, SC11). What the upper halves gather is never looked at.
struct EightBlocks {
  EightWords x0, x1, x2, x3;

  void mix(std::uint64_t seed) {
    constexpr EightWords multiplier_a = EightWords{} + 0xD2511F53U;
    constexpr EightWords multiplier_b = EightWords{} + 0xCD9E8D57U;
    auto key0 = static_cast<std::uint32_t>(seed);
    auto key1 = static_cast<std::uint32_t>(seed >> 32U);
    for (int round = 0; round < 10; ++round) {
      const EightWords a = multiply_low(x0, multiplier_a);
      const EightWords b = multiply_low(x2, multiplier_b);
      x0 = (b >> 32U) ^ x1 ^ key0;
      x2 = (a >> 32U) ^ x3 ^ key1;
      x1 = b;
      x3 = a;
      key0 += 0x9E3779B9U;
      key1 += 0xBB67AE85U;
    }
  }
};

/// Which blocks: number numbers[i] of the sequence of elements[i].
struct BlockNumbers {
  std::size_t count = 0;
  const std::uint64_t* elements = nullptr;
  const std::uint64_t* numbers = nullptr;
};

/// Two uniform numbers in (0, 1) from each of many blocks: what RandomSequence(seed, purpose, stream,
/// elements[i]).from_block(numbers[i]) gives first and second, eight at a time. `count` is rounded up to a
/// multiple of eight: arrays must have the room.
inline void uniform_pairs(std::uint64_t seed, Purpose purpose, std::uint32_t stream,
                          const BlockNumbers& blocks_of, double* __restrict first,
                          double* __restrict second) {
  constexpr std::uint64_t low = 0xFFFF'FFFF;
  for (std::size_t begin = 0; begin < blocks_of.count; begin += 8) {
    EightBlocks blocks;
    std::memcpy(&blocks.x0, blocks_of.numbers + begin, sizeof blocks.x0);
    std::memcpy(&blocks.x2, blocks_of.elements + begin, sizeof blocks.x2);
    blocks.x1 = EightWords{} + RandomSequence::counter_word(purpose, stream);
    blocks.x3 = blocks.x0 >> 32U;
    blocks.mix(seed);
    const EightWords words[4] = {blocks.x0 & low, blocks.x1 & low, blocks.x2 & low, blocks.x3 & low};
    for (std::size_t i = 0; i < 8; ++i) {
      first[begin + i] = RandomSequence::uniform_from(words[0][i], words[1][i]);
      second[begin + i] = RandomSequence::uniform_from(words[2][i], words[3][i]);
    }
  }
}

/// The same numbers as RandomSequence, made eight blocks at a time: for whoever draws many.
class RandomBuffer : public RandomDraws<RandomBuffer> {
 public:
  using result_type = std::uint32_t;

  /// As RandomSequence.
  RandomBuffer(std::uint64_t seed, Purpose purpose, std::uint32_t stream, std::uint64_t element)
      : seed_(seed), element_(element), word_(RandomSequence::counter_word(purpose, stream)) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    if (position_ == size) refill();
    return words_[position_++];
  }

 private:
  static constexpr std::uint32_t size = 32;

  void refill() {
    constexpr std::uint64_t low = 0xFFFF'FFFF;
    EightBlocks blocks;
    blocks.x0 = EightWords{0, 1, 2, 3, 4, 5, 6, 7} + block_;
    blocks.x1 = EightWords{} + word_;
    blocks.x2 = EightWords{} + (element_ & low);
    blocks.x3 = EightWords{} + (element_ >> 32U);
    blocks.mix(seed_);
    const EightWords front = (blocks.x0 & low) | (blocks.x1 << 32U);  // words 0 and 1 of each block
    const EightWords back = (blocks.x2 & low) | (blocks.x3 << 32U);
    for (std::size_t i = 0; i < 8; ++i) {
      const std::uint64_t both[2] = {front[i], back[i]};
      std::memcpy(words_ + 4 * i, both, sizeof both);
    }
    block_ += 8;
    position_ = 0;
  }

  std::uint64_t seed_;
  std::uint64_t element_;
  std::uint32_t word_;
  std::uint32_t position_ = size;
  std::uint64_t block_ = 0;
  std::uint32_t words_[size];
};

}  // namespace flurry
