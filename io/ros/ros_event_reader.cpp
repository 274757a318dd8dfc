// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/ros_event_reader.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "io/recording/column_rules.hpp"
#include "io/recording/content_description.hpp"

namespace flurry {

namespace {

SensorSize plausible(SensorSize sensor) {
  constexpr std::uint32_t most = 65536;
  const bool known = sensor.width > 0 && sensor.height > 0 && sensor.width <= most && sensor.height <= most;
  return known ? sensor : SensorSize{};
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

RosEventReader::RosEventReader(std::unique_ptr<MessageSource> source, const std::string& file,
                               std::string topic, MakeWordDecoder make_evt3)
    : source_(std::move(source)), topic_(std::move(topic)), decoder_({}) {
  std::set<std::string> topics;
  if (!find_packet(&topics)) {
    if (topics.empty())
      throw FormatError(file +
                        ": no message in it is an event_camera_msgs/EventPacket or a dvs_msgs/EventArray");
    throw UsageError(file + ": the topic '" + printable(topic_) + "' has no events; those that have are " +
                     listed(topics));
  }
  sensor_ = plausible(packet_.sensor);
  decoder_ = PacketDecoder(sensor_);
  evt3_ = make_evt3(sensor_);
  start_packet();
}

/// The next packet of the topic; `topics`, if given, collects what other topics there are.
bool RosEventReader::find_packet(std::set<std::string>* topics) {
  constexpr std::size_t most_topics = 8;
  RosMessage message;
  while (source_->next(message, statistics_)) {
    if (!is_event_type(message.type)) continue;
    const std::optional<EventPacket> packet = parse_event_packet(message);
    if (!packet || !is_known_encoding(packet->encoding)) {
      note_damage_at(message.offset,
                     packet ? "a message of the encoding '" + printable(packet->encoding) + "' is not read"
                            : "a message with events ends early or is not little endian,");
      continue;
    }
    if (topic_.empty()) topic_ = message.topic;
    if (message.topic == topic_) {
      packet_ = *packet;
      offset_ = message.offset;
      return true;
    }
    ++statistics_.skipped;
    if (topics != nullptr && topics->size() < most_topics) topics->insert(printable(message.topic));
  }
  return false;
}

void RosEventReader::start_packet() {
  note_gap();
  decoder_.open(packet_);
  left_ = packet_.events;
  in_packet_ = true;
}

void RosEventReader::note_gap() {
  if (sequence_ && packet_.sequence && *packet_.sequence != *sequence_ + 1)
    note_damage_at(offset_, "message " + std::to_string(*packet_.sequence) + " comes after " +
                                std::to_string(*sequence_) + ", so others were lost,");
  sequence_ = packet_.sequence;
}

void RosEventReader::finish_packet() {
  if (!left_.empty()) note_damage_at(offset_, "the last event of a message is cut, in the message");
  in_packet_ = false;
}

void RosEventReader::note_damage_at(std::uint64_t offset, const std::string& what) {
  if (statistics_.damaged++ == 0) statistics_.damage = what + " at " + source_->place(offset);
}

Decoded RosEventReader::decode(std::span<AddressEvent> room) {
  const std::uint64_t damaged = statistics_.damaged;
  const bool words = packet_.encoding == "evt3";
  const Decoded step =
      words ? evt3_(left_, offset_, room, statistics_) : decoder_.decode(left_, offset_, room, statistics_);
  if (damaged == 0 && statistics_.damaged > 0) {  // decoders know no messages
    std::string& what = statistics_.damage;
    what.resize(std::min(what.size(), what.rfind(" at byte offset ")));
    what += ", in the message at " + source_->place(offset_);
  }
  return step;
}

std::size_t RosEventReader::read(std::span<AddressEvent> events) {
  std::size_t count = 0;
  while (count < events.size()) {
    if (!in_packet_) {
      if (!find_packet(nullptr)) break;
      start_packet();
    }
    const std::span<AddressEvent> room = events.subspan(count);
    const Decoded step = decode(room);
    left_.remove_prefix(step.bytes);
    count += step.events;
    if (step.events > 0 && !unix_offset_) {
      const bool absolute = packet_.encoding == "array" || packet_.encoding.starts_with("libcaer");
      unix_offset_ = absolute ? 0 : to_us(packet_.stamp, ColumnUnit::ns) - room.front().t;
    }
    if (step.bytes == 0 && step.events == 0) finish_packet();
  }
  statistics_.bytes_read = source_->bytes_read();
  return count;
}

}  // namespace flurry
