// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>

#include "io/recording/evt3_plain_words.hpp"
#include "io/recording/packed_event.hpp"
#include "io/recording/stream_reader.hpp"
#include "io/recording/word_scan.hpp"

namespace flurry {

/// Prophesee RAW EVT3: 16-bit little-endian words, the type in the top 4 bits.
///
/// 0 ADDR_Y, 2 ADDR_X (bit 11 polarity), 3 VECT_BASE_X (same), 4 VECT_12, 5 VECT_8, 6 TIME_LOW, 8 TIME_HIGH,
/// A external trigger. Each vector word stands for itself: an event at base + bit, lowest first, then the
/// base grows by the vector's length; its polarity is its base's, whatever pixels come between. 1 is the row
/// of an exposure measurement: what follows it is no contrast event.
class Evt3Decoder {
 public:
  enum Type : std::uint32_t {
    addr_y = 0,
    exposure_y = 1,
    addr_x = 2,
    vect_base_x = 3,
    vect_12 = 4,
    vect_8 = 5,
    time_low = 6,
    time_high = 8,
    trigger = 10
  };
  static constexpr std::size_t word_bytes = 2;

  explicit Evt3Decoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 2048 : sensor.width), height_(sensor.height == 0 ? 2048 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    Cursor at{bytes.data(), bytes.data() + bytes.size() / 2 * 2, events.data(),
              events.data() + events.size()};
    const auto place = [&] { return offset + static_cast<std::size_t>(at.word - bytes.data()); };
    at.event = unpack(at.event, at.full, offset, statistics);
    while (at.word != at.end && at.event != at.full && mask_ == 0) {
      if (state_.has_row) take_common(at);
      if (at.word == at.end || at.event == at.full) break;
      at.event = take_word(load_le16(at.word), at.event, at.full, place(), statistics);
      at.word += 2;
    }
    return {static_cast<std::size_t>(at.word - bytes.data()),
            static_cast<std::size_t>(at.event - events.data())};
  }

  // For ParallelReader.
  static std::size_t count(std::string_view words) {
    return count_words<std::uint16_t>(words, [](std::uint16_t w) {
      const std::uint32_t type = w >> 12U;
      std::uint32_t bits = type == vect_12  ? w & 0xfffU
                           : type == vect_8 ? w & 0xffU
                           : type == addr_x ? 1U
                                            : 0U;
      bits -= bits >> 1U & 0x555U;
      bits = (bits & 0x333U) + (bits >> 2U & 0x333U);
      return (bits + (bits >> 4U) + (bits >> 8U)) & 0xfU;
    });
  }
  /// After a TIME_LOW, which tells the low part.
  static std::size_t next_split(std::string_view words) {
    std::size_t at = 0;
    while (words.size() - at >= 2 && load_le16(words.data() + at) >> 12U != time_low) at += 2;
    return std::min(at + 2, words.size());
  }
  bool resume(std::string_view before);
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  void advance(std::int64_t us) {
    epoch_ += us;
    state_.time += us;
  }

 private:
  /// What most words read or change.
  struct State {
    std::int64_t time = 0;  // us, unwrapped
    std::uint32_t row = 0;
    std::uint32_t base = 0;  // x of the next vector's bit 0
    bool on = false;         // of the next vector
    bool has_row = false;    // only with a clock
    bool has_base = false;   // only with a row
  };
  struct Cursor {
    const char* word;
    const char* end;
    AddressEvent* event;
    AddressEvent* full;
  };
  static constexpr std::ptrdiff_t most_events = 32;  // of four words

  /// The words of a recording's bulk, as long as there are no others and room for any of them; the state
  /// stays in registers.
  void take_common(Cursor& cursor) {
    constexpr std::uint32_t vector = 1U << vect_12 | 1U << vect_8;
    State s = state_;
    Cursor at = cursor;
    const SensorSize size{width_, height_};
    while (at.word != at.end && at.full - at.event >= most_events) {
      take_plain(at, s);
      if (at.word == at.end || at.full - at.event < most_events) break;
      const std::uint32_t w = load_le16(at.word);
      const std::uint32_t type = w >> 12U;
      if (type == vect_base_x) {
        set_base(w, s);
        if (at.end - at.word >= 8 && take_row_of_vectors(load_le64(at.word), size, s, at.event)) at.word += 6;
      } else if ((vector >> type & 1U) != 0) {
        if (!take_vector(w, size, s, at.event)) break;
      } else {
        break;
      }
      at.word += 2;
    }
    state_ = s;
    cursor = at;
  }

  /// Rows, pixels and low times, up to another word, a pixel off the sensor or the end of words or room.
  void take_plain(Cursor& cursor, State& s) const {
    constexpr std::size_t width = Evt3PlainWords::width;
    Evt3PlainWords plain(s.time, s.row, width_, height_, std::uint32_t{time_high} << 12U | high_);
    Cursor at = cursor;
    for (std::size_t taken = width; taken == width &&
                                    at.end - at.word >= 2 * static_cast<std::ptrdiff_t>(width) &&
                                    at.full - at.event >= static_cast<std::ptrdiff_t>(width);) {
      taken = plain.take(at.word, at.event);
      at.word += 2 * taken;
    }
    s.time = plain.time();
    s.row = plain.row();
    cursor = at;
  }

