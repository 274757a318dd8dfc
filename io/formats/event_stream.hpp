// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "core/base/error.hpp"
#include "io/recording/stream_reader.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

/// The types of Event Stream files, as byte 15 says.
enum class EventStreamType : std::uint8_t { generic = 0, dvs = 1, atis = 2, color = 4 };

/// Event Stream version 2, types with pixels: each event a byte with the time since the last one, then x and
/// y as 16-bit little-endian numbers. y counts from the bottom in the file.
///
/// dvs: bits 7..1 us, bit 0 on; 0xFF adds 127 us, 0xFE is skipped. atis: bits 7..2 us, bit 1 on, bit 0
/// exposure measurement; 0xFC to 0xFF add 63 us times their low two bits. color: all bits us; 0xFF adds 254
/// us, 0xFE is skipped; red, green and blue, a byte each, follow y: an event that a pixel changed, taken for
/// on.
template <EventStreamType Type>
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
        if (bytes.size() - at < event_bytes) break;
        count += take_event(bytes.data() + at, events[count], offset + at, statistics);
        at += event_bytes;
      }
    }
    return {at, count};
  }

 private:
  static constexpr bool is_atis = Type == EventStreamType::atis;
  static constexpr bool is_color = Type == EventStreamType::color;
  static constexpr unsigned char longest_delta = is_atis ? 0xfc : 0xfe;
  static constexpr std::size_t event_bytes = is_color ? 8 : 5;
  static constexpr unsigned time_shift = is_color ? 0 : is_atis ? 2 : 1;

  void take_pause(unsigned char byte, ReadStatistics& statistics) {
    if (is_atis)
      time_ += std::int64_t{63} * (byte & 3);
    else if (byte == 0xff)
      time_ += is_color ? 254 : 127;
    else
      ++statistics.skipped;
  }

  std::size_t take_event(const char* bytes, AddressEvent& event, std::uint64_t offset,
                         ReadStatistics& statistics) {
    const auto first = static_cast<unsigned char>(bytes[0]);
    time_ += first >> time_shift;
    const std::uint16_t x = load_le16(bytes + 1);
    const std::uint16_t y = load_le16(bytes + 3);
    if (x >= width_ || y >= height_) {
      note_damage(statistics, offset, "an event lies outside the sensor");
      return 0;
    }
    if (is_atis && (first & 1U) != 0) {
      ++statistics.skipped;
      return 0;
    }
    const bool on = is_color || (first & (is_atis ? 2U : 1U)) != 0;
    event = {time_, x, static_cast<std::uint16_t>(height_ - 1 - y), on};
    return 1;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  std::int64_t time_ = 0;  // us since the start of the file
};

/// Event Stream version 2, type generic: a byte with the time since the last event (0xFF and 0xFE as in
/// color), a length in groups of 7 bits, lowest first, bit 0 of each byte set while more follow, then that
/// many bytes. They have no pixel: all are skipped.
class GenericStreamDecoder {
 public:
  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> /*events*/,
                 ReadStatistics& statistics) {
    std::size_t at = 0;
    while (at < bytes.size()) {
      if (rest_ > 0) {
        const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, bytes.size() - at));
        rest_ -= step;
        at += step;
      } else {
        take_byte(static_cast<unsigned char>(bytes[at]), offset + at, statistics);
        ++at;
      }
    }
    return {at, 0};
  }

  void finish(std::uint64_t offset, ReadStatistics& statistics) const {
    if (in_length_ || rest_ > 0) note_damage(statistics, offset, "the file ends inside an event");
  }

 private:
  static constexpr unsigned longest_length = 56;  // bits

  void take_byte(unsigned char byte, std::uint64_t offset, ReadStatistics& statistics) {
    if (!in_length_) {
      if (byte == 0xff) return;  // time alone
      ++statistics.skipped;
      in_length_ = byte != 0xfe;
      length_ = shift_ = 0;
      return;
    }
    length_ |= std::uint64_t{byte} >> 1U << shift_;
    shift_ += 7;
    in_length_ = (byte & 1U) != 0;
    if (in_length_ && shift_ >= longest_length) {
      note_damage(statistics, offset, "an event has a length of more than 56 bits");
      in_length_ = false;
    } else if (!in_length_) {
      rest_ = length_;
    }
  }

  bool in_length_ = false;
  unsigned shift_ = 0;        // bits of the length read so far
  std::uint64_t length_ = 0;  // bytes
  std::uint64_t rest_ = 0;    // bytes of the event to come
};

