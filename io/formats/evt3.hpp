// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>

#include "io/recording/evt3_encoder.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_reader.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

/// Prophesee RAW EVT3: 16-bit little-endian words, the type in the top 4 bits.
///
/// 0 ADDR_Y, 2 ADDR_X (bit 11 polarity), 3 VECT_BASE_X (same), 4 VECT_12, 5 VECT_8, 6 TIME_LOW, 8 TIME_HIGH,
/// A external trigger. Each vector word stands for itself: an event at base + bit, lowest first, then the
/// base grows by the vector's length. 1 is the row of an exposure measurement: what follows it is no contrast
/// event.
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

  explicit Evt3Decoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 2048 : sensor.width), height_(sensor.height == 0 ? 2048 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    const char* word = bytes.data();
    const char* const end = word + bytes.size() / 2 * 2;
    AddressEvent* event = events.data();
    AddressEvent* const full = event + events.size();
    event = unpack(event, full, offset, statistics);
    while (word != end && event != full && mask_ == 0) {
      const std::uint64_t place = offset + static_cast<std::size_t>(word - bytes.data());
      const std::uint32_t w = load_le16(word);
      word += 2;
      const std::uint32_t type = w >> 12U;
      if (type == addr_x && has_row_) {
        on_ = (w & 0x800U) != 0;
        event = emit(event, w & 0x7ffU, place, statistics);
      } else if (type == addr_y && has_clock_) {
        set_row(w & 0x7ffU);
      } else if (type == time_low && has_clock_) {
        time_ = (time_ & ~std::int64_t{0xfff}) | (w & 0xfffU);
      } else if ((type == vect_12 || type == vect_8) && has_base_) {
        mask_ = type == vect_12 ? w & 0xfffU : w & 0xffU;
        mask_base_ = base_;
        base_ += type == vect_12 ? 12 : 8;
        event = unpack(event, full, place, statistics);
      } else {
        take_other(w, place, statistics);
      }
    }
    return {static_cast<std::size_t>(word - bytes.data()), static_cast<std::size_t>(event - events.data())};
  }

 private:
  AddressEvent* emit(AddressEvent* event, std::uint32_t x, std::uint64_t offset, ReadStatistics& statistics) {
    *event = {time_, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(row_), on_};
    if (x < width_ && row_ < height_) [[likely]]
      return event + 1;
    note_damage(statistics, offset, "an event lies outside the sensor");
    return event;
  }

  // What there is no room for stays in mask_.
  AddressEvent* unpack(AddressEvent* event, const AddressEvent* full, std::uint64_t offset,
                       ReadStatistics& statistics) {
    for (; mask_ != 0 && event != full; mask_ &= mask_ - 1)
      event =
          emit(event, mask_base_ + static_cast<std::uint32_t>(std::countr_zero(mask_)), offset, statistics);
    return event;
  }

  void take_other(std::uint32_t w, std::uint64_t offset, ReadStatistics& statistics) {
    const std::uint32_t type = w >> 12U;
    const std::uint32_t value = w & 0xfffU;
    if (type == time_high)
      set_high(value, offset, statistics);
    else if (type == trigger)
      ++statistics.triggers;
    else if (type == vect_base_x && has_row_)
      set_base(value);
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
    time_ = epoch_ + (std::int64_t{high} << 12U);
  }

  void set_row(std::uint32_t row) {
    row_ = row;
    has_row_ = true;
  }

  void set_base(std::uint32_t value) {
    base_ = value & 0x7ffU;
    on_ = (value & 0x800U) != 0;
    has_base_ = true;
  }

  void skip(std::uint32_t type, ReadStatistics& statistics) {
    if (type == exposure_y) has_row_ = has_base_ = false;  // what follows is no contrast event
    ++statistics.skipped;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  std::int64_t time_ = 0;   // us, unwrapped
  std::int64_t epoch_ = 0;  // us, multiples of 2^24
  std::uint32_t high_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t base_ = 0;       // x of the next vector's bit 0
  std::uint32_t mask_ = 0;       // bits of the last vector not yet turned into events
  std::uint32_t mask_base_ = 0;  // x of their bit 0
  bool on_ = false;
  bool has_clock_ = false;
  bool has_row_ = false;   // only with a clock
  bool has_base_ = false;  // only with a row
};

struct Evt3 {
  static constexpr std::string_view name = "evt3";
  static constexpr std::string_view title = "Prophesee RAW EVT3";
  static constexpr std::string_view extensions = ".raw";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: TIME_HIGH x 4096 + TIME_LOW, a change of TIME_HIGH sets the low part "
      "to 0, a "
      "fall of TIME_HIGH by more than half its range adds 2^24; words before the first TIME_HIGH are skipped";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    const RawHeader header = parse_raw_header(head);
    return recognise_raw_header(header, "EVT3").value_or(recognise_body(head.substr(header.bytes)));
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT3");
    return std::make_unique<StreamReader<Evt3Decoder>>(std::move(source), Evt3Decoder(header.sensor),
                                                       header.sensor);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<Evt3Encoder>>(path, sensor);
  }

 private:
  /// How often the body's first words do what.
  struct Habits {
    std::size_t words = 0, clocks = 0, leaps = 0, lows = 0, falls = 0, rows = 0, events = 0, bases = 0,
                strange = 0;
  };

  static Habits habits_of(std::string_view body) {
    constexpr std::uint32_t known_types = 0xc5ff;  // all but 9 B C D
    Habits seen;
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    for (std::size_t i = 0; i + 2 <= body.size(); i += 2, ++seen.words) {
      const std::uint32_t w = load_le16(body.data() + i);
      const std::uint32_t type = w >> 12U;
      const std::uint32_t value = w & 0xfffU;
      if ((known_types >> type & 1U) == 0) ++seen.strange;
      if (type == Evt3Decoder::addr_y) ++seen.rows;
      if (type == Evt3Decoder::vect_base_x) ++seen.bases;
      if (type == Evt3Decoder::addr_x || type == Evt3Decoder::vect_12 || type == Evt3Decoder::vect_8)
        ++seen.events;
      if (type == Evt3Decoder::time_low) {
        if (value < low) ++seen.falls;
        low = value;
        ++seen.lows;
      } else if (type == Evt3Decoder::time_high) {
        const std::uint32_t step = (value - high) & 0xfffU;
        if (seen.clocks++ > 0 && step > 1024) ++seen.leaps;  // back, or on by more than 4 s
        if (step != 0) low = 0;
        high = value;
      }
    }
    return seen;
  }

  /// 2 if TIME_HIGH words appear at least three times, 1 if once or twice; 0 if the words' types are not
  /// those of EVT3, time does not rise or rows come without events.
  static int recognise_body(std::string_view body) {
    const Habits seen = habits_of(body);
    const std::size_t others = seen.words - seen.clocks - seen.lows - seen.rows - seen.events - seen.bases;
    if (seen.clocks == 0 || seen.rows == 0 || seen.events == 0 || seen.strange > seen.words / 100) return 0;
    if (seen.leaps > seen.clocks / 20 || seen.falls > seen.lows / 20 || seen.rows > 2 * seen.events + 10)
      return 0;
    if (others > 10 * seen.events + 100) return 0;
    return seen.clocks >= 3 ? 2 : 1;
  }
};

}  // namespace flurry
