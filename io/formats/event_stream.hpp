// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

/// Event Stream version 2, types dvs and atis: each event a byte with the time since the last one, then x and
/// y as 16-bit little-endian numbers. y counts from the bottom in the file.
///
/// dvs: bits 7..1 us, bit 0 on; 0xFF adds 127 us, 0xFE is skipped. atis: bits 7..2 us, bit 1 on, bit 0
/// exposure measurement; 0xFC to 0xFF add 63 us times their low two bits.
template <bool Atis>
class EventStreamDecoder {
 public:
  explicit EventStreamDecoder(SensorSize sensor) : width_(sensor.width), height_(sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    std::size_t at = 0;
    std::size_t count = 0;
    while (at < bytes.size() && count < events.size()) {
      const auto first = static_cast<unsigned char>(bytes[at]);
      if (first >= longest_delta) {
        take_pause(first, statistics);
        ++at;
      } else {
        if (bytes.size() - at < 5) break;
        count += take_event(bytes.data() + at, events[count], offset + at, statistics);
        at += 5;
      }
    }
    return {at, count};
  }

 private:
  static constexpr unsigned char longest_delta = Atis ? 0xfc : 0xfe;

  void take_pause(unsigned char byte, ReadStatistics& statistics) {
    if (Atis)
      time_ += 63 * (byte & 3);
    else if (byte == 0xff)
      time_ += 127;
    else
      ++statistics.skipped;
  }

  std::size_t take_event(const char* bytes, AddressEvent& event, std::uint64_t offset,
                         ReadStatistics& statistics) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    time_ += Atis ? first >> 2U : first >> 1U;
    const std::uint16_t x = load_le16(bytes + 1);
    const std::uint16_t y = load_le16(bytes + 3);
    if (x >= width_ || y >= height_) {
      note_damage(statistics, offset, "an event lies outside the sensor");
      return 0;
    }
    if (Atis && (first & 1U) != 0) {
      ++statistics.skipped;
      return 0;
    }
    event = {time_, x, static_cast<std::uint16_t>(height_ - 1 - y), (first & (Atis ? 2U : 1U)) != 0};
    return 1;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  std::int64_t time_ = 0;  // us since the start of the file
};

struct EventStream {
  static constexpr std::string_view name = "es";
  static constexpr std::string_view title = "Event Stream 2 (dvs, atis)";
  static constexpr std::string_view extensions = ".es";
  static constexpr std::string_view clock =
      "the sum of the time differences in us from the start of the file";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with(signature) ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    source.refill();
    const std::string_view head = source.unread();
    const unsigned type = checked_type(head, path.string());
    const SensorSize sensor{load_le16(head.data() + 16), load_le16(head.data() + 18)};
    source.consume(header_bytes);
    if (type == atis)
      return std::make_unique<StreamReader<EventStreamDecoder<true>>>(
          std::move(source), EventStreamDecoder<true>(sensor), sensor);
    return std::make_unique<StreamReader<EventStreamDecoder<false>>>(
        std::move(source), EventStreamDecoder<false>(sensor), sensor);
  }

 private:
  static constexpr std::string_view signature = "Event Stream";
  static constexpr std::size_t header_bytes = 20;  // signature, version 3, type 1, width 2, height 2
  static constexpr unsigned dvs = 1, atis = 2;

  static unsigned checked_type(std::string_view head, const std::string& file) {
    if (!head.starts_with(signature))
      throw FormatError(file + ": does not start with 'Event Stream', so it is no Event Stream file");
    if (head.size() < 16) throw FormatError(file + ": the file ends inside its header of 20 bytes");
    const auto version = static_cast<unsigned char>(head[12]);
    const auto type = static_cast<unsigned char>(head[15]);
    if (version != 2)
      throw FormatError(file + ": Event Stream version " + std::to_string(version) +
                        " is not read, only version 2");
    if (type != dvs && type != atis)
      throw FormatError(file + ": Event Stream type " + std::to_string(type) + describe(type) +
                        " is not read, only 1 (dvs) and 2 (atis): its events have no polarity");
    if (head.size() < header_bytes) throw FormatError(file + ": the file ends inside its header of 20 bytes");
    return type;
  }

  static std::string describe(unsigned type) {
    if (type == 0) return " (generic)";
    return type == 4 ? " (color)" : "";
  }
};

}  // namespace flurry
