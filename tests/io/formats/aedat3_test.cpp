// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace aedat3_test {

std::string header(const std::string& source = "DVS128", const std::string& more = "") {
  return "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: " + source + "\r\n" + more + "#!END-HEADER\r\n";
}
std::string packet_head(std::uint32_t type, std::uint32_t size, std::uint32_t overflow,
                        std::uint32_t capacity, std::uint32_t number, std::uint32_t source = 1) {
  return words16({type, source}) + words32({size, 4, overflow, capacity, number, number});
}
std::string event(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t t, bool valid = true) {
  return words32({x << 17U | y << 2U | (on ? 2U : 0U) | (valid ? 1U : 0U), t});
}
/// A polarity packet of all these events.
std::string packet(const std::string& events, std::uint32_t overflow = 0, std::uint32_t source = 1) {
  const auto count = static_cast<std::uint32_t>(events.size() / 8);
  return packet_head(1, 8, overflow, count, count, source) + events;
}

TEST_CASE("an AEDAT 3.1 polarity event counts y from the top and is passed over where it is not valid") {
  const EventRecording r = read_bytes(
      header() + packet(event(0, 0, true, 5) + event(3, 4, true, 6, false) + event(127, 126, false, 7)), "");
  CHECK(r.format == "aedat3");
  CHECK(r.events == Events{{5, 0, 0, true}, {7, 127, 126, false}});
  CHECK(r.sensor.width == 128);
  CHECK(r.sensor.height == 128);
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("AEDAT 3.0 counts y from the bottom and has no end line") {
  const std::string start = "#!AER-DAT3.0\r\n#Source 1: DAVIS346B\r\n";
  const EventRecording r = read_bytes(start + packet(event(345, 0, true, 5) + event(0, 259, false, 6)), "");
  CHECK(r.events == Events{{5, 345, 259, true}, {6, 0, 0, false}});
  const std::string unknown = "#!AER-DAT3.0\r\n#Source 1: Mystery\r\n" + packet(event(1, 1, true, 5));
  CHECK(holds(reading_refusal(unknown, "aedat3"), "the source 'Mystery', whose height is not known"));
  const TemporaryRecording file(unknown);
  CHECK(read_recording(file.path(), "", {{"chip", "dvs128"}}).events == Events{{5, 1, 126, true}});
}

TEST_CASE("the time of AEDAT 3 is 31 bits and the overflow count of its packet") {
  const std::int64_t wrap = std::int64_t{1} << 31U;
  const EventRecording r =
      read_bytes(header() + packet(event(1, 1, true, 0x7ffffffe) + event(1, 1, true, 0x7fffffff)) +
                     packet(event(1, 1, true, 0), 1) + packet(event(1, 1, true, 9), 70'000),
                 "");
  REQUIRE(r.events.size() == 4);
  CHECK(r.events[0].t == wrap - 2);
  CHECK(r.events[1].t == wrap - 1);
  CHECK(r.events[2].t == wrap);
  CHECK(r.events[3].t == 70'000 * wrap + 9);
}

TEST_CASE("of an AEDAT 3 packet the first `number` events are read and all of its capacity is passed") {
  const std::string bytes = header() + packet_head(1, 8, 0, 3, 1) + event(1, 1, true, 5) +
                            event(2, 2, true, 6) + event(3, 3, true, 7) + packet(event(4, 4, true, 8));
  const EventRecording r = read_bytes(bytes, "");
  CHECK(r.events == Events{{5, 1, 1, true}, {8, 4, 4, true}});
  CHECK(r.statistics.bytes_read == bytes.size());
}

TEST_CASE("AEDAT 3 packets of other types and other cameras are passed over") {
  const std::string bytes = header() + packet_head(2, 100, 0, 2, 1) + std::string(200, 'f') +
                            packet(event(1, 1, true, 5)) + packet(event(2, 2, true, 6), 0, 2) +
                            packet_head(3, 36, 0, 1, 1) + std::string(36, 'i') + packet(event(3, 3, true, 7));
  const EventRecording r = read_bytes(bytes, "");
  CHECK(r.events == Events{{5, 1, 1, true}, {7, 3, 3, true}});
  CHECK(r.statistics.skipped == 3);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("the sensor of AEDAT 3 comes from its source's name, else from the data") {
  const auto sensor = [](const std::string& source) {
    const SensorSize s = read_bytes(header(source) + packet(event(99, 9, true, 5)), "").sensor;
    return std::to_string(s.width) + "x" + std::to_string(s.height);
  };
  CHECK(sensor("DAVIS240C") == "240x180");
  CHECK(sensor("Davis346Red") == "346x260");
  CHECK(sensor("eDVS4337") == "128x128");
  CHECK(sensor("DVXplorer") == "640x480");
  CHECK(sensor("something") == "100x10");
  const EventRecording off =
      read_bytes(header() + packet(event(128, 0, true, 5) + event(0, 128, true, 6)), "");
  CHECK(off.events.empty());
  CHECK(off.statistics.damaged == 2);
  CHECK(off.statistics.damage ==
        "an event lies outside the sensor at byte offset " + std::to_string(header().size() + 28));
}

TEST_CASE("the start time of AEDAT 3 is the first event's") {
  const auto offset = [](const std::string& line) {
    const TemporaryRecording file(header("DVS128", line) + packet(event(1, 1, true, 1000)));
    const auto reader = recognise_recording(file.path()).open(file.path());
    CHECK_FALSE(reader->unix_offset());
    Events events(1);
    reader->read(events);
    return reader->unix_offset();
  };
  CHECK(offset("#Start-Time: 1970-01-02 00:00:01 (TZ+0000)\r\n") == 86'401'000'000 - 1000);
  CHECK(offset("#Start-Time: 2023-12-11 16:38:40 (TZ+0100)\r\n") == 1'702'309'120'000'000 - 1000);
  CHECK(offset("#Start-Time: 2023-12-11 16:38:40 (TZ-0030)\r\n") == 1'702'314'520'000'000 - 1000);
  CHECK_FALSE(offset("#Start-Time: 2023-13-11 16:38:40 (TZ+0000)\r\n"));
  CHECK_FALSE(offset("#Start-Time: yesterday\r\n"));
  CHECK_FALSE(offset(""));
}

TEST_CASE("what is no packet of AEDAT 3 is damage, and the next packet is found") {
  const std::string good = packet(event(1, 1, true, 5));
  const std::string at = " at byte offset " + std::to_string(header().size());
  for (const std::string& bad :
       {std::string("these are no bytes of any packet"), packet_head(1, 16, 0, 1, 1),
        packet_head(1, 8, 0, 1, 2), std::string(28, '\0'), std::string(29, '\xff')}) {
    const EventRecording r = read_bytes(header() + bad + good, "");
    CHECK(r.events == Events{{5, 1, 1, true}});
    CHECK(r.statistics.damaged == 1);
    CHECK(r.statistics.damage == "there is no packet" + at);
  }
}

TEST_CASE("a cut AEDAT 3 file gives its whole events and says where it ends") {
  const std::string bytes = header() + packet(event(1, 1, true, 5) + event(2, 2, true, 6));
  for (std::size_t cut = 0; cut <= bytes.size() - header().size(); ++cut) {
    const EventRecording r = read_bytes(bytes.substr(0, bytes.size() - cut), "");
    CHECK(r.events.size() == (cut == 0 ? 2 : cut <= 8 ? 1 : 0));
    CHECK(r.statistics.damaged == (cut == 0 || cut == 44 ? 0 : 1));
    CHECK(r.statistics.bytes_read == bytes.size() - cut);
  }
  const EventRecording r = read_bytes(bytes.substr(0, bytes.size() - 8), "");
  CHECK(r.statistics.damage ==
        "the file ends inside a packet at byte offset " + std::to_string(bytes.size() - 8));
  CHECK(holds(reading_refusal("#!AER-DAT3.1\r\n#Form", "aedat3"),
              "the file ends inside its header, after byte 14"));
  CHECK(holds(reading_refusal("#!AER-DAT2.0\r\n", "aedat3"), "the header says AEDAT 2.0, not AEDAT 3"));
}

TEST_CASE("a generated AEDAT 3 recording, cut and with bytes changed, is read to the end or refused") {
  std::string bytes = header("DAVIS240C", "#Start-Time: 2023-12-11 16:38:40 (TZ+0000)\r\n");
  for (std::uint32_t i = 0; i < 20; ++i) {
    std::string events;
    for (std::uint32_t k = 0; k < 15; ++k) events += event(10 * i + k, 5 * k + i, k % 2 == 0, 100 * i + k);
    bytes += packet(events, i) + packet_head(0, 8, i, 1, 1) + "special.";
  }
  check_cuts("aedat3", bytes);
  check_flips("aedat3", bytes);
}

TEST_CASE("a real AEDAT 3.1 recording holds the events of the AEDAT 4 recording that it was made from") {
  for (const auto& path : reference_files("events", {"dvxplorer_v31.aedat"})) {
    const EventRecording r = read_recording(path);
    CHECK(read_in_pieces(path, "", 100) == r.events);
    const auto twin = path.parent_path().parent_path() / "aedat4" / "dvxplorer_sample.aedat4";
    if (!std::filesystem::exists(twin)) continue;
    Events moved = read_recording(twin).events;
    const std::int64_t shift = moved.front().t - 1000;
    for (AddressEvent& e : moved) e.t -= shift;
    CHECK(r.events == moved);
  }
}

}  // namespace aedat3_test
