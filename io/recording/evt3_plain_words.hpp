// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "io/recording/byte_source.hpp"
#include "io/recording/event_lanes.hpp"

namespace flurry {

/// Eight or sixteen EVT3 words at once: rows, low times, pixels and one word that changes nothing.
///
/// What a word is no processor foresees, so nothing here branches on it: each lane learns the row and the
/// time that hold at its word by a prefix scan, and every lane writes an event that the next one overwrites
/// unless it was one.
class Evt3PlainWords {
 public:
  static constexpr std::size_t width = 2 * event_lanes;

  /// `time`: us, of which the low 12 bits change; `row`; the sensor's size; `known`: the word to pass over.
  Evt3PlainWords(std::int64_t time, std::uint32_t row, std::uint32_t sensor_width,
                 std::uint32_t sensor_height, std::uint32_t known)
      : base_(time & ~std::int64_t{0xfff}),
        time_(static_cast<std::uint16_t>(time & 0xfff)),
        row_(static_cast<std::uint16_t>(row)),
        sensor_width_(static_cast<std::uint16_t>(sensor_width)),
        sensor_height_(static_cast<std::uint16_t>(sensor_height)),
        known_(static_cast<std::uint16_t>(known)) {}

  [[nodiscard]] std::int64_t time() const { return base_ | time_; }
  [[nodiscard]] std::uint32_t row() const { return row_; }

  /// Turns the words at `bytes` into events, up to the first that is something else or lies off the sensor;
  /// returns how many words. There must be room for `width` events; `event` moves on by how many there were.
  [[gnu::always_inline]] std::size_t take(const char* bytes, AddressEvent*& event) {
    Lanes words;
    std::memcpy(&words, bytes, sizeof(words));
    const Lanes type = words >> 12;
    const Lanes x = words & std::uint16_t{0x7ff};
    const Lanes is_row = lanes(type == 0);
    const Lanes is_pixel = lanes(type == 2);
    const Lanes is_time = lanes(type == 6);
    const Lanes row = filled(is_row & (x | present), row_) & std::uint16_t{0x7ff};
    const Lanes time = filled(is_time & (words | present), time_) & std::uint16_t{0xfff};
    const Lanes on_sensor = lanes(x < sensor_width_) & lanes(row < sensor_height_);
    const std::size_t count = all_before(is_row | is_time | (is_pixel & on_sensor) | lanes(words == known_));
    const Wide pixel = __builtin_convertvector(x, Wide) | __builtin_convertvector(row, Wide) << 16;
    const Wide on = __builtin_convertvector(words >> 11 & std::uint16_t{1}, Wide);
    const Wide time_low = __builtin_convertvector(time, Wide) | static_cast<std::uint32_t>(base_);
    const Wide time_high = Wide{} + static_cast<std::uint32_t>(base_ >> 32);
    AddressEvent staged[width];
    put_events(staged, both<false>(time_low, time_high), both<false>(pixel, on));
    put_events(staged + event_lanes, both<true>(time_low, time_high), both<true>(pixel, on));
    event = put_chosen(
        staged, is_pixel & lanes(index() < static_cast<std::uint16_t>(count)) & std::uint16_t{1}, event);
    if (count > 0) {
      row_ = row[count - 1];
      time_ = time[count - 1];
    }
    return count;
  }

 private:
  using Lanes [[gnu::vector_size(2 * width)]] = std::uint16_t;
  using Wide [[gnu::vector_size(4 * width)]] = std::uint32_t;
  static constexpr std::uint16_t present = 0x8000;

  template <class Mask>
  [[gnu::always_inline]] static Lanes lanes(const Mask& mask) {
    return reinterpret_cast<Lanes>(mask);
  }

  /// Each lane that is zero gets the value of the last one before it that is not, or `first`.
  [[gnu::always_inline]] static Lanes filled(Lanes v, std::uint16_t first) {
    const Lanes none = {};
    v |= moved_up<1>(none, v) & lanes(v == 0);
    v |= moved_up<2>(none, v) & lanes(v == 0);
    v |= moved_up<4>(none, v) & lanes(v == 0);
    if constexpr (width > 8) v |= moved_up<8>(none, v) & lanes(v == 0);
    return v | (first & lanes(v == 0));
  }

  [[gnu::always_inline]] static Lanes index() {
    return []<std::size_t... I>(std::index_sequence<I...>) { return Lanes{static_cast<std::uint16_t>(I)...}; }
    (std::make_index_sequence<width>());
  }

  /// How many lanes there are before the first that is zero; the others are all ones.
  static std::size_t all_before(const Lanes& v) {
    const Lanes bit = v & lane_bits<Lanes>();
    std::uint64_t part[width / 4];
    std::memcpy(part, &bit, sizeof(bit));
    std::uint64_t bits = 0;
    for (const std::uint64_t four : part) bits |= four;
    bits |= bits >> 32U;
    bits |= bits >> 16U;
    return static_cast<std::size_t>(std::countr_one(static_cast<std::uint16_t>(bits)));
  }

  /// Lanes of 64 bits from their low and high words: the first half or the second.
  template <bool Second>
  [[gnu::always_inline]] static EventLanes both(const Wide& low, const Wide& high) {
    return reinterpret_cast<EventLanes>(interleaved<Second>(low, high));
  }

  /// Copies the events whose lane of `chosen` is 1.
  static AddressEvent* put_chosen(const AddressEvent* staged, const Lanes& chosen, AddressEvent* event) {
    std::uint16_t step[width];
    std::memcpy(step, &chosen, sizeof(step));
    std::atomic_signal_fence(std::memory_order_seq_cst);  // or lanes are picked out of vectors one by one
#pragma GCC unroll 16
    for (std::size_t i = 0; i < width; ++i) {
      std::memcpy(static_cast<void*>(event), staged + i, sizeof(AddressEvent));
      event += step[i];
    }
    return event;
  }

  std::int64_t base_;
  std::uint16_t time_;
  std::uint16_t row_;
  std::uint16_t sensor_width_;
  std::uint16_t sensor_height_;
  std::uint16_t known_;
};

}  // namespace flurry
