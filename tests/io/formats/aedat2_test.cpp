// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace aedat2_test {

std::string big_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}
std::string record(std::uint32_t address, std::uint32_t time) {
  return big_endian(address, 4) + big_endian(time, 4);
}
std::string short_record(std::uint32_t address, std::uint32_t time) {
  return big_endian(address, 2) + big_endian(time, 4);
}
std::uint32_t dvs(std::uint32_t x, std::uint32_t y, std::uint32_t bit) { return y << 8U | x << 1U | bit; }
std::uint32_t davis(std::uint32_t x, std::uint32_t y, std::uint32_t bit) {
  return y << 22U | x << 12U | bit << 11U;
}

std::string header(const std::string& chip, const std::string& end = "") {
  return "#!AER-DAT2.0\r\n# This is a raw AE data file - do not edit\r\n" +
         (chip.empty() ? "" : "# AEChip: " + chip + "\r\n") + end;
}

Events events_of(const std::string& bytes, const Readings& readings = {}, std::string_view format = "") {
  const TemporaryRecording file(bytes);
  return read_recording(file.path(), format, readings).events;
}

const std::string dvs128 = "ch.unizh.ini.jaer.chip.retina.DVS128";

TEST_CASE("an AEDAT 2 address of a DVS128 is read as jAER does, or as it stands") {
  const std::string bytes = header(dvs128) + record(dvs(0, 0, 0), 5) + record(dvs(127, 1, 1), 6);
  const EventRecording r = read_bytes(bytes, "");
  CHECK(r.format == "aedat2");
  CHECK(r.sensor.width == 128);
  CHECK(r.sensor.height == 128);
  CHECK(r.events == Events{{5, 127, 127, true}, {6, 0, 126, false}});
  CHECK(events_of(bytes, {{"polarity", "inivation"}}) == Events{{5, 127, 127, false}, {6, 0, 126, true}});
  CHECK(events_of(bytes, {{"axes", "raw"}}) == Events{{5, 0, 0, true}, {6, 127, 1, false}});
  CHECK(events_of(bytes, {{"axes", "raw"}, {"polarity", "inivation"}}) ==
        Events{{5, 0, 0, false}, {6, 127, 1, true}});
}

TEST_CASE("external events and marks of the recorder are no pixels of a DVS128") {
  const EventRecording r =
      read_bytes(header(dvs128) + record(0x8000U | dvs(1, 1, 1), 1) + record(0x80000000U | dvs(1, 1, 1), 2) +
                     record(0x10000U, 3) + record(dvs(1, 1, 1), 4),
                 "");
  CHECK(r.events == Events{{4, 126, 126, false}});
  CHECK(r.statistics.triggers == 1);
  CHECK(r.statistics.skipped == 2);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("an AEDAT 2 address of a DAVIS says frame, motion, external event or pixel") {
  const std::string chip = "eu.seebetter.ini.chips.davis.DAVIS240C";
  const std::string body = record(davis(0, 0, 1), 1) + record(davis(239, 179, 0), 2) +
                           record(0x80000000U | davis(3, 3, 1), 3) + record(davis(3, 3, 1) | 0x400U, 4) +
                           record(davis(240, 0, 1), 5) + record(davis(0, 180, 1), 6) +
                           record(davis(1, 1, 1) | 0x3ffU, 7);
  const EventRecording r = read_bytes(header(chip) + body, "");
  CHECK(r.events == Events{{1, 239, 179, true}, {2, 0, 0, false}, {7, 238, 178, true}});
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.triggers == 1);
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage ==
        "an event lies outside the sensor at byte offset " + std::to_string(header(chip).size() + 32));
  // Its polarity bit has one meaning only.
  CHECK(events_of(header(chip) + body, {{"polarity", "inivation"}}) == r.events);
}

