// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "core/base/error.hpp"
#include "io/recording/aedat_header.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

/// The packets of AEDAT 3: a header of 28 bytes, then `capacity` events of `size` bytes, of which the first
/// `number` mean something.
///
/// Header, little-endian: 16 bits type (1 polarity), 16 source; 32 each size, place of the time in an event,
/// time overflow, capacity, number, valid. Polarity event: bit 0 valid, 1 on, 16..2 y, 31..17 x; 32 bits
/// time.
class Aedat3Decoder {
 public:
  /// `flipped`: y counts from the bottom in the file.
  Aedat3Decoder(SensorSize sensor, bool flipped, std::optional<std::int64_t> start)
      : width_(sensor.width == 0 ? 32768 : sensor.width),
        height_(sensor.height == 0 ? 32768 : sensor.height),
        flipped_(flipped),
        start_(start) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    std::size_t at = 0;
    std::size_t count = 0;
    while (count < events.size()) {
      const std::string_view rest = bytes.substr(at);
      std::size_t used = 0;
      if (body_ == 0) {
        if (rest.size() < header_bytes) break;
        used = take_header(rest.data(), offset + at, statistics);
      } else if (events_ > 0) {
        if (rest.size() < event_bytes) break;
        count += take_event(rest.data(), events[count], offset + at, statistics);
        used = event_bytes;
        --events_;
        body_ -= event_bytes;
      } else {
        used = static_cast<std::size_t>(std::min<std::uint64_t>(body_, rest.size()));
        if (used == 0) break;
        body_ -= used;
      }
      at += used;
    }
    return {at, count};
  }

  void finish(std::uint64_t offset, ReadStatistics& statistics) const {
    if (body_ > 0) note_damage(statistics, offset, "the file ends inside a packet");
  }

  /// The file's first event is taken to have come at the time its header says.
  [[nodiscard]] std::optional<std::int64_t> unix_offset() const {
    if (!start_ || !first_) return std::nullopt;
    return *start_ - *first_;
  }

 private:
  static constexpr std::size_t header_bytes = 28;
  static constexpr std::size_t event_bytes = 8;
  static constexpr unsigned polarity = 1;

  // How many bytes it used: one where no packet begins, so that the next one is found.
  std::size_t take_header(const char* bytes, std::uint64_t offset, ReadStatistics& statistics) {
    const std::uint32_t type = load_le16(bytes);
    const std::uint32_t size = load_le32(bytes + 4);
    const std::uint32_t time_place = load_le32(bytes + 8);
    const std::uint32_t overflow = load_le32(bytes + 12);
    const std::uint32_t capacity = load_le32(bytes + 16);
    const std::uint32_t number = load_le32(bytes + 20);
    const std::uint32_t valid = load_le32(bytes + 24);
    constexpr std::uint32_t last_type = 255, most = 0x7fffffff;
    const bool whole = type <= last_type && size > 0 && size <= most && time_place < size &&
                       overflow <= most && capacity > 0 && capacity <= most && number <= capacity &&
                       valid <= number;
    const bool events_like_ours = size == event_bytes && time_place == 4;
    // Among bytes that are no packet much looks like the header of some other type.
    if (!whole || (type == polarity && !events_like_ours) || (lost_ && type != polarity)) {
      if (!lost_) note_damage(statistics, offset, "there is no packet");
      lost_ = true;
      return 1;
    }
    lost_ = false;
    body_ = std::uint64_t{size} * capacity;
    epoch_ = std::int64_t{overflow} << 31U;
    const std::uint32_t source = load_le16(bytes + 2);
    if (type == polarity && !source_) source_ = source;
    if (type == polarity && source == source_)
      events_ = number;
    else
      ++statistics.skipped;
    return header_bytes;
  }

  std::size_t take_event(const char* bytes, AddressEvent& event, std::uint64_t offset,
                         ReadStatistics& statistics) {
    const std::uint32_t word = load_le32(bytes);
    const std::int64_t time = epoch_ + (load_le32(bytes + 4) & 0x7fffffffU);
    const std::uint32_t x = word >> 17U;
    const std::uint32_t y = word >> 2U & 0x7fffU;
    if ((word & 1U) == 0) {
      ++statistics.skipped;
      return 0;
    }
    if (x >= width_ || y >= height_) {
      note_damage(statistics, offset, "an event lies outside the sensor");
      return 0;
    }
    if (!first_) first_ = time;
    event = {time, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(flipped_ ? height_ - 1 - y : y),
             (word & 2U) != 0};
    return 1;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  bool flipped_;
  std::optional<std::int64_t> start_;    // us, Unix
  std::optional<std::int64_t> first_;    // us, of the first event
  std::optional<std::uint32_t> source_;  // the camera that is read: that of the first polarity packet
  std::int64_t epoch_ = 0;               // us, multiples of 2^31
  std::uint64_t body_ = 0;               // bytes of the packet to come
  std::uint64_t events_ = 0;             // that begin with so many events
  bool lost_ = false;                    // among bytes that are no packet
};

struct Aedat3 {
  static constexpr std::string_view name = "aedat3";
  static constexpr std::string_view title = "AEDAT 3.0 and 3.1 (cAER)";
  static constexpr std::string_view extensions = ".aedat";
  static constexpr std::string_view clock =
      "device clock in us, 31 bits as written plus 2^31 times the overflow count of the packet";
  static constexpr std::array choices{aedat_chip_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with("#!AER-DAT3.") ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    ByteSource source(path);
    const AedatHeader header = take_aedat_header(source, "3.");
    const AedatChip* chip = chosen_aedat_chip(readings, path.string());
    if (chip == nullptr) chip = find_aedat_chip(header.chip);
    const SensorSize sensor = chip == nullptr ? SensorSize{} : chip->sensor;
    const bool flipped = header.version == "3.0";
    if (flipped && chip == nullptr)
      throw FormatError(
          path.string() + ": AEDAT 3.0 counts y from the bottom and the header names the source '" +
          header.chip.substr(0, 80) + "', whose height is not known; choose one by the reading 'chip'");
    return std::make_unique<StreamReader<Aedat3Decoder>>(
        std::move(source), Aedat3Decoder(sensor, flipped, header.start), sensor);
  }
};

}  // namespace flurry
