// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __AVX512BW__
#include <immintrin.h>
#endif

namespace flurry {

/// Bit i: byte i of the 64 is not 0.
[[gnu::always_inline]] inline std::uint64_t bits_of(const std::uint8_t* bytes) {
#ifdef __AVX512BW__
  const __m512i all = _mm512_loadu_si512(bytes);
  return _mm512_test_epi8_mask(all, all);
#else
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 64; i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes + i, sizeof(eight));
    if (eight == 0) [[likely]]
      continue;
    for (std::size_t k = i; k < i + 8; ++k) bits |= std::uint64_t{bytes[k] != 0} << k;
  }
  return bits;
#endif
}

/// Calls act(n) in order for each n < stride with condition(n), which is rare: many are looked at together.
template <class Condition, class Act>
void for_each_where(std::size_t stride, const Condition& condition, const Act& act) {
  constexpr std::size_t together = 64;
  std::array<std::uint8_t, together> holds{};
  std::size_t begin = 0;
  const auto act_on = [&] {
    for (std::uint64_t bits = bits_of(holds.data()); bits != 0; bits &= bits - 1)
      act(begin + static_cast<std::size_t>(std::countr_zero(bits)));
  };
  for (; begin + together <= stride; begin += together) {
    for (std::size_t i = 0; i < together; ++i) holds[i] = condition(begin + i) ? 1 : 0;
    act_on();
  }
  holds.fill(0);
  for (std::size_t i = 0; begin + i < stride; ++i) holds[i] = condition(begin + i) ? 1 : 0;
  act_on();
}

}  // namespace flurry