TEST_CASE("the chip that the header of AEDAT 2 names decides the sensor") {
  const auto sensor = [](const std::string& chip) {
    const SensorSize size = read_bytes(header(chip), "").sensor;
    return std::to_string(size.width) + "x" + std::to_string(size.height);
  };
  CHECK(sensor("eu.seebetter.ini.chips.davis.Davis346blue") == "346x260");
  CHECK(sensor("eu.seebetter.ini.chips.davis.DAVIS640") == "640x480");
  CHECK(sensor("eu.seebetter.ini.chips.davis.Davis208PixelParade") == "208x192");
  CHECK(sensor("eu.seebetter.ini.chips.sbret10.SBret10") == "240x180");
  CHECK(sensor("ch.unizh.ini.jaer.chip.retina.Tmpdiff128") == "128x128");
  CHECK(sensor("") == "128x128");
  CHECK(holds(reading_refusal(header("ch.unizh.Cochlea64"), "aedat2"),
              "names the chip 'ch.unizh.Cochlea64', which is none"));
  CHECK(holds(reading_refusal(header("DVXplorer"), "aedat2"), "hold no events of the chip dvxplorer"));
  CHECK(events_of(header("ch.unizh.Cochlea64") + record(davis(0, 0, 1), 1), {{"chip", "davis346"}}) ==
        Events{{1, 345, 259, true}});
}

TEST_CASE("readings of AEDAT 2 that are none are refused") {
  CHECK(holds(reading_refusal(header(""), "aedat2", {{"polarity", "jear"}}),
              "unknown value for the reading 'polarity' 'jear'"));
  CHECK(holds(reading_refusal(header(""), "aedat2", {{"chip", "dvs64"}}),
              "unknown value for the reading 'chip' 'dvs64'"));
  CHECK(holds(reading_refusal(header(""), "aedat2", {{"axis", "raw"}}), "it has polarity, axes and chip"));
}

TEST_CASE("a chip without AEDAT 2 is the file's fault in a header, the user's in a reading") {
  CHECK_THROWS_AS(events_of(header("DVXplorer"), {}, "aedat2"), FormatError);
  CHECK_THROWS_AS(events_of(header(dvs128), {{"chip", "dvxplorer"}}, "aedat2"), UsageError);
}

TEST_CASE("the signed 32-bit clock of AEDAT 2 is unwrapped") {
  const std::string start = header(dvs128);
  const auto times = [&](const std::vector<std::uint32_t>& words) {
    std::string bytes = start;
    for (const std::uint32_t word : words) bytes += record(dvs(1, 1, 1), word);
    std::vector<std::int64_t> found;
    for (const AddressEvent& e : events_of(bytes)) found.push_back(e.t);
    return found;
  };
  using Times = std::vector<std::int64_t>;
  const std::int64_t wrap = std::int64_t{1} << 32U;
  CHECK(times({0x7fffffff, 0x80000000, 0xffffffff, 0, 0x7fffffff, 0x80000000}) ==
        Times{wrap / 2 - 1, wrap / 2, wrap - 1, wrap, wrap + wrap / 2 - 1, wrap + wrap / 2});
  CHECK(times({0x80000000, 0xffffffff, 5}) == Times{-wrap / 2, -1, 5});
  CHECK(times({100, 50, 60}) == Times{100, 50, 60});
  CHECK(times({0x40000001, 0xc0000000}) == Times{0x40000001, wrap - 0x40000000});
  CHECK(times({0x40000000, 0xc0000000}) == Times{0x40000000, -0x40000000});
}