/// Turns events into Event Stream 2 of type dvs. Silence costs a byte for each 127 us.
class EventStreamEncoder {
 public:
  static constexpr EventLimits limits{.title = "Event Stream",
                                      .max_width = 65535,
                                      .max_height = 65535,
                                      .t_max = (std::int64_t{1} << 36U) - 1};

  explicit EventStreamEncoder(SensorSize sensor) : sensor_(sensor) {}

  [[nodiscard]] std::string header() const {
    using namespace std::string_view_literals;
    std::string bytes("Event Stream\x02\x00\x00\x01"sv);
    put(bytes, sensor_.width);
    put(bytes, sensor_.height);
    return bytes;
  }

  void encode(std::span<const AddressEvent> events, std::string& bytes) {
    for (const AddressEvent& event : events) {
      std::int64_t delta = event.t - time_;
      if (delta >= pause) bytes.append(static_cast<std::size_t>(delta / pause), '\xff');
      delta %= pause;
      bytes += static_cast<char>(delta << 1U | (event.on ? 1 : 0));
      put(bytes, event.x);
      put(bytes, sensor_.height - 1 - event.y);
      time_ = event.t;
    }
  }
  void finish(std::string& /*bytes*/) const {}

 private:
  static constexpr std::int64_t pause = 127;  // us

  static void put(std::string& bytes, std::uint32_t word) {
    bytes += static_cast<char>(word & 0xffU);
    bytes += static_cast<char>(word >> 8U & 0xffU);
  }

  SensorSize sensor_;
  std::int64_t time_ = 0;  // us, of the last event
};

struct EventStream {
  static constexpr std::string_view name = "es";
  static constexpr std::string_view title = "Event Stream 2 (dvs, atis, color, generic)";
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
    const EventStreamType type = checked_type(head, path.string());
    if (type == EventStreamType::generic) {
      source.consume(generic_header_bytes);
      return std::make_unique<StreamReader<GenericStreamDecoder>>(std::move(source), GenericStreamDecoder(),
                                                                  SensorSize{});
    }
    const SensorSize sensor{load_le16(head.data() + 16), load_le16(head.data() + 18)};
    source.consume(header_bytes);
    switch (type) {
      case EventStreamType::atis:
        return reader<EventStreamType::atis>(std::move(source), sensor);
      case EventStreamType::color:
        return reader<EventStreamType::color>(std::move(source), sensor);
      default:
        return reader<EventStreamType::dvs>(std::move(source), sensor);
    }
  }

  /// The type is dvs.
  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<EventStreamEncoder>>(path, sensor);
  }

 private:
  static constexpr std::string_view signature = "Event Stream";
  static constexpr std::size_t header_bytes = 20;  // signature, version 3, type 1, width 2, height 2
  static constexpr std::size_t generic_header_bytes = 16;

  template <EventStreamType Type>
  static std::unique_ptr<EventReader> reader(ByteSource source, SensorSize sensor) {
    return std::make_unique<StreamReader<EventStreamDecoder<Type>>>(std::move(source),
                                                                    EventStreamDecoder<Type>(sensor), sensor);
  }

  static EventStreamType checked_type(std::string_view head, const std::string& file) {
    if (!head.starts_with(signature))
      throw FormatError(file + ": does not start with 'Event Stream', so it is no Event Stream file");
    if (head.size() < generic_header_bytes)
      throw FormatError(file + ": the file ends inside its header of 20 bytes");
    const auto version = static_cast<unsigned char>(head[12]);
    const auto type = static_cast<unsigned char>(head[15]);
    if (version != 2)
      throw FormatError(file + ": Event Stream version " + std::to_string(version) +
                        " is not read, only version 2");
    if (type > 4 || type == 3)
      throw FormatError(file + ": Event Stream type " + std::to_string(type) +
                        " is not known, only 0 (generic), 1 (dvs), 2 (atis) and 4 (color)");
    if (type != 0 && head.size() < header_bytes)
      throw FormatError(file + ": the file ends inside its header of 20 bytes");
    return static_cast<EventStreamType>(type);
  }
};

}  // namespace flurry
