// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>

#include "core/base/error.hpp"
#include "io/recording/evt2_clock.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

/// Prophesee RAW EVT2.1: 64-bit little-endian words, the type in the top 4 bits. In the legacy order of words
/// the two halves are exchanged.
///
/// 0 off and 1 on: low time bits 59..54, x of bit 0 53..43, y 42..32, then one bit for each of 32 pixels, an
/// event each, lowest first. 8 TIME_HIGH: bits 59..32, unit 64 us. A external trigger.
template <bool Legacy>
class Evt21Decoder {
 public:
  static constexpr std::uint32_t on = 1, time_high = Evt2Clock::time_high;

  explicit Evt21Decoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 2048 : sensor.width), height_(sensor.height == 0 ? 2048 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    AddressEvent* event = events.data();
    const AddressEvent* const full = event + events.size();
    std::size_t at = 0;
    event = unpack(event, full, offset, statistics);
    for (; bytes.size() - at >= 8 && event != full && mask_ == 0; at += 8) {
      const std::uint32_t top = top_half(bytes.data() + at);
      if (top >> 28U <= on && clock_.runs()) [[likely]] {
        mask_ = load_le32(bytes.data() + at + (Legacy ? 4 : 0));
        pixel_ = {clock_.base() + (top >> 22U & 63U), static_cast<std::uint16_t>(top >> 11U & 0x7ffU),
                  static_cast<std::uint16_t>(top & 0x7ffU), top >> 28U == on};
        event = unpack(event, full, offset + at, statistics);
      } else {
        clock_.take_other(top, offset + at, statistics);
      }
    }
    return {at, static_cast<std::size_t>(event - events.data())};
  }

  static std::uint32_t top_half(const char* word) { return load_le32(word + (Legacy ? 0 : 4)); }

 private:
  // What there is no room for stays in mask_.
  AddressEvent* unpack(AddressEvent* event, const AddressEvent* full, std::uint64_t offset,
                       ReadStatistics& statistics) {
    for (; mask_ != 0 && event != full; mask_ &= mask_ - 1) {
      const std::uint32_t x = pixel_.x + static_cast<std::uint32_t>(std::countr_zero(mask_));
      *event = {pixel_.t, static_cast<std::uint16_t>(x), pixel_.y, pixel_.on};
      if (x < width_ && pixel_.y < height_) [[likely]]
        ++event;
      else
        note_damage(statistics, offset, "an event lies outside the sensor");
    }
    return event;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  Evt2Clock clock_;
  AddressEvent pixel_;      // of bit 0 of the last word
  std::uint32_t mask_ = 0;  // its bits not yet turned into events
};

struct Evt21 {
  static constexpr std::string_view name = "evt21";
  static constexpr std::string_view title = "Prophesee RAW EVT2.1";
  static constexpr std::string_view extensions = ".raw";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: TIME_HIGH x 64 + 6 low bits, a fall of TIME_HIGH by more than half its "
      "range adds 2^34; words before the first TIME_HIGH are skipped";
  static constexpr std::array choices{
      ReadingChoice{"words", "little, legacy (default: what the header says, else what the words look like)",
                    "the order of a word's two halves"}};

  /// By header only: without one the words are hard to tell from others.
  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return recognise_raw_header(parse_raw_header(head), "EVT2.1").value_or(0);
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    ByteSource source(path);
    const RawHeader header = take_raw_header(source, "EVT2.1");
    if (is_legacy(source, header, readings))
      return std::make_unique<StreamReader<Evt21Decoder<true>>>(
          std::move(source), Evt21Decoder<true>(header.sensor), header.sensor);
    return std::make_unique<StreamReader<Evt21Decoder<false>>>(
        std::move(source), Evt21Decoder<false>(header.sensor), header.sensor);
  }

 private:
  /// The user's choice; else the header's, unless only the other order makes TIME_HIGH words that rise; else
  /// the order that does; else, of older cameras, legacy.
  static bool is_legacy(const ByteSource& source, const RawHeader& header, const Readings& readings) {
    const std::string file = source.path().string();
    if (const auto chosen = readings.find("words"); chosen != readings.end()) {
      if (chosen->second != "little" && chosen->second != "legacy")
        throw UsageError(file + ": words is '" + chosen->second + "'; it can be little or legacy");
      return chosen->second == "legacy";
    }
    const bool little_fits = fits<false>(source.unread());
    const bool legacy_fits = fits<true>(source.unread());
    const std::string& said = header.endianness;
    if (!said.empty() && said != "little" && said != "legacy")
      throw FormatError(file + ": the header says endianness " + said + "; only little and legacy are known");
    if ((said == "little" && legacy_fits && !little_fits) ||
        (said == "legacy" && little_fits && !legacy_fits))
      throw FormatError(
          file + ": the header says the words are " + said +
          ", but only in the other order do TIME_HIGH words appear and rise; say which is right "
          "with the reading words=little or words=legacy");
    if (!said.empty()) return said == "legacy";
    if (little_fits != legacy_fits) return legacy_fits;
    return !header.system_id.empty();
  }

  /// Whether, in this order, the first words hold TIME_HIGH words that rise and few unknown ones.
  template <bool Legacy>
  static bool fits(std::string_view body) {
    constexpr std::uint32_t known_types = 0xc503;  // 0 1 8 A E F
    std::size_t words = 0, strange = 0, clocks = 0, leaps = 0;
    std::uint32_t high = 0;
    for (std::size_t i = 0; i + 8 <= std::min(body.size(), std::size_t{1} << 16U); i += 8, ++words) {
      const std::uint32_t top = Evt21Decoder<Legacy>::top_half(body.data() + i);
      if ((known_types >> (top >> 28U) & 1U) == 0) ++strange;
      if (top >> 28U != Evt21Decoder<Legacy>::time_high) continue;
      const std::uint32_t step = (top - high) & Evt2Clock::high_mask;
      if (clocks++ > 0 && step > 0xfffffU) ++leaps;  // back, or on by more than 67 s
      high = top & Evt2Clock::high_mask;
    }
    return clocks > 0 && leaps <= clocks / 20 && strange <= words / 100;
  }
};

}  // namespace flurry
