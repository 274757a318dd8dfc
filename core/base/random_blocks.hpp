// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

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

/// Two uniform numbers in (0, 1) from each of many blocks of random words: what
/// RandomSequence(seed, purpose, stream, elements[i]).from_block(numbers[i]) gives first and second, eight at
/// a time (Philox4x32-10, Salmon et al. 2011, SC11). `count` is rounded up to a multiple of eight: arrays
/// must have the room.
inline void uniform_pairs(std::uint64_t seed, Purpose purpose, std::uint32_t stream, std::size_t count,
                          const std::uint64_t* __restrict elements, const std::uint64_t* __restrict numbers,
                          double* __restrict first, double* __restrict second) {
  constexpr std::uint64_t low = 0xFFFF'FFFF;
  constexpr EightWords multiplier_a = EightWords{} + 0xD2511F53U;
  constexpr EightWords multiplier_b = EightWords{} + 0xCD9E8D57U;
  for (std::size_t begin = 0; begin < count; begin += 8) {
    EightWords number;
    EightWords x2;
    std::memcpy(&number, numbers + begin, sizeof number);
    std::memcpy(&x2, elements + begin, sizeof x2);
    EightWords x0 = number;
    EightWords x1 = EightWords{} + RandomSequence::counter_word(purpose, stream);
    EightWords x3 = number >> 32U;
    auto key0 = static_cast<std::uint32_t>(seed);
    auto key1 = static_cast<std::uint32_t>(seed >> 32U);
    // Words stand in the lower halves; what the upper ones gather is never looked at.
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
    const EightWords words[4] = {x0 & low, x1 & low, x2 & low, x3 & low};
    for (std::size_t i = 0; i < 8; ++i) {
      first[begin + i] = RandomSequence::uniform_from(words[0][i], words[1][i]);
      second[begin + i] = RandomSequence::uniform_from(words[2][i], words[3][i]);
    }
  }
}

}  // namespace flurry
