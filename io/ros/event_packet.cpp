// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/event_packet.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "io/recording/column_rules.hpp"

namespace flurry {

namespace {

constexpr std::int64_t ns_per_s = 1'000'000'000;

/// Numbers and texts of a message in either encoding: CDR aligns numbers to their size and ends texts with
/// zero.
class FieldCursor {
 public:
  FieldCursor(std::string_view bytes, bool cdr) : cursor_(bytes), cdr_(cdr) {}

  template <class T>
  T number() {
    if (cdr_) cursor_.align(sizeof(T));
    return cursor_.number<T>();
  }
  std::string_view text() {
    std::string_view found = cursor_.take(number<std::uint32_t>());
    if (cdr_ && found.ends_with('\0')) found.remove_suffix(1);
    return found;
  }
  ByteCursor& bytes() { return cursor_; }

 private:
  ByteCursor cursor_;
  bool cdr_;
};

/// dvs_msgs/EventArray and its likes; event_array_msgs/EventArray is EventPacket by its first name.
bool is_array(std::string_view type) {
  return type.ends_with("/EventArray") && !type.starts_with("event_array_msgs/");
}

}  // namespace

bool is_event_type(std::string_view type) {
  return type.ends_with("/EventPacket") || type.ends_with("/EventArray");
}

bool is_known_encoding(std::string_view encoding) {
  constexpr std::array known{"evt3", "mono", "libcaer", "libcaer_cmp", "trigger", "array"};
  return std::find(known.begin(), known.end(), encoding) != known.end();
}

std::optional<EventPacket> parse_event_packet(const RosMessage& message) {
  std::string_view data = message.data;
  if (message.cdr) {
    if (data.size() < 4 || data[1] != 1) return std::nullopt;  // 1: little endian
    data.remove_prefix(4);
  }
  FieldCursor fields(data, message.cdr);
  EventPacket packet;
  packet.cdr = message.cdr;
  if (!message.cdr) fields.number<std::uint32_t>();  // number of the message on its topic
  packet.stamp = fields.number<std::uint32_t>() * ns_per_s;
  packet.stamp += fields.number<std::uint32_t>();
  static_cast<void>(fields.text());  // frame
  packet.sensor.height = fields.number<std::uint32_t>();
  packet.sensor.width = fields.number<std::uint32_t>();
  if (is_array(message.type)) {
    packet.encoding = "array";
    fields.number<std::uint32_t>();  // how many events
    packet.alignment = fields.bytes().at();
    packet.events = data.substr(packet.alignment);
  } else {
    packet.sequence = fields.number<std::uint64_t>();
    packet.time_base = fields.number<std::uint64_t>();
    packet.encoding = fields.text();
    if (fields.number<std::uint8_t>() != 0) return std::nullopt;  // big endian
    packet.events = fields.bytes().take(fields.number<std::uint32_t>());
  }
  if (!fields.bytes().ok()) return std::nullopt;
  return packet;
}

void PacketDecoder::open(const EventPacket& packet) {
  packet_ = packet;
  base_ = packet.time_base;
  last_low_ = 0;
  high_ = low_ = mask_ = 0;
}

Decoded PacketDecoder::decode(std::string_view bytes, std::uint64_t offset, std::span<AddressEvent> events,
                              ReadStatistics& statistics) {
  if (packet_.encoding == "array") return decode_array(bytes, offset, events, statistics);
  if (packet_.encoding == "libcaer_cmp") return decode_compressed(bytes, offset, events, statistics);
  return decode_words(bytes, offset, events, statistics);
}

std::int64_t PacketDecoder::us(std::uint64_t ns_after_base) const {
  return to_us(static_cast<std::int64_t>(base_ + ns_after_base), ColumnUnit::ns);
}

bool PacketDecoder::expect_on_sensor(const AddressEvent& event, std::uint64_t offset,
                                     ReadStatistics& statistics) const {
  if ((sensor_.width == 0 || event.x < sensor_.width) && (sensor_.height == 0 || event.y < sensor_.height))
    return true;
  note_damage(statistics, offset, "an event lies outside the sensor");
  return false;
}

/// mono, libcaer, trigger: words of 64 bits.
Decoded PacketDecoder::decode_words(std::string_view bytes, std::uint64_t offset,
                                    std::span<AddressEvent> events, ReadStatistics& statistics) {
  std::size_t at = 0;
  std::size_t count = 0;
  for (; bytes.size() - at >= 8 && count < events.size(); at += 8) {
    const std::string_view word = bytes.substr(at, 8);
    AddressEvent& event = events[count];
    if (packet_.encoding == "trigger") {
      ++statistics.triggers;
      continue;
    }
    const bool taken =
        packet_.encoding == "mono" ? take_mono(word, event) : take_libcaer(word, event, statistics);
    if (taken && expect_on_sensor(event, offset, statistics)) ++count;
  }
  return {at, count};
}

/// Bit 63 polarity, 62..48 y, 47..32 x, 31..0 ns after the time base.
bool PacketDecoder::take_mono(std::string_view word, AddressEvent& event) const {
  const auto w = ByteCursor(word).number<std::uint64_t>();
  event = {us(w & 0xffffffffU), static_cast<std::uint16_t>(w >> 32U & 0xffffU),
           static_cast<std::uint16_t>(w >> 48U & 0x7fffU), w >> 63U != 0};
  return true;
}

/// As in AEDAT 3: bit 0 valid, 1 polarity, 16..2 y, 31..17 x; then us after the time base, 31 bits that wrap.
bool PacketDecoder::take_libcaer(std::string_view word, AddressEvent& event, ReadStatistics& statistics) {
  constexpr std::uint64_t wrap_ns = (std::uint64_t{1} << 31U) * 1000;
  ByteCursor cursor(word);
  const auto data = cursor.number<std::uint32_t>();
  const auto low = static_cast<std::int32_t>(cursor.number<std::uint32_t>() & 0x7fffffffU);
  if (last_low_ - low > 1 << 30) base_ += wrap_ns;
  last_low_ = low;
  event = {us(static_cast<std::uint64_t>(low) * 1000), static_cast<std::uint16_t>(data >> 17U),
           static_cast<std::uint16_t>(data >> 2U & 0x7fffU), (data & 2U) != 0};
  if ((data & 1U) == 0) ++statistics.skipped;
  return (data & 1U) != 0;
}

/// dvs_msgs/Event: x, y (16 bits), seconds, nanoseconds (32 bits), polarity (8 bits).
Decoded PacketDecoder::decode_array(std::string_view bytes, std::uint64_t offset,
                                    std::span<AddressEvent> events, ReadStatistics& statistics) {
  const std::size_t start = packet_.alignment + packet_.events.size() - bytes.size();
  const std::size_t before = packet_.cdr ? start % 4 : 0;  // bytes that alignment counts from
  // The cursor starts where alignment is 0; the bytes before are of the same message.
  ByteCursor cursor(std::string_view(bytes.data() - before, bytes.size() + before));
  cursor.take(before);
  std::size_t used = before;
  std::size_t count = 0;
  while (count < events.size() && take_array(cursor, events[count])) {
    used = cursor.at();
    if (expect_on_sensor(events[count], offset, statistics)) ++count;
  }
  return {used - before, count};
}

bool PacketDecoder::take_array(ByteCursor& cursor, AddressEvent& event) const {
  if (packet_.cdr) cursor.align(2);
  event.x = cursor.number<std::uint16_t>();
  event.y = cursor.number<std::uint16_t>();
  if (packet_.cdr) cursor.align(4);
  const std::int64_t s = cursor.number<std::uint32_t>();
  const std::int64_t ns = cursor.number<std::uint32_t>();
  event.t = to_us(s * ns_per_s + ns, ColumnUnit::ns);
  event.on = cursor.number<std::uint8_t>() != 0;
  return cursor.ok();
}

/// libcaer_cmp: 16-bit words, the type in the top 4 bits: 0 high and 1 low 12 bits of us after the time base,
/// 2 x, 3 y and polarity (bit 11) of an event, 4 the same as base of vectors, 5 a vector of 8 rows.
Decoded PacketDecoder::decode_compressed(std::string_view bytes, std::uint64_t offset,
                                         std::span<AddressEvent> events, ReadStatistics& statistics) {
  std::size_t at = 0;
  std::size_t count = 0;
  const auto put = [&](std::uint32_t y, bool on) {
    const std::uint64_t ns = std::uint64_t{high_ << 12U | low_} * 1000;
    events[count] = {us(ns), static_cast<std::uint16_t>(x_), static_cast<std::uint16_t>(y), on};
    if (expect_on_sensor(events[count], offset, statistics)) ++count;
  };
  while (count < events.size()) {
    if (mask_ != 0) {
      put(y_ - 8 + static_cast<std::uint32_t>(std::countr_zero(mask_)), on_);
      mask_ &= mask_ - 1;
      continue;
    }
    if (bytes.size() - at < 2) break;
    const std::uint32_t word = load_le16(bytes.data() + at);
    at += 2;
    const std::uint32_t value = word & 0xfffU;
    switch (word >> 12U) {
      case 0:
        high_ = value;
        break;
      case 1:
        low_ = value;
        break;
      case 2:
        x_ = value & 0x7ffU;
        break;
      case 3:
        put(value & 0x7ffU, (value & 0x800U) != 0);
        break;
      case 4:
        y_ = value & 0x7ffU;
        on_ = (value & 0x800U) != 0;
        break;
      case 5:
        mask_ = value & 0xffU;
        y_ += 8;
        break;
      default:
        ++statistics.skipped;
    }
  }
  return {at, count};
}

}  // namespace flurry
