// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "io/recording/packed_event.hpp"

namespace flurry {

/// How many events are written together: as many as the machine's vectors make cheap.
#ifdef __AVX512F__
inline constexpr std::ptrdiff_t event_lanes = 8;
#else
inline constexpr std::ptrdiff_t event_lanes = 4;
#endif
using EventLanes [[gnu::vector_size(8 * event_lanes)]] = std::uint64_t;

/// The lanes a0 b0 a1 b1 ... from the first half of two vectors, or from the second.
template <bool Second, class Lanes>
[[gnu::always_inline]] inline Lanes interleaved(const Lanes& a, const Lanes& b) {
  constexpr std::size_t lanes = sizeof(a) / sizeof(a[0]);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return Lanes(__builtin_shufflevector(a, b, (Second ? lanes / 2 : 0) + I / 2 + (I % 2) * lanes...));
  }
  (std::make_index_sequence<lanes>());
}

/// The lanes of `v` moved up by `By`, with the last of `before` in front.
template <std::size_t By, class Lanes>
[[gnu::always_inline]] inline Lanes moved_up(const Lanes& before, const Lanes& v) {
  constexpr std::size_t lanes = sizeof(v) / sizeof(v[0]);
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return Lanes(__builtin_shufflevector(before, v, lanes - By + I...));
  }
  (std::make_index_sequence<lanes>());
}

/// 1, 2, 4, ...: the bit of each lane.
template <class Lanes>
[[gnu::always_inline]] inline Lanes lane_bits() {
  using Lane = std::remove_cvref_t<decltype(Lanes{}[0])>;
  return []<std::size_t... I>(std::index_sequence<I...>) { return Lanes{static_cast<Lane>(Lane{1} << I)...}; }
  (std::make_index_sequence<sizeof(Lanes) / sizeof(Lane)>());
}

/// Writes event_lanes events at once; `pixel` as put_event has it.
[[gnu::always_inline]] inline void put_events(AddressEvent* event, const EventLanes& t,
                                              const EventLanes& pixel) {
  if constexpr (std::endian::native == std::endian::little) {
    const EventLanes part[2] = {interleaved<false>(t, pixel), interleaved<true>(t, pixel)};
    static_assert(sizeof(part) == event_lanes * sizeof(AddressEvent));
    void* bytes = event;
    std::memcpy(bytes, &part, sizeof(part));
  } else {
    for (std::ptrdiff_t i = 0; i < event_lanes; ++i)
      put_event(event + i, static_cast<std::int64_t>(t[i]), pixel[i]);
  }
}

/// How many lanes there are before the first whose condition holds; `condition`: all ones or zero.
[[gnu::always_inline]] inline std::ptrdiff_t lanes_before(const EventLanes& condition) {
  const EventLanes bit = condition & lane_bits<EventLanes>();
  std::uint64_t part[event_lanes];
  std::memcpy(part, &bit, sizeof(part));
  std::uint64_t lanes = std::uint64_t{1} << event_lanes;
  for (const std::uint64_t one : part) lanes |= one;
  return std::countr_zero(lanes);
}

}  // namespace flurry