  /// The words after VECT_BASE_X at the front of `words` if they are two VECT_12 and a VECT_8, as for 32
  /// pixels of a row; false, with nothing done, if they are not or reach off the sensor.
  static bool take_row_of_vectors(std::uint64_t words, const SensorSize& size, State& s,
                                  AddressEvent*& event) {
    constexpr std::uint64_t types = std::uint64_t{vect_8} << 60U | std::uint64_t{vect_12} << 44U |
                                    std::uint64_t{vect_12} << 28U | std::uint64_t{vect_base_x} << 12U;
    if ((words & 0xf000f000f000f000U) != types) return false;
    const auto mask = static_cast<std::uint32_t>((words >> 16U & 0xfffU) | (words >> 32U & 0xfffU) << 12U |
                                                 (words >> 48U & 0xffU) << 24U);
    const std::uint32_t end = s.base + static_cast<std::uint32_t>(std::bit_width(mask));
    if (end > size.width || s.row >= size.height) [[unlikely]]
      return false;
    event = put_vector(event, s, mask);
    s.base += 32;
    return true;
  }

  /// A vector; false without a base or for one that reaches off the sensor.
  static bool take_vector(std::uint32_t w, const SensorSize& size, State& s, AddressEvent*& event) {
    const bool is_long = w >> 12U == vect_12;
    const std::uint32_t mask = is_long ? w & 0xfffU : w & 0xffU;
    const std::uint32_t end = s.base + static_cast<std::uint32_t>(std::bit_width(mask));
    if (!s.has_base || end > size.width || s.row >= size.height) [[unlikely]]
      return false;
    event = put_vector(event, s, mask);
    s.base += is_long ? 12 : 8;
    return true;
  }

  /// Room for most_events is used whatever the mask: four at once, since how many there are is hard to
  /// foresee.
  static AddressEvent* put_vector(AddressEvent* event, const State& s, std::uint32_t mask) {
    AddressEvent* const next = event + std::popcount(mask);
    const std::uint64_t pixel = packed_pixel(s.base, s.row, s.on);
    do {
      for (int i = 0; i < 4; ++i, mask &= mask - 1)
        put_event(event++, s.time, pixel + static_cast<std::uint32_t>(std::countr_zero(mask)));
    } while (mask != 0);
    return next;
  }

  AddressEvent* take_word(std::uint32_t w, AddressEvent* event, const AddressEvent* full, std::uint64_t place,
                          ReadStatistics& statistics) {
    const std::uint32_t type = w >> 12U;
    if (type == addr_x && state_.has_row)
      return emit(event, w & 0x7ffU, (w & 0x800U) != 0, place, statistics);
    if ((type == vect_12 || type == vect_8) && state_.has_base) {
      mask_ = type == vect_12 ? w & 0xfffU : w & 0xffU;
      mask_base_ = state_.base;
      state_.base += type == vect_12 ? 12 : 8;
      return unpack(event, full, place, statistics);
    }
    if (type == addr_y && has_clock_) {
      state_.row = w & 0x7ffU;
      state_.has_row = true;
    } else if (type == time_low && has_clock_) {
      state_.time = (state_.time & ~std::int64_t{0xfff}) | (w & 0xfffU);
    } else {
      take_other(w, place, statistics);
    }
    return event;
  }

  AddressEvent* emit(AddressEvent* event, std::uint32_t x, bool on, std::uint64_t offset,
                     ReadStatistics& statistics) {
    *event = {state_.time, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(state_.row), on};
    if (x < width_ && state_.row < height_) [[likely]]
      return event + 1;
    note_damage(statistics, offset, "an event lies outside the sensor");
    return event;
  }

  // What there is no room for stays in mask_.
  AddressEvent* unpack(AddressEvent* event, const AddressEvent* full, std::uint64_t offset,
                       ReadStatistics& statistics) {
    for (; mask_ != 0 && event != full; mask_ &= mask_ - 1)
      event = emit(event, mask_base_ + static_cast<std::uint32_t>(std::countr_zero(mask_)), state_.on, offset,
                   statistics);
    return event;
  }

  void take_other(std::uint32_t w, std::uint64_t offset, ReadStatistics& statistics) {
    const std::uint32_t type = w >> 12U;
    const std::uint32_t value = w & 0xfffU;
    if (type == time_high)
      set_high(value, offset, statistics);
    else if (type == trigger)
      ++statistics.triggers;
    else if (type == vect_base_x && state_.has_row)
      set_base(value, state_);
    else
      skip(type, statistics);
  }

  void set_high(std::uint32_t high, std::uint64_t offset, ReadStatistics& statistics) {
    if (has_clock_ && high == high_) return;
    if (high < high_) {
      if (high_ - high > 2048)
        epoch_ += std::int64_t{1} << 24U;
      else
        note_damage(statistics, offset, "TIME_HIGH runs back");
    }
    high_ = high;
    has_clock_ = true;
    state_.time = epoch_ + (std::int64_t{high} << 12U);
  }

  static void set_base(std::uint32_t value, State& s) {
    s.base = value & 0x7ffU;
    s.on = (value & 0x800U) != 0;
    s.has_base = true;
  }

  void skip(std::uint32_t type, ReadStatistics& statistics) {
    if (type == exposure_y) state_.has_row = state_.has_base = false;  // what follows is no contrast event
    ++statistics.skipped;
  }

  bool resume_base(std::string_view before);

  std::uint32_t width_;
  std::uint32_t height_;
  State state_;
  std::int64_t epoch_ = 0;  // us, multiples of 2^24
  std::uint32_t high_ = 0;
  std::uint32_t mask_ = 0;       // bits of the last vector not yet turned into events
  std::uint32_t mask_base_ = 0;  // x of their bit 0
  bool has_clock_ = false;
};

}  // namespace flurry
