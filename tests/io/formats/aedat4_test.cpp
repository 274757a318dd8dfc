// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <doctest/doctest.h>
#include <lz4frame.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/compression/frame_packer.hpp"
#include "io/recording/aedat4_header.hpp"
#include "io/recording/flatbuffer.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace aedat4_test {

std::string number64(std::uint64_t value) {
  return words32({static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32U)});
}

std::string lz4(const std::string& bytes) {
  std::string frame(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  frame.resize(LZ4F_compressFrame(frame.data(), frame.size(), bytes.data(), bytes.size(), nullptr));
  return frame;
}

std::string pack(std::uint32_t compression, const std::string& bytes) {
  if (compression == 0) return bytes;
  return compression <= 2 ? lz4(bytes) : zstd_frame(bytes);
}

/// A size-prefixed flatbuffer with one vector, or with none.
std::string flat(const std::string& identifier, std::uint32_t count, const std::string& elements,
                 bool with_vector = true) {
  const std::string body =
      identifier + words16({0, 6, 8, with_vector ? 4U : 0U}) + words32({6, 4, count}) + elements;
  return words32({static_cast<std::uint32_t>(body.size() + 4), 16}) + body;
}

std::string event_bytes(const AddressEvent& e) {
  return number64(static_cast<std::uint64_t>(e.t)) + words16({e.x, e.y}) + words32({e.on ? 1U : 0U});
}
std::string events_flat(const Events& events) {
  std::string elements;
  for (const AddressEvent& e : events) elements += event_bytes(e);
  return flat("EVTS", static_cast<std::uint32_t>(events.size()), elements);
}

std::string packet(std::uint32_t stream, const std::string& body) {
  return words32({stream, static_cast<std::uint32_t>(body.size())}) + body;
}

std::string stream_node(int id, const std::string& type, SensorSize sensor = {}) {
  std::string text =
      "<node name=\"" + std::to_string(id) + "\"><attr key=\"typeIdentifier\">" + type + "</attr>";
  if (sensor.width > 0)
    text += "<node name=\"info\"><attr key=\"sizeX\" type=\"int\">" + std::to_string(sensor.width) +
            "</attr><attr key=\"sizeY\" type=\"int\">" + std::to_string(sensor.height) + "</attr></node>";
  return text + "</node>";
}

std::string header(std::uint32_t compression, const std::string& nodes, std::int64_t table = -1) {
  std::string xml = "<dv version=\"2.0\"><node name=\"outInfo\">" + nodes + "</node></dv>";
  xml.resize((xml.size() / 4 + 1) * 4);
  const std::string body = words32({20}) + "IOHE" + words16({0, 10, 20, 4, 8, 16}) +
                           words32({10, compression}) + number64(static_cast<std::uint64_t>(table)) +
                           words32({4, static_cast<std::uint32_t>(xml.size())}) + xml;
  return "#!AER-DAT4.0\r\n" + words32({static_cast<std::uint32_t>(body.size())}) + body;
}
std::string small_header(std::uint32_t compression) {
  return header(compression,
                stream_node(0, "EVTS", {320, 240}) + stream_node(2, "IMUS") + stream_node(3, "TRIG"));
}

Events random_events(std::size_t count, SensorSize sensor, std::uint32_t step = 50) {
  RandomSequence random(4, Purpose::test, 0, 0);
  std::int64_t t = 1'700'000'000'000'000;
  Events events(count);
  for (AddressEvent& e : events) {
    t += random.below(step);
    e = {t, static_cast<std::uint16_t>(random.below(sensor.width)),
         static_cast<std::uint16_t>(random.below(sensor.height)), random.below(2) == 1};
  }
  return events;
}

const Events three{{5, 1, 2, true}, {5, 319, 239, false}, {1'700'000'000'000'000, 0, 0, true}};

TEST_CASE("AEDAT 4 packets give their events, plain or packed in any way") {
  for (std::uint32_t compression = 0; compression <= 4; ++compression) {
    CAPTURE(compression);
    const std::string body = packet(0, pack(compression, events_flat(three)));
    const EventRecording r = read_bytes(small_header(compression) + body + body, "");
    Events twice = three;
    twice.insert(twice.end(), three.begin(), three.end());
    CHECK(r.format == "aedat4");
    CHECK(r.events == twice);
    CHECK(r.sensor.width == 320);
    CHECK(r.sensor.height == 240);
    CHECK(r.statistics.damaged == 0);
    CHECK(r.statistics.bytes_read == (small_header(compression) + body + body).size());
  }
}

TEST_CASE("AEDAT 4 triggers are counted, other streams passed over and event packets may be empty") {
  for (const std::uint32_t compression : {0U, 1U, 3U}) {
    const std::string bytes =
        small_header(compression) + packet(2, pack(compression, flat("IMUS", 1, "????"))) +
        packet(3, pack(compression, flat("TRIG", 2, "????????"))) +
        packet(0, pack(compression, flat("EVTS", 0, "", false))) +
        packet(0, pack(compression, events_flat({}))) + packet(0, pack(compression, events_flat(three)));
    const EventRecording r = read_bytes(bytes, "");
    CHECK(r.events == three);
    CHECK(r.statistics.triggers == 2);
    CHECK(r.statistics.skipped == 1);
    CHECK(r.statistics.damaged == 0);
  }
}

TEST_CASE("of several AEDAT 4 event streams the lowest is read, or the one that is asked for") {
  const std::string bytes = header(0, stream_node(7, "EVTS", {2, 2}) + stream_node(1, "FRME") +
                                          stream_node(4, "EVTS", {320, 240})) +
                            packet(7, events_flat({{9, 1, 1, true}})) + packet(1, flat("FRME", 0, "")) +
                            packet(4, events_flat(three));
  const TemporaryRecording file(bytes);
  CHECK(read_recording(file.path()).events == three);
  CHECK(read_recording(file.path()).statistics.skipped == 2);
  const EventRecording other = read_recording(file.path(), "", {{"stream", "7"}});
  CHECK(other.events == Events{{9, 1, 1, true}});
  CHECK(other.sensor.width == 2);
  CHECK(holds(reading_refusal(bytes, "aedat4", {{"stream", "1"}}),
              "has no stream of events '1'; it has 4 (EVTS), 7 (EVTS)"));
  CHECK(holds(reading_refusal(bytes, "aedat4", {{"polarity", "jaer"}}),
              "has no reading 'polarity'; it has stream"));
}

TEST_CASE("the time of AEDAT 4 is Unix time") {
  const TemporaryRecording file(small_header(0));
  CHECK(recognise_recording(file.path()).open(file.path())->unix_offset() == 0);
}

TEST_CASE("AEDAT 4 pixels off the sensor are damage; without a size every pixel passes") {
  const Events events{{1, 320, 0, true}, {2, 5, 5, false}, {3, 0, 240, true}, {4, 0xffff, 1, true}};
  const EventRecording r = read_bytes(small_header(0) + packet(0, events_flat(events)), "");
  CHECK(r.events == Events{{2, 5, 5, false}});
  CHECK(r.statistics.damaged == 3);
  CHECK(r.statistics.damage == "an event lies outside the sensor, in the packet at byte offset " +
                                   std::to_string(small_header(0).size()));
  const EventRecording open =
      read_bytes(header(0, stream_node(0, "EVTS")) + packet(0, events_flat({{1, 32767, 3, true}})), "");
  CHECK(open.events.size() == 1);
  CHECK(open.sensor.width == 32768);
}

TEST_CASE("a damaged AEDAT 4 packet is passed over and the next one found") {
  for (const std::uint32_t compression : {0U, 1U, 3U}) {
    CAPTURE(compression);
    const std::string start = small_header(compression);
    const std::string good = packet(0, pack(compression, events_flat(three)));
    const std::string at = " at byte offset " + std::to_string(start.size());
    const auto lines = [&](const std::string& middle) { return read_bytes(start + middle + good, "aedat4"); };
    const EventRecording noise = lines("some bytes that nobody wrote");
    CHECK(noise.events == three);
    CHECK(noise.statistics.damage == "there is no packet of a known stream" + at);
    CHECK(noise.statistics.damaged == 1);
    const EventRecording stranger = lines(packet(9, pack(compression, events_flat(three))));
    CHECK(stranger.events == three);
    CHECK(stranger.statistics.damage == "there is no packet of a known stream" + at);
    const EventRecording liar = lines(packet(0, pack(compression, flat("EVTS", 9, "short"))));
    CHECK(liar.events == three);
    CHECK(liar.statistics.damage == "a packet does not hold what its stream says" + at);
    const EventRecording other = lines(packet(0, pack(compression, flat("IMUS", 0, ""))));
    CHECK(other.events == three);
    CHECK(other.statistics.damaged == 1);
    if (compression == 0) continue;
    std::string broken = good;
    broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x55);
    broken.pop_back();
    const EventRecording cut =
        lines(words32({0, static_cast<std::uint32_t>(good.size()) - 9}) + broken.substr(8));
    CHECK(cut.events == three);
    CHECK(cut.statistics.damage == "a packet cannot be unpacked" + at);
  }
}

TEST_CASE("an AEDAT 4 packet that unpacks to far more than its size is damage, not memory") {
  const std::string bomb = zstd_frame(std::string(std::size_t{64} << 20U, '\0'));
  const std::string bytes = small_header(3) + packet(0, bomb) + packet(0, zstd_frame(events_flat(three)));
  watch_allocations();
  const EventRecording r = read_bytes(bytes, "");
  CHECK(largest_allocation() < (std::size_t{5} << 20U) + 64 * bytes.size());
  CHECK(r.events == three);
  CHECK(r.statistics.damage.starts_with("a packet cannot be unpacked at byte offset "));
}

TEST_CASE("AEDAT 4 headers that are none are refused") {
  CHECK(holds(reading_refusal("something else", "aedat4"), "does not start with '#!AER-DAT4.0'"));
  CHECK(holds(reading_refusal("#!AER-DAT4.0\r\n\x01", "aedat4"), "ends inside its header"));
  CHECK(holds(reading_refusal("#!AER-DAT4.0\r\n" + words32({99}), "aedat4"),
              "99 bytes long, but only 0 bytes"));
  CHECK(holds(reading_refusal("#!AER-DAT4.0\r\n" + words32({8, 20}) + "IOHE", "aedat4"),
              "no flatbuffer with the identifier IOHE"));
  CHECK(holds(reading_refusal(header(5, ""), "aedat4"), "compression 5, which is none of 0 (none)"));
  CHECK(
      holds(reading_refusal(header(0, ""), "aedat4"), "holds no stream of events (EVTS), only none at all"));
  CHECK(holds(reading_refusal(header(0, stream_node(2, "FRME")), "aedat4"), "only 2 (FRME)"));
  CHECK(holds(reading_refusal(header(0, "<node"), "aedat4"),
              "the description of the streams: no XML at character"));
}

TEST_CASE("AEDAT 4 written and read gives the same events, and the same file again") {
  for (const std::size_t count : {0U, 1U, 4095U, 4096U, 4097U, 20000U}) {
    CAPTURE(count);
    const Events events = random_events(count, {640, 480});
    check_round_trip("aedat4", {640, 480}, events);
  }
}

TEST_CASE("AEDAT 4 written event by event makes the same file as in one piece") {
  const Events events = random_events(5000, {64, 48});
  const TemporaryRecording file("");
  const auto writer = recognise_recording(file.path(), "aedat4").create(file.path(), {64, 48});
  for (const AddressEvent& event : events) writer->write(std::span(&event, 1));
  writer->close();
  CHECK(file_bytes(file.path()) == written("aedat4", {64, 48}, events));
}

TEST_CASE("the table at the end of a written AEDAT 4 file lists every packet") {
  const TemporaryRecording file(written("aedat4", {640, 480}, random_events(9000, {640, 480})));
  const std::string bytes = file_bytes(file.path());
  ByteSource source(file.path());
  const Aedat4Header head = take_aedat4_header(source);
  REQUIRE(head.table > 0);
  FrameUnpacker unpacker(Packing::zstd);
  unpacker.start(100'000);
  REQUIRE(unpacker.feed(std::string_view(bytes).substr(static_cast<std::size_t>(head.table))) ==
          FrameUnpacker::State::finished);
  const std::string_view table = unpacker.unpacked();
  CHECK(load_le32(table.data()) == table.size() - 4);
  CHECK(table.substr(8, 4) == "FTAB");
  const auto root = FlatTable::root(table.substr(4));
  REQUIRE(root);
  const auto entries = root->vector(0, 4);
  REQUIRE(entries);
  REQUIRE(entries->size() == 3 * 4);
  std::uint64_t offset = source.offset();
  for (std::size_t i = 0; i < 3; ++i) {
    const char* entry = entries->data() + 4 * i;
    const char* place = entry + load_le32(entry);
    CHECK((place - table.data()) % 8 == 4);
    CHECK(load_le64(place + 4) == offset + 8);
    CHECK(load_le32(place + 12) == 0);
    const std::uint32_t size = load_le32(place + 16);
    CHECK(size == load_le32(bytes.data() + offset + 4));
    CHECK(load_le64(place + 20) == (i < 2 ? 4096 : 9000 - 2 * 4096));
    CHECK(load_le64(place + 28) <= load_le64(place + 36));
    offset += 8 + size;
  }
  CHECK(offset == static_cast<std::uint64_t>(head.table));
}

TEST_CASE("what AEDAT 4 cannot hold is refused; negative times and its largest sensor are not") {
  CHECK(holds(writing_refusal("aedat4", {32769, 1}, {}),
              "AEDAT 4 holds sensors from 1x1 to 32768x32768, not 32769x1"));
  CHECK(holds(writing_refusal("aedat4", {4, 4}, {{2, 0, 0, true}, {1, 0, 0, true}}),
              "event 1 at 1 us comes after one at 2 us"));
  const Events extreme{{std::numeric_limits<std::int64_t>::min(), 32767, 32767, true},
                       {std::numeric_limits<std::int64_t>::max(), 0, 0, false}};
  CHECK(read_bytes(written("aedat4", {32768, 32768}, extreme), "").events == extreme);
}

TEST_CASE("a cut AEDAT 4 file gives the events of its whole packets") {
  const std::string bytes =
      small_header(1) + packet(0, lz4(events_flat(three))) + packet(0, lz4(events_flat(three)));
  const std::size_t second = bytes.size() - packet(0, lz4(events_flat(three))).size();
  for (std::size_t size = second; size < bytes.size(); ++size) {
    const EventRecording r = read_bytes(bytes.substr(0, size), "");
    CHECK(r.events == three);
    CHECK(r.statistics.damaged == (size == second ? 0 : 1));
    if (size > second)
      CHECK(r.statistics.damage == "the file ends inside a packet at byte offset " + std::to_string(second));
    CHECK(r.statistics.bytes_read == size);
  }
}

TEST_CASE("generated AEDAT 4 recordings, cut and with bytes changed, are read to the end or refused") {
  check_cuts("aedat4", written("aedat4", {640, 480}, random_events(200, {640, 480})));
  check_flips("aedat4", written("aedat4", {640, 480}, random_events(200, {640, 480})));
  for (const std::uint32_t compression : {0U, 1U}) {
    std::string bytes = small_header(compression);
    for (int i = 0; i < 3; ++i)
      bytes += packet(0, pack(compression, events_flat(random_events(25, {320, 240})))) +
               packet(3, pack(compression, flat("TRIG", 1, "????")));
    check_cuts("aedat4", bytes);
    check_flips("aedat4", bytes);
  }
}

TEST_CASE("real AEDAT 4 recordings give the same events however few are asked for, and are written alike") {
  for (const auto& path : reference_files("events", {".aedat4"})) {
    CAPTURE(path.string());
    const EventRecording whole = read_recording(path);
    CHECK(read_in_pieces(path, "", 777) == whole.events);
    const std::string bytes = written("aedat4", whole.sensor, whole.events);
    CHECK(read_bytes(bytes, "").events == whole.events);
    if (path.filename() != "dvxplorer_sample.aedat4") continue;
    CHECK(whole.statistics.skipped == 59);
    CHECK(read_in_pieces(path, "", 1) == whole.events);
  }
}

}  // namespace aedat4_test
