// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

std::uint32_t cd(bool on, std::uint32_t low, std::uint32_t x, std::uint32_t y) {
  return (on ? 1U : 0U) << 28U | low << 22U | x << 11U | y;
}
std::uint32_t time_high(std::uint32_t value) { return 8U << 28U | value; }

EventRecording read_evt2(const std::vector<std::uint32_t>& words) {
  return read_bytes(words32(words), "evt2");
}

}  // namespace

TEST_CASE("an EVT2 word holds polarity, six low time bits, x and y") {
  const EventRecording r = read_evt2({time_high(100), cd(true, 63, 2047, 0), cd(false, 0, 0, 2047)});
  CHECK(r.events == Events{{6463, 2047, 0, true}, {6400, 0, 2047, false}});
  CHECK(r.sensor.width == 2048);
  CHECK(r.sensor.height == 2048);
  CHECK(r.statistics.bytes_read == 12);
}

TEST_CASE("EVT2 events before the first TIME_HIGH are dropped and counted") {
  const EventRecording r =
      read_evt2({cd(true, 1, 2, 3), cd(false, 1, 2, 3), time_high(0), cd(true, 1, 2, 3)});
  CHECK(r.events == Events{{1, 2, 3, true}});
  CHECK(r.statistics.skipped == 2);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("EVT2 triggers are counted and vendor words skipped, wherever they stand") {
  const EventRecording r = read_evt2({0xa0000000U, time_high(1), 0xa0000101U, 0xe0000000U, 0xf1234567U,
                                      0x7fffffffU, 0xd0000000U, cd(true, 0, 1, 1)});
  CHECK(r.events == Events{{64, 1, 1, true}});
  CHECK(r.statistics.triggers == 2);
  CHECK(r.statistics.skipped == 4);
}

TEST_CASE("the EVT2 clock goes on past 2^34 us, several times") {
  const EventRecording r =
      read_evt2({time_high(0xfffffff), cd(true, 63, 1, 1), time_high(0), cd(true, 0, 1, 1),
                 time_high(0xfffffff), time_high(5), cd(true, 2, 1, 1)});
  const std::int64_t wrap = std::int64_t{1} << 34U;
  CHECK(r.events == Events{{wrap - 1, 1, 1, true}, {wrap, 1, 1, true}, {2 * wrap + 5 * 64 + 2, 1, 1, true}});
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("an EVT2 clock that falls by no more than half its range is no wrap but damage") {
  const std::uint32_t half = 1U << 27U;
  CHECK(read_evt2({time_high(half), time_high(0), cd(true, 0, 1, 1)}).events.front().t == 0);
  CHECK(read_evt2({time_high(half + 1), time_high(0), cd(true, 0, 1, 1)}).events.front().t == std::int64_t{1}
                                                                                                  << 34U);
  const EventRecording r = read_evt2({time_high(10), cd(true, 0, 1, 1), time_high(9), cd(true, 0, 1, 1)});
  CHECK(r.events == Events{{640, 1, 1, true}, {576, 1, 1, true}});
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage == "TIME_HIGH runs back at byte offset 8");
}

TEST_CASE("EVT2 low time bits may run back between two TIME_HIGH words") {
  const EventRecording r = read_evt2({time_high(1), cd(true, 62, 1, 1), cd(true, 0, 1, 1)});
  CHECK(r.events[0].t == 126);
  CHECK(r.events[1].t == 64);
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("EVT2 events outside the sensor of the header are damage and dropped") {
  const std::string header = "% evt 2.0\n% geometry 640x480\n% end\n";
  const EventRecording r = read_bytes(
      header + words32({time_high(1), cd(true, 0, 640, 0), cd(true, 0, 0, 480), cd(true, 0, 639, 479)}), "");
  CHECK(r.format == "evt2");
  CHECK(r.events == Events{{64, 639, 479, true}});
  CHECK(r.sensor.width == 640);
  CHECK(r.sensor.height == 480);
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage ==
        "an event lies outside the sensor at byte offset " + std::to_string(header.size() + 4));
}

TEST_CASE("an EVT2 file cut inside its last word keeps the whole events and says where") {
  const std::string bytes = words32({time_high(1), cd(true, 0, 1, 1), cd(true, 1, 2, 2)});
  for (std::size_t rest = 1; rest < 4; ++rest) {
    const EventRecording r = read_bytes(bytes.substr(0, 8 + rest), "evt2");
    CHECK(r.events == Events{{64, 1, 1, true}});
    CHECK(r.statistics.damaged == 1);
    CHECK(r.statistics.damage.find("at byte offset 8") != std::string::npos);
    CHECK(r.statistics.bytes_read == 8 + rest);
  }
}

TEST_CASE("an EVT2 body may begin with a percent sign after the end line") {
  const EventRecording r =
      read_bytes("% evt 2.0\n% end\n" + words32({0x80000020U | 5U, cd(true, 0, 1, 1)}), "");
  CHECK(r.events == Events{{37 * 64, 1, 1, true}});  // TIME_HIGH 37 = 0x25
}

TEST_CASE("an old EVT2 header ends before the first line that is no text") {
  const std::string body = words32({0x8000 << 16U | 0x2025U, cd(false, 3, 4, 5)});  // starts with "% "
  const EventRecording r = read_bytes("% Date 2014-02-28\n% evt 2.0\n" + body, "");
  CHECK(r.events == Events{{0x2025 * 64 + 3, 4, 5, false}});
}
