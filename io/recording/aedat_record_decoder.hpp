// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "io/recording/aedat_header.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

/// How the addresses of AEDAT 1 and 2 are read.
struct AedatReading {
  AedatChip chip;
  bool set_is_on = false;  // the polarity bit of a DVS128
  bool mirrored = true;    // x counts from the right and y from the bottom

  /// UsageError for a choice that is none.
  AedatReading(const AedatChip& found, const Readings& readings, const std::string& file);
};

/// The records of AEDAT 1 and 2: an address of 16 or 32 bits, then the time in us as a signed number of 32
/// bits, all most significant byte first.
///
/// DVS128: bit 15 external event, bits 14..8 y, 7..1 x, 0 polarity; larger addresses are marks of the
/// recorder. DAVIS: bit 31 frame or motion sensor, 30..22 y, 21..12 x, 11 on, 10 external event.
template <std::size_t AddressBytes>
class AedatRecordDecoder {
 public:
  explicit AedatRecordDecoder(const AedatReading& reading)
      : davis_(reading.chip.davis),
        clear_is_on_(!reading.chip.davis && !reading.set_is_on),
        mirrored_(reading.mirrored),
        width_(reading.chip.sensor.width),
        height_(reading.chip.sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    std::size_t at = 0;
    std::size_t count = 0;
    for (; bytes.size() - at >= record_bytes && count < events.size(); at += record_bytes) {
      const char* record = bytes.data() + at;
      const std::uint32_t address = AddressBytes == 2
                                        ? load_be16(record)
                                        : std::uint32_t{load_be16(record)} << 16U | load_be16(record + 2);
      const std::int64_t time = unwrap(std::uint32_t{load_be16(record + AddressBytes)} << 16U |
                                       load_be16(record + AddressBytes + 2));
      if (!is_pixel(address, statistics)) continue;
      count += take_pixel(address, time, events[count], offset + at, statistics);
    }
    return {at, count};
  }

 private:
  static constexpr std::size_t record_bytes = AddressBytes + 4;

  static std::uint16_t load_be16(const char* p) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(p[0]) << 8U |
                                      static_cast<unsigned char>(p[1]));
  }

  std::int64_t unwrap(std::uint32_t word) {
    const auto time = static_cast<std::int32_t>(word);
    if (std::int64_t{time} - last_ < -(std::int64_t{1} << 31U)) epoch_ += std::int64_t{1} << 32U;
    last_ = time;
    return epoch_ + time;
  }

  // Counts what is none.
  [[nodiscard]] bool is_pixel(std::uint32_t address, ReadStatistics& statistics) const {
    if (address > (davis_ ? 0x7fffffffU : 0xffffU)) {
      ++statistics.skipped;
      return false;
    }
    const bool external = (address & (davis_ ? 0x400U : 0x8000U)) != 0;
    if (external) ++statistics.triggers;
    return !external;
  }

  std::size_t take_pixel(std::uint32_t address, std::int64_t time, AddressEvent& event, std::uint64_t offset,
                         ReadStatistics& statistics) const {
    std::uint32_t x = davis_ ? address >> 12U & 0x3ffU : address >> 1U & 0x7fU;
    std::uint32_t y = davis_ ? address >> 22U & 0x1ffU : address >> 8U & 0x7fU;
    const bool bit = (address & (davis_ ? 0x800U : 1U)) != 0;
    if (x >= width_ || y >= height_) {
      note_damage(statistics, offset, "an event lies outside the sensor");
      return 0;
    }
    if (mirrored_) {
      x = width_ - 1 - x;
      y = height_ - 1 - y;
    }
    event = {time, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y), bit != clear_is_on_};
    return 1;
  }

  bool davis_;
  bool clear_is_on_;
  bool mirrored_;
  std::uint32_t width_;
  std::uint32_t height_;
  std::int64_t last_ = 0;   // us, as written last
  std::int64_t epoch_ = 0;  // us, multiples of 2^32
};

}  // namespace flurry
