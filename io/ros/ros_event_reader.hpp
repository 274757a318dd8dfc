// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "io/ros/event_packet.hpp"

namespace flurry {

/// Events from the messages of one topic of a bag.
class RosEventReader final : public EventReader {
 public:
  using MakeWordDecoder = WordDecoder (*)(SensorSize sensor);

  /// `topic` "" is the first with such messages. UsageError where the named one has none; FormatError where
  /// none has.
  RosEventReader(std::unique_ptr<MessageSource> source, const std::string& file, std::string topic,
                 MakeWordDecoder make_evt3);

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }
  [[nodiscard]] std::optional<std::int64_t> unix_offset() const override { return unix_offset_; }
  std::size_t read(std::span<AddressEvent> events) override;

 private:
  bool find_packet(std::set<std::string>* topics);
  void start_packet();
  Decoded decode(std::span<AddressEvent> room);
  void note_damage_at(std::uint64_t offset, const std::string& what);
  void note_gap();
  void finish_packet();

  std::unique_ptr<MessageSource> source_;
  std::string topic_;
  SensorSize sensor_;
  WordDecoder evt3_;
  PacketDecoder decoder_;
  EventPacket packet_;
  std::string_view left_;     // of the packet's events
  std::uint64_t offset_ = 0;  // of the packet
  bool in_packet_ = false;
  std::optional<std::uint64_t> sequence_;  // of the last packet
  std::optional<std::int64_t> unix_offset_;
  ReadStatistics statistics_;
};

/// The reading `topic`.
inline constexpr ReadingChoice topic_choice{"topic", "a topic such as /event_camera/events",
                                            "which topic's events, where not the first that has any"};

/// The clock rule of events in messages.
inline constexpr std::string_view ros_clock =
    "by encoding: evt3 as EVT3, its state kept from message to message; mono and libcaer the message's time "
    "base plus the word's time, EventArray the event's stamp, all rounded to the nearest us";

/// Opens a bag as events; `Evt3Decoder` decodes the words of encoding evt3.
template <class Evt3Decoder>
std::unique_ptr<EventReader> open_ros_events(std::unique_ptr<MessageSource> source,
                                             const std::filesystem::path& path, const Readings& readings) {
  const auto topic = readings.find(topic_choice.name);
  return std::make_unique<RosEventReader>(
      std::move(source), path.string(), topic == readings.end() ? std::string() : topic->second,
      [](SensorSize sensor) -> WordDecoder {
        return [decoder = Evt3Decoder(sensor)](std::string_view bytes, std::uint64_t offset,
                                               std::span<AddressEvent> events,
                                               ReadStatistics& statistics) mutable {
          return decoder.decode(bytes, offset, events, statistics);
        };
      });
}

}  // namespace flurry
