// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/recording/stream_reader.hpp"
#include "io/ros/ros_message.hpp"

namespace flurry {

/// What a decoder of words does: `decode(bytes, offset, events, statistics)`, keeping its state between
/// calls.
using WordDecoder =
    std::function<Decoded(std::string_view, std::uint64_t, std::span<AddressEvent>, ReadStatistics&)>;

/// A message with events of either kind, its fields found, its events not yet decoded.
struct EventPacket {
  SensorSize sensor;
  std::int64_t stamp = 0;                 // ns since 1970, of the first event
  std::optional<std::uint64_t> sequence;  // nothing for EventArray
  std::uint64_t time_base = 0;            // ns
  std::string_view encoding;  // "evt3", "mono", "libcaer", "libcaer_cmp", "trigger"; "array" for EventArray
  std::string_view events;
  std::size_t alignment = 0;  // of the first byte of events; where CDR pads numbers
  bool cdr = false;
};

/// Finds the fields of an event_camera_msgs/EventPacket or a dvs_msgs/EventArray. Nothing where the message
/// ends early or is not little endian.
[[nodiscard]] std::optional<EventPacket> parse_event_packet(const RosMessage& message);

/// Whether an encoding is one that PacketDecoder or a decoder of EVT3 words reads.
[[nodiscard]] bool is_known_encoding(std::string_view encoding);

/// Decodes the events of packets, except encoding evt3.
class PacketDecoder {
 public:
  explicit PacketDecoder(SensorSize sensor) : sensor_(sensor) {}

  void open(const EventPacket& packet);
  /// As any decoder of words; `bytes` is what is left of the packet's events.
  Decoded decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                 ReadStatistics& statistics);

 private:
  bool take_mono(std::string_view word, AddressEvent& event) const;
  bool take_libcaer(std::string_view word, AddressEvent& event, ReadStatistics& statistics);
  bool take_array(ByteCursor& cursor, AddressEvent& event) const;
  Decoded decode_words(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                       ReadStatistics& statistics);
  Decoded decode_array(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                       ReadStatistics& statistics);
  Decoded decode_compressed(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                            ReadStatistics& statistics);
  [[nodiscard]] std::int64_t us(std::uint64_t ns_after_base) const;
  bool expect_on_sensor(const AddressEvent& event, std::uint64_t offset, ReadStatistics& statistics) const;

  SensorSize sensor_;
  EventPacket packet_;
  std::uint64_t base_ = 0;            // ns
  std::int32_t last_low_ = 0;         // us; libcaer
  std::uint32_t high_ = 0, low_ = 0;  // us; libcaer_cmp
  std::uint32_t x_ = 0, y_ = 0, mask_ = 0;
  bool on_ = false;
};

}  // namespace flurry
