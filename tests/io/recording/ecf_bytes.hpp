// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "core/base/address_event.hpp"

namespace flurry::testing {

/// How an ECF chunk packs coordinates and polarity.
enum class EcfPacking { runs = 0, columns = 1, pixels = 2 };

inline std::string ecf_number(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}

/// How many events from `first` on have what the first has.
template <class Same>
std::size_t ecf_run(std::span<const AddressEvent> events, std::size_t first, const Same& same) {
  std::size_t count = 1;
  while (first + count < events.size() && same(events[first], events[first + count])) ++count;
  return count;
}

/// A code with a run in its low bits, or behind it where those are all set.
inline std::string ecf_code(std::uint64_t high, std::size_t run, unsigned bits, int bytes) {
  const std::size_t most = (std::size_t{1} << bits) - 1;
  return ecf_number(high << bits | std::min(run, most), bytes) + (run >= most ? ecf_number(run, 2) : "");
}

inline std::string ecf_times(std::span<const AddressEvent> events) {
  std::string bytes = ecf_number(static_cast<std::uint64_t>(events.front().t), 8);
  std::int64_t time = events.front().t;
  for (std::size_t i = 0; i < events.size();) {
    auto step = static_cast<std::uint64_t>(events[i].t - time);
    if (step >= 15)
      for (; step > 0; step >>= 4U) bytes += ecf_number(0xf0U | (step & 15U), 1);
    time = events[i].t;
    const std::size_t run = ecf_run(events, i, [](auto& a, auto& b) { return a.t == b.t; });
    bytes += ecf_code(step, run, 4, 1);
    i += run;
  }
  return bytes;
}

inline std::string ecf_packed(std::span<const AddressEvent> events, EcfPacking packing) {
  std::string bytes;
  for (std::size_t i = 0; i < events.size(); i += 4) {
    std::uint32_t code[4] = {};
    for (std::size_t k = 0; k < 4 && i + k < events.size(); ++k)
      code[k] = (packing == EcfPacking::pixels ? std::uint32_t{events[i + k].y} << 12U : 0U) |
                std::uint32_t{events[i + k].x} << 1U | (events[i + k].on ? 1U : 0U);
    if (packing == EcfPacking::pixels)
      bytes += ecf_number(code[0] << 8U | (code[1] & 0xffU), 4) +
               ecf_number(code[1] >> 8U << 16U | (code[2] & 0xffffU), 4) +
               ecf_number(code[2] >> 16U << 24U | code[3], 4);
    else
      bytes += ecf_number(code[0] << 4U | (code[1] & 0xfU), 2) +
               ecf_number(code[1] >> 4U << 8U | (code[2] & 0xffU), 2) +
               ecf_number(code[2] >> 8U << 12U | code[3], 2);
  }
  return bytes;
}

inline std::string ecf_runs(std::span<const AddressEvent> events) {
  std::string bytes;
  for (std::size_t i = 0; i < events.size();) {
    const AddressEvent& first = events[i];
    std::uint32_t mask = 0;
    for (++i; i < events.size() && events[i].x > first.x && events[i].x <= first.x + 5U; ++i) {
      const std::uint32_t bit = 32U >> (events[i].x - first.x);
      if ((mask & (2U * bit - 1U)) != 0) break;  // not to the right of the last
      mask |= bit;
    }
    bytes += ecf_number(std::uint32_t{first.x} << 5U | mask, 2);
  }
  for (std::size_t i = 0; i < events.size();) {
    const std::size_t run = ecf_run(events, i, [](auto& a, auto& b) { return a.on == b.on; });
    bytes += ecf_code(events[i].on ? 1 : 0, run, 7, 1);
    i += run;
  }
  return bytes;
}

/// Events as a chunk of Prophesee's event compression.
inline std::string ecf_chunk(std::span<const AddressEvent> events, EcfPacking packing) {
  std::string bytes = ecf_number(events.size() << 2U | static_cast<unsigned>(packing), 4) + ecf_times(events);
  if (packing == EcfPacking::pixels) return bytes + ecf_packed(events, packing);
  for (std::size_t i = 0; i < events.size();) {
    const std::size_t run = ecf_run(events, i, [](auto& a, auto& b) { return a.y == b.y; });
    bytes += ecf_code(events[i].y, run, 5, 2);
    i += run;
  }
  return bytes + (packing == EcfPacking::columns ? ecf_packed(events, packing) : ecf_runs(events));
}

}  // namespace flurry::testing
