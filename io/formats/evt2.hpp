// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/raw_header.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

/// Prophesee RAW EVT2: 32-bit little-endian words, the type in the top 4 bits.
///
/// 0 off and 1 on: low time bits 27..22, x 21..11, y 10..0. 8 TIME_HIGH: 28 bits, unit 64 us. A external
/// trigger. Time bits 0..5 of an event may run back by up to 62 us between two TIME_HIGH words: such events
/// keep that time.
class Evt2Decoder {
 public:
  static constexpr std::uint32_t off = 0, on = 1, time_high = 8, trigger = 10;

  explicit Evt2Decoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 2048 : sensor.width), height_(sensor.height == 0 ? 2048 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    const char* word = bytes.data();
    const char* const end = word + bytes.size() / 4 * 4;
    AddressEvent* event = events.data();
    AddressEvent* const full = event + events.size();
    for (; word != end && event != full; word += 4) {
      const std::uint32_t w = load_le32(word);
      const std::uint32_t type = w >> 28U;
      if (type <= on && has_clock_) [[likely]] {
        const std::uint32_t x = (w >> 11U) & 0x7ffU;
        const std::uint32_t y = w & 0x7ffU;
        *event = {base_ + ((w >> 22U) & 63U), static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y),
                  type == on};
        if (x < width_ && y < height_) [[likely]]
          ++event;
        else
          note_damage(statistics, offset + distance(bytes, word), "an event lies outside the sensor");
      } else {
        take_other(w, offset + distance(bytes, word), statistics);
      }
    }
    return {distance(bytes, word), static_cast<std::size_t>(event - events.data())};
  }

 private:
  static std::size_t distance(std::string_view bytes, const char* word) {
    return static_cast<std::size_t>(word - bytes.data());
  }

  void take_other(std::uint32_t w, std::uint64_t offset, ReadStatistics& statistics) {
    const std::uint32_t type = w >> 28U;
    if (type == time_high)
      set_clock(w & 0xfffffffU, offset, statistics);
    else if (type == trigger)
      ++statistics.triggers;
    else
      ++statistics.skipped;
  }

  void set_clock(std::uint32_t high, std::uint64_t offset, ReadStatistics& statistics) {
    if (high < high_) {
      if (high_ - high > half_range)
        epoch_ += std::int64_t{1} << 34U;
      else
        note_damage(statistics, offset, "TIME_HIGH runs back");
    }
    high_ = high;
    has_clock_ = true;
    base_ = epoch_ + (std::int64_t{high} << 6U);
  }

  static constexpr std::uint32_t half_range = 1U << 27U;

  std::uint32_t width_;
  std::uint32_t height_;
  std::uint32_t high_ = 0;
  bool has_clock_ = false;
  std::int64_t epoch_ = 0;  // us, multiples of 2^34
  std::int64_t base_ = 0;   // us, epoch and TIME_HIGH
};

struct Evt2 {
  static constexpr std::string_view name = "evt2";
  static constexpr std::string_view title = "Prophesee RAW EVT2";
  static constexpr std::string_view extensions = ".raw";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: TIME_HIGH x 64 + 6 low bits, a fall of TIME_HIGH by more than half its "
      "range "
      "adds 2^34; events before the first TIME_HIGH are skipped";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    const RawHeader header = parse_raw_header(head);
    return recognise_raw_header(header, "EVT2").value_or(recognise_body(head.substr(header.bytes)));
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT2");
    return std::make_unique<StreamReader<Evt2Decoder>>(std::move(source), Evt2Decoder(header.sensor),
                                                       header.sensor);
  }

 private:
  /// 2 if TIME_HIGH words appear at least three times, 1 if once or twice; 0 if the words' types are not
  /// those of EVT2 or time does not rise.
  static int recognise_body(std::string_view body) {
    constexpr std::uint32_t known_types = 0xc503;  // 0 1 8 A E F
    std::size_t words = 0, strange = 0, clocks = 0, leaps = 0, events = 0, falls = 0, empty = 0;
    std::uint32_t high = 0;
    std::uint32_t low = 0;
    for (std::size_t i = 0; i + 4 <= body.size(); i += 4, ++words) {
      const std::uint32_t w = load_le32(body.data() + i);
      const std::uint32_t type = w >> 28U;
      if ((known_types >> type & 1U) == 0) ++strange;
      if (type == Evt2Decoder::time_high) {
        const std::uint32_t step = ((w & 0xfffffffU) - high) & 0xfffffffU;
        if (clocks++ > 0 && step > 0xfffffU) ++leaps;  // back, or on by more than 67 s
        if (step != 0) low = 0;
        high = w & 0xfffffffU;
      } else if (type <= Evt2Decoder::on && clocks > 0) {
        const std::uint32_t next = (w >> 22U) & 63U;
        if (next < low) ++falls;
        if (w == 0) ++empty;
        low = next;
        ++events;
      }
    }
    const std::size_t others = words - clocks - events;
    if (clocks == 0 || events == 0 || strange > words / 100) return 0;
    if (leaps > clocks / 20 || falls > events / 20 || empty > events / 10 || others > 10 * events + 100)
      return 0;
    return clocks >= 3 ? 2 : 1;
  }
};

}  // namespace flurry
