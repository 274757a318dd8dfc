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

namespace atis_test {

std::string event(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t t) {
  std::string bytes;
  for (const std::uint32_t byte : {x, y, (on ? 0x80U : 0U) | t >> 16U, t >> 8U & 0xffU, t & 0xffU})
    bytes += static_cast<char>(byte);
  return bytes;
}

TEST_CASE("an ATIS event is x, y, polarity and 23 bits of time, most significant first") {
  const EventRecording r = read_bytes(event(1, 2, true, 0x123456) + event(255, 239, false, 0x7fffff), "atis");
  CHECK(r.events == Events{{0x123456, 1, 2, true}, {0x7fffff, 255, 239, false}});
  CHECK(r.sensor.width == 256);
  CHECK(r.sensor.height == 240);
}

TEST_CASE("an ATIS marker in row 240 adds 2^13 us to all later events and is none itself") {
  const EventRecording r = read_bytes(
      event(1, 1, true, 8000) + event(0, 240, false, 0) + event(9, 240, true, 77) + event(1, 1, true, 100),
      "atis");
  CHECK(r.events == Events{{8000, 1, 1, true}, {2 * 8192 + 100, 1, 1, true}});
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("ATIS rows beyond 240 are damage") {
  const EventRecording r = read_bytes(event(1, 241, true, 5) + event(1, 3, true, 6), "atis");
  CHECK(r.events == Events{{6, 1, 3, true}});
  CHECK(r.statistics.damage == "an event lies outside the sensor (y > 240) at byte offset 0");
}

TEST_CASE("trailing bytes of an ATIS file are damage") {
  for (std::size_t rest = 1; rest < 5; ++rest) {
    const EventRecording r = read_bytes(event(1, 3, true, 6) + event(2, 3, true, 6).substr(0, rest), "atis");
    CHECK(r.events.size() == 1);
    CHECK(r.statistics.damaged == 1);
    CHECK(r.statistics.damage.find("at byte offset 5") != std::string::npos);
  }
}

TEST_CASE("an ATIS file is recognised by rising time and moving pixels, and by nothing less") {
  std::string rising;
  std::string falling;
  std::string still;
  for (std::uint32_t i = 0; i < 40; ++i) {
    rising += event(i % 34, i * 7 % 34, i % 2 == 0, 50 * i);
    falling += event(i % 34, i * 7 % 34, i % 2 == 0, 5000 - 50 * i);
    still += event(3, 3, true, 50 * i);
  }
  const auto known = [](const std::string& bytes) {
    return is_recording(TemporaryRecording(bytes, ".jpg").path());
  };
  CHECK(known(rising));
  CHECK_FALSE(known(falling));
  CHECK_FALSE(known(still));
  CHECK_FALSE(known(rising + "x"));
  CHECK_FALSE(known(std::string(200, '\0')));
}

TEST_CASE("an ATIS file is written without markers up to 2^23 us and with as few as need be beyond") {
  CHECK(written("atis", {34, 34}, {{0x7fffff, 33, 1, true}}) == event(33, 1, true, 0x7fffff));
  CHECK(written("atis", {34, 34}, {{0x800000, 33, 1, false}, {0x802001, 0, 0, true}}) ==
        event(0, 240, false, 0) + event(33, 1, false, 0x7fe000) + event(0, 240, false, 0) +
            event(0, 0, true, 0x7fe001));
}

TEST_CASE("an ATIS file written and read gives the same events, and the same file again") {
  RandomSequence random(6, Purpose::test, 0, 0);
  Events events;
  std::int64_t t = (1 << 23) - 200'000;
  for (int i = 0; i < 2000; ++i) {
    t += random.below(i % 100 == 0 ? 1'000'000 : 400);
    events.push_back({t, static_cast<std::uint16_t>(random.below(256)),
                      static_cast<std::uint16_t>(random.below(240)), random.below(2) == 1});
  }
  check_round_trip("atis", {256, 240}, events);
  const std::string small = written("atis", {256, 240}, Events(events.begin(), events.begin() + 300));
  check_cuts("atis", small);
  check_flips("atis", small);
}

TEST_CASE("what ATIS cannot hold is refused") {
  CHECK(writing_refusal("atis", {257, 4}, {}).find("1x1 to 256x240, not 257x4") != std::string::npos);
  CHECK(writing_refusal("atis", {4, 4}, {{std::int64_t{1} << 36U, 0, 0, true}}).find("holds times from 0") !=
        std::string::npos);
  CHECK(writing_refusal("atis", {4, 4}, {{5, 0, 0, true}, {4, 0, 0, true}}).find("comes after") !=
        std::string::npos);
}

TEST_CASE("a real ATIS file is written again byte for byte") {
  for (const auto& path : reference_files("nmnist", {"sample_nmnist.bin"})) {
    const EventRecording r = read_recording(path);
    CHECK(written("atis", {256, 240}, r.events) == file_bytes(path));
  }
}

}  // namespace atis_test
