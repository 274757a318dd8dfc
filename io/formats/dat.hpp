// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.hpp"
#include "io/recording/event_lanes.hpp"
#include "io/recording/event_limits.hpp"
#include "io/recording/parallel_reader.hpp"
#include "io/recording/raw_header.hpp"
#include "io/recording/stream_writer.hpp"

namespace flurry {

/// Prophesee DAT: records of 8 bytes, time in us (32 bits), then the pixel (32 bits), little-endian.
///
/// Version 2: x bits 0..13, y 14..27, polarity 28..31. Version 1: x bits 0..8, y 9..16, polarity 17.
template <int Version>
class DatDecoder {
 public:
  static constexpr std::size_t word_bytes = 8;
  static constexpr std::int64_t range = std::int64_t{1} << 32U;  // us

  explicit DatDecoder(SensorSize sensor)
      : width_(sensor.width == 0 ? 16384 : sensor.width),
        height_(sensor.height == 0 ? 16384 : sensor.height) {}

  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics) {
    const char* record = bytes.data();
    const char* const end = record + bytes.size() / word_bytes * word_bytes;
    AddressEvent* event = events.data();
    AddressEvent* const full = event + events.size();
    while (record != end && event != full) {
      take_lanes(record, end, event, full);
      if (record == end || event == full) break;
      event =
          take_record(record, event, offset + static_cast<std::size_t>(record - bytes.data()), statistics);
      record += word_bytes;
    }
    return {static_cast<std::size_t>(record - bytes.data()), static_cast<std::size_t>(event - events.data())};
  }

  // For ParallelReader.
  static std::size_t count(std::string_view words) { return words.size() / word_bytes; }
  static std::size_t next_split(std::string_view /*words*/) { return 0; }
  bool resume(std::string_view before) {
    if (before.size() >= word_bytes) last_ = load_le32(before.data() + before.size() - word_bytes);
    return true;
  }
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }
  void advance(std::int64_t us) { epoch_ += us; }

 private:
  static constexpr std::uint32_t half_range = 1U << 31U;

  static constexpr std::ptrdiff_t lanes_bytes = event_lanes * std::ptrdiff_t{word_bytes};

  /// Eight records at once, up to one that lies off the sensor or begins an epoch, or until fewer are left.
  void take_lanes(const char*& record, const char* end, AddressEvent*& event, const AddressEvent* full) {
    std::uint64_t last = last_;
    while (full - event >= event_lanes && end - record >= lanes_bytes) {
      EventLanes words;
      std::memcpy(&words, record, sizeof(words));
      if constexpr (std::endian::native == std::endian::big) return;
      const EventLanes time = words & 0xffffffffU;
      const EventLanes before = moved_up<1>(EventLanes{} + last, time);
      const EventLanes pixel = words >> 32;
      const EventLanes x = pixel & (Version == 1 ? 0x1ffU : 0x3fffU);
      const EventLanes y = Version == 1 ? pixel >> 9 & 0xffU : pixel >> 14 & 0x3fffU;
      const EventLanes on =
          Version == 1 ? pixel >> 17 & 1U : reinterpret_cast<EventLanes>(pixel >> 28 != 0) & 1U;
      put_events(event, time + static_cast<std::uint64_t>(epoch_), x | y << 16 | on << 32);
      const std::ptrdiff_t count = lanes_before(
          reinterpret_cast<EventLanes>((x >= width_) | (y >= height_) | (before > time + half_range)));
      if (count != event_lanes) [[unlikely]] {
        if (count > 0) last = time[count - 1];
        record += count * std::ptrdiff_t{word_bytes};
        event += count;
        break;
      }
      last = time[event_lanes - 1];
      record += lanes_bytes;
      event += event_lanes;
    }
    last_ = static_cast<std::uint32_t>(last);
  }

  AddressEvent* take_record(const char* record, AddressEvent* event, std::uint64_t place,
                            ReadStatistics& statistics) {
    const std::uint32_t time = load_le32(record);
    const std::uint32_t pixel = load_le32(record + 4);
    if (time < last_ && last_ - time > half_range) epoch_ += range;
    last_ = time;
    const std::uint32_t x = Version == 1 ? pixel & 0x1ffU : pixel & 0x3fffU;
    const std::uint32_t y = Version == 1 ? pixel >> 9U & 0xffU : pixel >> 14U & 0x3fffU;
    put_event(event, epoch_ + time,
              packed_pixel(x, y, Version == 1 ? (pixel >> 17U & 1U) != 0 : pixel >> 28U != 0));
    if (x < width_ && y < height_) return event + 1;
    note_damage(statistics, place, "an event lies outside the sensor");
    return event;
  }

  std::uint32_t width_;
  std::uint32_t height_;
  std::uint32_t last_ = 0;  // us; the time of the last record
  std::int64_t epoch_ = 0;  // us, multiples of 2^32
};

