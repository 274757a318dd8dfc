// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace event_stream_test {

std::string stream(char type, const std::string& body, char version = 2) {
  return std::string("Event Stream") + version + std::string("\x00\x00", 2) + type + words16({320, 240}) +
         body;
}
std::string event(std::uint32_t first, std::uint32_t x, std::uint32_t y) {
  return static_cast<char>(first) + words16({x, y});
}
TEST_CASE("a dvs byte of an Event Stream holds seven bits of time and the polarity") {
  const EventRecording r =
      read_bytes(stream(1, event(0, 0, 0) + event(1, 319, 239) + event(0xfd, 5, 1) + event(2, 0, 239)), "");
  CHECK(r.format == "es");
  CHECK(r.events == Events{{0, 0, 239, false}, {0, 319, 0, true}, {126, 5, 238, true}, {127, 0, 0, false}});
  CHECK(r.sensor.width == 320);
  CHECK(r.sensor.height == 240);
}

TEST_CASE("0xFF adds 127 us to a dvs stream and 0xFE is skipped") {
  const EventRecording r = read_bytes(stream(1, "\xff\xff\xfe" + event(0x0b, 1, 2) + "\xff"), "");
  CHECK(r.events == Events{{259, 1, 237, true}});
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("an atis stream gives contrast events and counts exposure measurements") {
  const std::string body =
      "\xfc\xfd\xfe\xff" + event(5U << 2U | 2U, 1, 2) + event(1U << 2U | 3U, 1, 2) + event(62U << 2U, 3, 4);
  const EventRecording r = read_bytes(stream(2, body), "");
  CHECK(r.events == Events{{63 * 6 + 5, 1, 237, true}, {63 * 6 + 5 + 1 + 62, 3, 235, false}});
  CHECK(r.statistics.skipped == 1);
}

TEST_CASE("pixels beyond the sensor of an Event Stream are damage, and their time still counts") {
  const EventRecording r = read_bytes(stream(1, event(20, 320, 0) + event(20, 0, 240) + event(20, 1, 1)), "");
  CHECK(r.events == Events{{30, 1, 238, false}});
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage == "an event lies outside the sensor at byte offset 20");
}

TEST_CASE("an Event Stream cut inside an event keeps the whole ones") {
  const std::string bytes = stream(1, event(1, 1, 1) + event(1, 2, 2));
  for (std::size_t size = 20; size < 30; ++size) {
    const EventRecording r = read_bytes(bytes.substr(0, size), "");
    CHECK(r.events.size() == (size >= 25 ? 1 : 0));
    CHECK(r.statistics.damaged == (size == 20 || size == 25 ? 0 : 1));
  }
  for (std::size_t size = 12; size < 20; ++size)
    CHECK(reading_refusal(bytes.substr(0, size), "es").find("ends inside its header") != std::string::npos);
}

TEST_CASE("an event of a color stream is on, whatever its color") {
  const auto colored = [](std::uint32_t first, std::uint32_t x, std::uint32_t y) {
    return event(first, x, y) + "rgb";
  };
  const EventRecording r =
      read_bytes(stream(4, "\xff\xfe" + colored(0xfd, 0, 0) + colored(0, 319, 239) + colored(3, 320, 0)), "");
  CHECK(r.events == Events{{254 + 253, 0, 239, true}, {254 + 253, 319, 0, true}});
  CHECK(r.statistics.skipped == 1);
  CHECK(r.statistics.damaged == 1);
  const std::string cut = stream(4, colored(1, 1, 1) + colored(1, 2, 2));
  for (std::size_t bytes = 1; bytes < 8; ++bytes)
    CHECK(read_bytes(cut.substr(0, cut.size() - bytes), "").events.size() == 1);
}

