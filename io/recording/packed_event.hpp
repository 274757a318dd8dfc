// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstring>

#include "core/base/address_event.hpp"

namespace flurry {

/// Writes an event in two stores; its members alone would take four. `pixel`: x in bits 0..15, y in 16..31,
/// 1 << 32 if on.
inline void put_event(AddressEvent* event, std::int64_t t, std::uint64_t pixel) {
  if constexpr (std::endian::native == std::endian::little) {
    static_assert(sizeof(AddressEvent) == 16 && offsetof(AddressEvent, t) == 0 &&
                  offsetof(AddressEvent, x) == 8 && offsetof(AddressEvent, y) == 10 &&
                  offsetof(AddressEvent, on) == 12);
    void* bytes = event;
    std::memcpy(bytes, &t, 8);
    std::memcpy(static_cast<char*>(bytes) + 8, &pixel, 8);
  } else {
    *event = {t, static_cast<std::uint16_t>(pixel & 0xffffU),
              static_cast<std::uint16_t>(pixel >> 16U & 0xffffU), (pixel >> 32U & 1U) != 0};
  }
}

inline std::uint64_t packed_pixel(std::uint32_t x, std::uint32_t y, bool on) {
  return x | std::uint64_t{y} << 16U | (on ? std::uint64_t{1} << 32U : 0U);
}

}  // namespace flurry