/// A DAT file of external triggers: each record is counted.
class DatTriggerDecoder {
 public:
  static Decoded decode(std::string_view bytes, std::uint64_t /*offset*/, std::span<AddressEvent> /*events*/,
                        ReadStatistics& statistics) {
    statistics.triggers += bytes.size() / 8;
    return {bytes.size() / 8 * 8, 0};
  }
};

/// Turns events into DAT version 2: the mirror image of DatDecoder.
class DatEncoder {
 public:
  static constexpr EventLimits limits{
      .title = "DAT", .max_width = 16384, .max_height = 16384, .clock_range = DatDecoder<2>::range};

  explicit DatEncoder(SensorSize sensor) : sensor_(sensor) {}

  [[nodiscard]] std::string header() const {
    return "% Data file containing CD events.\n% Version 2\n% Height " + std::to_string(sensor_.height) +
           "\n% Width " + std::to_string(sensor_.width) + "\n\x0c\x08";
  }
  static void encode(std::span<const AddressEvent> events, std::string& bytes) {
    for (const AddressEvent& event : events) {
      append_le32(static_cast<std::uint32_t>(event.t & 0xffffffff), bytes);
      append_le32((event.on ? 1U << 28U : 0U) | std::uint32_t{event.y} << 14U | event.x, bytes);
    }
  }
  static void finish(std::string& /*bytes*/) {}

 private:
  SensorSize sensor_;
};

struct Dat {
  static constexpr std::string_view name = "dat";
  static constexpr std::string_view title = "Prophesee DAT 1 and 2";
  static constexpr std::string_view extensions = ".dat";
  static constexpr std::string_view clock =
      "device clock in us, unwrapped: 32 bits as written, a fall by more than half their range adds 2^32";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return parse_raw_header(head).format == "DAT" ? 3 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    ByteSource source(path);
    const Layout layout = take_layout(source);
    if (layout.triggers)
      return std::make_unique<StreamReader<DatTriggerDecoder>>(std::move(source), DatTriggerDecoder(),
                                                               layout.sensor);
    if (layout.version == 1)
      return std::make_unique<StreamReader<DatDecoder<1>>>(std::move(source), DatDecoder<1>(layout.sensor),
                                                           layout.sensor);
    return std::make_unique<StreamReader<DatDecoder<2>>>(std::move(source), DatDecoder<2>(layout.sensor),
                                                         layout.sensor);
  }

  static std::unique_ptr<EventReader> open_on(const std::filesystem::path& path, std::size_t threads) {
    ByteSource source(path);
    const Layout layout = take_layout(source);
    if (layout.triggers || layout.version == 1) return open(path);
    return std::make_unique<ParallelReader<DatDecoder<2>>>(
        path, source.offset(), DatDecoder<2>(layout.sensor), layout.sensor, threads);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<DatEncoder>>(path, sensor);
  }

 private:
  /// What the header says of the records.
  struct Layout {
    int version = 2;
    bool triggers = false;
    SensorSize sensor;
  };

  /// Reads the header and the two bytes after it: type of event (0 in old files, 12 contrast, 14 triggers)
  /// and bytes of a record. A header without version is of version 1.
  static Layout take_layout(ByteSource& source) {
    const RawHeader header = take_raw_header(source, "DAT");
    const std::string file = source.path().string();
    if (!header.version.empty() && header.version != "1" && header.version != "2")
      throw FormatError(file + ": DAT version " + header.version + " is not read, only 1 and 2");
    const std::string_view bytes = source.unread();
    if (bytes.size() < 2)
      throw FormatError(file + ": the file ends at byte " + std::to_string(header.bytes + bytes.size()) +
                        ", before the two bytes that say type and size of its events");
    const auto type = static_cast<unsigned char>(bytes[0]);
    const auto size = static_cast<unsigned char>(bytes[1]);
    if (type != 0 && type != contrast && type != trigger)
      throw FormatError(file + ": DAT events of type " + std::to_string(type) +
                        " are not read, only 0 and 12 (contrast) and 14 (triggers, which are counted)");
    if (size != 8)
      throw FormatError(file + ": DAT events of " + std::to_string(size) + " bytes are not read, only of 8");
    source.consume(2);
    return {header.version == "2" ? 2 : 1, type == trigger, header.sensor};
  }

  static constexpr unsigned char contrast = 12, trigger = 14;
};

}  // namespace flurry