TEST_CASE(
    "the header of AEDAT 2 ends at its end line, at the first line without # or at one that is no text") {
  const std::string event = record(dvs(1, 1, 0), 7);
  const Events one{{7, 126, 126, true}};
  CHECK(events_of(header(dvs128) + event) == one);
  CHECK(events_of("#!AER-DAT2.0\n# AEChip: DVS128\n" + event) == one);
  const std::string hash = "#" + std::string(1, '\0') + "\x02\x01" + std::string("\0\0\0\x09", 4);
  const std::string davis_chip = "DAVIS346";
  for (const std::string end : {"", "#End Of ASCII Header\r\n"}) {
    const EventRecording r = read_bytes(header(davis_chip, end) + hash + hash, "");
    CHECK(r.statistics.bytes_read == header(davis_chip, end).size() + 16);
    CHECK(r.events.size() + r.statistics.damaged == 2);
  }
  const std::string text_body = "#nasty!\n";
  CHECK(read_bytes(header(davis_chip, "#End Of ASCII Header\r\n") + text_body, "").statistics.damaged == 1);
  CHECK(events_of(header(dvs128, "#" + std::string(300'000, 'x') + "\r\n") + event) == one);
  CHECK(holds(reading_refusal("#!AER-DAT2.0\r\n# AEC", "aedat2"),
              "the file ends inside its header, after byte 14"));
  CHECK(holds(reading_refusal("#!AER-DAT1.0\r\n", "aedat2"), "the header says AEDAT 1.0, not AEDAT 2"));
  CHECK(holds(reading_refusal("no header", "aedat2"), "the header says AEDAT 1.0, not AEDAT 2"));
}

TEST_CASE("AEDAT 1 has addresses of 16 bits, with a version line or, asked for, without any") {
  const std::string body =
      short_record(dvs(0, 0, 0), 5) + short_record(0x8000, 6) + short_record(dvs(127, 1, 1), 7);
  const Events two{{5, 127, 127, true}, {7, 0, 126, false}};
  const EventRecording r = read_bytes("#!AER-DAT1.0\r\n# old\r\n" + body, "");
  CHECK(r.format == "aedat1");
  CHECK(r.events == two);
  CHECK(r.statistics.triggers == 1);
  CHECK(events_of(body, {}, "aedat1") == two);
  CHECK(events_of("# old\r\n" + body, {}, "aedat1") == two);
  CHECK(events_of(body, {{"axes", "raw"}, {"polarity", "inivation"}}, "aedat1") ==
        Events{{5, 0, 0, false}, {7, 127, 1, true}});
  CHECK_FALSE(is_recording(TemporaryRecording(body).path()));
  CHECK(holds(reading_refusal(header(""), "aedat1"), "the header says AEDAT 2.0, not AEDAT 1"));
  CHECK(holds(reading_refusal(body, "aedat1", {{"chip", "davis240"}}), "too short for the chip davis240"));
}

TEST_CASE("generated AEDAT 1 and 2 recordings, cut and with bytes changed, are read to the end or refused") {
  std::string one = "#!AER-DAT1.0\r\n";
  std::string two = header("DAVIS240C");
  for (std::uint32_t i = 0; i < 200; ++i) {
    one += short_record(dvs(i % 128, i % 100, i & 1U), i * 90'000'000);
    two += record(davis(i, i % 180, i & 1U), i * 90'000'000);
  }
  for (const auto& [name, bytes] : {std::pair{"aedat1", one}, std::pair{"aedat2", two}}) {
    check_cuts(name, bytes);
    check_flips(name, bytes);
  }
}

TEST_CASE("real AEDAT 2 recordings give the same events however few are asked for") {
  for (const auto& path : reference_files("events", {".aedat", "dvs128_v1.dat"})) {
    const EventRecording r = read_recording(path);
    CHECK(read_in_pieces(path, "", 1000) == r.events);
    if (path.filename() == "IMU_translBoxes.aedat") CHECK(r.statistics.skipped == 33837);
  }
}

TEST_CASE("a real AEDAT 1 recording holds the events of the AEDAT 2 recording that it was made from") {
  for (const auto& path : reference_files("events", {"dvs128_v1.dat"})) {
    const auto twin = path.parent_path().parent_path() / "aedat2" / "DVS128-2017-03-21-short.aedat";
    if (std::filesystem::exists(twin)) CHECK(read_recording(path).events == read_recording(twin).events);
  }
}

}  // namespace aedat2_test
