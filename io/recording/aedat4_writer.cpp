// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/aedat4_writer.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "io/compression/frame_packer.hpp"
#include "io/recording/aedat4_header.hpp"

namespace flurry {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t events_in_packet = 4096;

/// Little-endian bytes.
template <class Number>
void put(std::string& bytes, Number value) {
  const auto bits = static_cast<std::make_unsigned_t<Number>>(value);
  std::array<char, sizeof(Number)> text{};
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(bits >> (8 * i) & 0xffU);
  bytes.append(text.data(), text.size());
}

void put_all(std::string& bytes, std::initializer_list<std::uint16_t> words) {
  for (const std::uint16_t word : words) put(bytes, word);
}

std::string attribute(std::string_view key, std::string_view type, std::string_view value) {
  return "<attr key=\"" + std::string(key) + "\" type=\"" + std::string(type) + "\">" + std::string(value) +
         "</attr>\n";
}

std::string description(SensorSize sensor) {
  return "<dv version=\"2.0\">\n<node name=\"outInfo\" path=\"/mainloop/Recorder/outInfo/\">\n"
         "<node name=\"0\" path=\"/mainloop/Recorder/outInfo/0/\">\n" +
         attribute("compression", "string", "ZSTD") + attribute("originalModuleName", "string", "flurry") +
         attribute("originalOutputName", "string", "events") +
         attribute("typeDescription", "string", "Array of events (polarity ON/OFF).") +
         attribute("typeIdentifier", "string", "EVTS") +
         "<node name=\"info\" path=\"/mainloop/Recorder/outInfo/0/info/\">\n" +
         attribute("sizeX", "int", std::to_string(sensor.width)) +
         attribute("sizeY", "int", std::to_string(sensor.height)) + attribute("source", "string", "flurry") +
         attribute("tsOffset", "long", "0") + "</node>\n</node>\n</node>\n</dv>\n";
}

/// The header. Its offset fields say where in these bytes what lies; `table` is the table's byte offset.
std::string header(SensorSize sensor, std::int64_t table) {
  const std::string text = description(sensor);
  std::string flat;
  put(flat, std::uint32_t{20});  // the root table
  flat += "IOHE";
  put_all(flat, {0});                 // so that the table's 64-bit number is aligned
  put_all(flat, {10, 20, 4, 8, 16});  // field offsets: compression, table, description
  put(flat, std::int32_t{10});        // 20: how far back they lie
  put(flat, std::int32_t{3});         // ZSTD
  put(flat, table);
  put(flat, std::uint32_t{4});  // the description lies behind
  put(flat, static_cast<std::uint32_t>(text.size()));
  flat += text;
  flat.append(4 - text.size() % 4, '\0');  // texts end with a zero
  std::string bytes(Aedat4Header::signature);
  put(bytes, static_cast<std::uint32_t>(flat.size()));
  return bytes + flat;
}

/// The flatbuffer of a packet with room for `count` elements of `bytes` bytes to be appended.
std::string packet_start(std::string_view identifier, std::size_t count, std::size_t bytes) {
  std::string flat;
  put(flat, static_cast<std::uint32_t>(28 + count * bytes));  // of what follows
  put(flat, std::uint32_t{16});                               // the root table, behind this size
  flat += identifier;
  put_all(flat, {0, 6, 8, 4});  // field offset: the elements
  put(flat, std::int32_t{6});
  put(flat, std::uint32_t{4});
  put(flat, static_cast<std::uint32_t>(count));
  return flat;
}

}  // namespace

Aedat4Writer::Aedat4Writer(const std::filesystem::path& path, SensorSize sensor)
    : check_({.title = "AEDAT 4",
              .max_width = 32768,
              .max_height = 32768,
              .t_min = std::numeric_limits<std::int64_t>::min()},
             sensor, path),
      file_(path),
      sensor_(sensor) {
  file_.append(header(sensor, -1));
  waiting_.reserve(events_in_packet);
}

void Aedat4Writer::write(std::span<const AddressEvent> events) {
  while (!events.empty()) {
    const std::span<const AddressEvent> part =
        events.first(std::min(events.size(), events_in_packet - waiting_.size()));
    check_.check(part);
    waiting_.insert(waiting_.end(), part.begin(), part.end());
    if (waiting_.size() == events_in_packet) put_packet();
    events = events.subspan(part.size());
  }
}

void Aedat4Writer::close() {
  if (!waiting_.empty()) put_packet();
  const auto place = static_cast<std::int64_t>(file_.size());
  file_.append(zstd_frame(table()));
  file_.replace(0, header(sensor_, place));
  file_.commit();
}

void Aedat4Writer::put_packet() {
  std::string flat = packet_start("EVTS", waiting_.size(), 16);
  flat.reserve(flat.size() + 16 * waiting_.size());
  for (const AddressEvent& event : waiting_) {
    put(flat, event.t);
    put(flat, event.x);
    put(flat, event.y);
    put(flat, std::uint32_t{event.on});
  }
  const std::string packed = zstd_frame(flat);
  std::string place;
  put(place, std::int32_t{0});
  put(place, static_cast<std::uint32_t>(packed.size()));
  file_.append(place);
  packets_.push_back({file_.size(), static_cast<std::uint32_t>(packed.size()), waiting_.size(),
                      waiting_.front().t, waiting_.back().t});
  file_.append(packed);
  waiting_.clear();
}

// One entry per packet: byte offset, stream and size, events, first and last time.
std::string Aedat4Writer::table() const {
  constexpr std::size_t stride = 48;
  std::string flat = packet_start("FTAB", packets_.size(), 4);
  // Entries begin 4 bytes behind a multiple of 8, so that their 64-bit numbers are aligned.
  const std::size_t list = flat.size();
  const std::size_t fields = list + 4 * packets_.size();
  std::size_t first = fields + 14;
  first += (12 - first % 8) % 8;
  for (std::size_t i = 0; i < packets_.size(); ++i)
    put(flat, static_cast<std::uint32_t>(first + stride * i - (list + 4 * i)));
  put_all(flat, {14, 44, 4, 12, 20, 28, 36});
  flat.resize(first);
  for (std::size_t i = 0; i < packets_.size(); ++i) {
    const Packet& packet = packets_[i];
    put(flat, static_cast<std::int32_t>(flat.size() - fields));
    put(flat, packet.offset);
    put(flat, std::int32_t{0});
    put(flat, packet.bytes);
    put(flat, packet.events);
    put(flat, packet.first);
    put(flat, packet.last);
    put(flat, std::uint32_t{0});
  }
  std::string size;
  put(size, static_cast<std::uint32_t>(flat.size() - 4));
  return flat.replace(0, 4, size);
}

}  // namespace flurry