TEST_CASE("a generic stream has no pixels: its events are counted and skipped") {
  const std::string start = stream(0, "").substr(0, 16);
  const std::string long_one = std::string("\x05\x91\x02", 3) + std::string(200, 'x');  // 72 + 1 x 128 bytes
  const EventRecording r =
      read_bytes(start + "\xff\x07\x06" + "abc" + "\xfe" + long_one + std::string("\x01\x00", 2), "");
  CHECK(r.format == "es");
  CHECK(r.events.empty());
  CHECK(r.statistics.skipped == 4);
  CHECK(r.statistics.damaged == 0);
  CHECK(r.sensor.width == 0);
  const EventRecording cut = read_bytes(start + "\x07\x06" + "ab", "");
  CHECK(cut.statistics.damage == "the file ends inside an event at byte offset 20");
  CHECK(read_bytes(start + "\x07", "").statistics.damaged == 1);
  const EventRecording endless = read_bytes(start + "\x07" + std::string(8, '\xff') + "\x07\x02" + "a", "");
  CHECK(endless.statistics.damage == "an event has a length of more than 56 bits at byte offset 24");
  CHECK(endless.statistics.skipped == 2);
}

TEST_CASE("other types and versions of Event Stream are refused by name") {
  CHECK(reading_refusal(stream(9, ""), "es").find("type 9 is not known") != std::string::npos);
  CHECK(reading_refusal(stream(3, ""), "es").find("type 3 is not known") != std::string::npos);
  CHECK(reading_refusal(stream(1, "", 1), "es").find("version 1") != std::string::npos);
  CHECK(reading_refusal("something else", "es").find("does not start with") != std::string::npos);
}

TEST_CASE("an Event Stream is written with the fewest bytes") {
  CHECK(written("es", {320, 240}, {}) == stream(1, ""));
  CHECK(written("es", {320, 240},
                {{0, 0, 239, false}, {126, 319, 0, true}, {126 + 127, 5, 5, true}, {507, 5, 5, false}}) ==
        stream(1, event(0, 0, 0) + event(0xfd, 319, 239) + "\xff" + event(1, 5, 234) + "\xff\xff" +
                      event(0, 5, 234)));
}

TEST_CASE("an Event Stream written and read gives the same events, and the same file again") {
  RandomSequence random(5, Purpose::test, 0, 0);
  Events events;
  std::int64_t t = 0;
  for (int i = 0; i < 3000; ++i) {
    t += random.below(i % 100 == 0 ? 100'000 : 400);
    events.push_back({t, static_cast<std::uint16_t>(random.below(640)),
                      static_cast<std::uint16_t>(random.below(480)), random.below(2) == 1});
  }
  check_round_trip("es", {640, 480}, events);
  const std::string small = written("es", {640, 480}, Events(events.begin(), events.begin() + 99));
  check_cuts("es", small);
  check_flips("es", small);
  std::string colored = stream(4, "");
  std::string generic = stream(0, "").substr(0, 16);
  for (std::uint32_t i = 0; i < 100; ++i) {
    colored += event(i, i, i) + "rgb";
    generic += static_cast<char>(i);
    generic += static_cast<char>((i % 9) << 1U);
    generic.append(i % 9, 'x');
  }
  check_cuts("es", colored);
  check_flips("es", colored);
  check_flips("es", generic);
}

TEST_CASE("what an Event Stream cannot hold is refused, a silence of 19 hours among it") {
  const std::int64_t last = (std::int64_t{1} << 36U) - 1;
  CHECK(
      writing_refusal("es", {4, 4}, {{last + 1, 0, 0, true}}).find("holds times from 0 to 68719476735 us") !=
      std::string::npos);
  CHECK(writing_refusal("es", {4, 4}, {{-1, 0, 0, true}}).find("no negative times") != std::string::npos);
  CHECK(writing_refusal("es", {65536, 4}, {}).find("1x1 to 65535x65535") != std::string::npos);
}

TEST_CASE("real Event Streams are written again byte for byte") {
  for (const auto& path : reference_files("events/es", {".es"})) {
    const EventRecording r = read_recording(path);
    CHECK_MESSAGE(written("es", r.sensor, r.events) == file_bytes(path), path.string());
  }
}

}  // namespace event_stream_test
