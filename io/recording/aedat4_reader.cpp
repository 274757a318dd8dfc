// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/aedat4_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "io/recording/flatbuffer.hpp"
#include "io/recording/stream_reader.hpp"

namespace flurry {

namespace {

constexpr std::size_t packet_header = 8;
constexpr std::size_t event_bytes = 16;
constexpr std::uint32_t lz4_mark = 0x184d2204;
constexpr std::uint32_t zstd_mark = 0xfd2fb528;

/// Most that a packet may unpack to: 262,144 events, or more where the packet itself is large.
std::size_t unpacked_limit(std::size_t packed) { return (std::size_t{4} << 20U) + 64 * packed; }

std::uint64_t size_of(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  return error ? std::numeric_limits<std::uint64_t>::max() : size;  // a pipe
}

/// Turns events into ours one by one, without those off the sensor; returns how many.
std::size_t convert_events(std::string_view bytes, SensorSize sensor, AddressEvent* events) {
  AddressEvent* event = events;
  for (const char* from = bytes.data(); from != bytes.data() + bytes.size(); from += event_bytes) {
    const std::uint16_t x = load_le16(from + 8);
    const std::uint16_t y = load_le16(from + 10);
    if (x >= sensor.width || y >= sensor.height) continue;
    *event++ = {static_cast<std::int64_t>(load_le64(from)), x, y, from[12] != 0};
  }
  return static_cast<std::size_t>(event - events);
}

/// The same where ours lie in memory as the file's do and all of them are on the sensor of at most 32768
/// pixels a side, with a polarity of 0 or 1; else false, and what `events` hold means nothing.
bool copy_events(std::string_view bytes, SensorSize sensor, AddressEvent* events) {
  constexpr bool alike = std::endian::native == std::endian::little && sizeof(AddressEvent) == event_bytes &&
                         offsetof(AddressEvent, x) == 8 && offsetof(AddressEvent, y) == 10 &&
                         offsetof(AddressEvent, on) == 12 && sizeof(bool) == 1;
  if (!alike) return false;
  // In two numbers of 16 bits at once: bit 15 of x or of x + 32768 - width is set where x lies outside.
  const std::uint64_t to_edge = (32768 - sensor.width) | std::uint64_t{32768 - sensor.height} << 16U;
  std::uint64_t outside = 0;
  std::uint64_t odd = 0;  // polarities
  auto* to = reinterpret_cast<char*>(events);
  for (std::size_t at = 0; at < bytes.size(); at += event_bytes) {
    const std::uint64_t word = load_le64(bytes.data() + at + 8);
    outside |= word | (word + to_edge);
    odd |= word;
    std::memcpy(to + at, bytes.data() + at, event_bytes);
  }
  return (outside & 0x80008000U) == 0 && (odd & 0xfe00000000U) == 0;
}

}  // namespace

Aedat4Reader::Aedat4Reader(ByteSource source, Aedat4Header header, const Aedat4Stream& stream)
    : source_(std::move(source)),
      header_(std::move(header)),
      stream_(stream.id),
      sensor_(stream.sensor),
      file_size_(size_of(source_.path())),
      unpacker_(header_.packing) {}

std::size_t Aedat4Reader::read(std::span<AddressEvent> events) {
  std::size_t count = 0;
  while (count < events.size()) {
    if (pending_.empty() && !next_packet()) break;
    count += take_events(events.subspan(count));
  }
  statistics_.bytes_read = source_.offset();
  return count;
}

// False at the end of the file.
bool Aedat4Reader::next_packet() {
  if (source_.unread().size() < packet_header + 4) source_.refill();
  const std::string_view head = source_.unread();
  if (head.empty()) return false;
  const std::optional<Packet> packet = packet_at(head);
  if (packet && packet->bytes <= file_size_ - source_.offset() - packet_header) {
    lost_ = false;
    take_packet(*packet);
    return true;
  }
  if (header_.table >= 0 && source_.offset() == static_cast<std::uint64_t>(header_.table)) {
    pass_over(std::numeric_limits<std::size_t>::max());
    return false;
  }
  if (!lost_)
    note_damage(statistics_, source_.offset(),
                packet || head.size() < packet_header + 4 ? "the file ends inside a packet"
                                                          : "there is no packet of a known stream");
  lost_ = true;
  source_.consume(1);
  return true;
}

std::optional<Aedat4Reader::Packet> Aedat4Reader::packet_at(std::string_view head) const {
  if (head.size() < packet_header + 4) return std::nullopt;
  const Aedat4Stream* stream = header_.stream(static_cast<std::int32_t>(load_le32(head.data())));
  const std::size_t bytes = load_le32(head.data() + 4);
  if (stream == nullptr || bytes < 4 || bytes > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  if (!frame_begins(head.substr(packet_header), bytes)) return std::nullopt;
  return Packet{stream, bytes};
}

bool Aedat4Reader::frame_begins(std::string_view body, std::size_t bytes) const {
  const std::uint32_t mark = load_le32(body.data());
  if (header_.packing == Packing::none) return mark <= bytes - 4;  // the size of what follows
  return mark == (header_.packing == Packing::lz4 ? lz4_mark : zstd_mark);
}

void Aedat4Reader::pass_over(std::size_t bytes) {
  while (bytes > 0 && (!source_.unread().empty() || source_.refill())) {
    const std::size_t step = std::min(bytes, source_.unread().size());
    source_.consume(step);
    bytes -= step;
  }
}

void Aedat4Reader::take_packet(const Packet& packet) {
  packet_offset_ = source_.offset();
  source_.consume(packet_header);
  const bool wanted = packet.stream->id == stream_;
  if (!wanted && packet.stream->type != "TRIG") {
    pass_over(packet.bytes);
    ++statistics_.skipped;
    return;
  }
  if (!unpack(packet.bytes)) return note_damage(statistics_, packet_offset_, "a packet cannot be unpacked");
  const std::string_view buffer = unpacker_.unpacked();
  const std::optional<FlatTable> table =
      FlatTable::root(buffer.substr(std::min<std::size_t>(4, buffer.size())));
  const std::optional<std::string_view> elements = table && buffer.substr(8, 4) == packet.stream->type
                                                       ? table->vector(0, wanted ? event_bytes : 4)
                                                       : std::nullopt;
  if (!elements)
    return note_damage(statistics_, packet_offset_, "a packet does not hold what its stream says");
  if (wanted)
    pending_ = *elements;
  else
    statistics_.triggers += elements->size() / 4;
}

bool Aedat4Reader::unpack(std::size_t bytes) {
  FrameUnpacker::State state = FrameUnpacker::State::unfinished;
  unpacker_.start(unpacked_limit(bytes));
  if (source_.unread().size() < bytes) source_.refill();
  while (bytes > 0 && (!source_.unread().empty() || source_.refill())) {
    const std::string_view piece = source_.unread().substr(0, bytes);
    state = unpacker_.feed(piece);
    source_.consume(piece.size());
    bytes -= piece.size();
  }
  return bytes == 0 && state == FrameUnpacker::State::finished;
}

std::size_t Aedat4Reader::take_events(std::span<AddressEvent> events) {
  const std::size_t count = std::min(events.size(), pending_.size() / event_bytes);
  const SensorSize sensor = sensor_.width == 0 ? SensorSize{32768, 32768} : sensor_;
  const std::string_view bytes = pending_.substr(0, count * event_bytes);
  const std::size_t given =
      copy_events(bytes, sensor, events.data()) ? count : convert_events(bytes, sensor, events.data());
  pending_.remove_prefix(bytes.size());
  for (std::size_t i = given; i < count; ++i)
    note_damage(statistics_, packet_offset_, "an event lies outside the sensor, in the packet");
  return given;
}

}  // namespace flurry
