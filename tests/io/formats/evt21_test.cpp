// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace evt21_words {

using Halves = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  // top, mask

std::uint32_t cd(bool on, std::uint32_t low, std::uint32_t x, std::uint32_t y) {
  return (on ? 1U : 0U) << 28U | low << 22U | x << 11U | y;
}
std::uint32_t time_high(std::uint32_t value) { return 8U << 28U | value; }

std::string body(const Halves& words, bool legacy = false) {
  std::string bytes;
  for (const auto& [top, mask] : words) bytes += legacy ? words32({top, mask}) : words32({mask, top});
  return bytes;
}
std::string header(const std::string& options) {
  return "% evt 2.1\n% format EVT21;" + options + "height=480;width=640\n% end\n";
}

/// TIME_HIGH words that rise, with a busy word after each.
Halves walk(std::uint32_t clocks) {
  Halves words;
  for (std::uint32_t i = 0; i < clocks; ++i) {
    words.emplace_back(time_high(1000 + i), 0);
    words.emplace_back(cd(i % 2 == 0, i % 64, 32 * (i % 20), i % 480), 0x81000001U * (i + 1));
  }
  return words;
}

TEST_CASE("an EVT2.1 word holds polarity, six low time bits, x, y and a bit for each of 32 pixels") {
  const Halves words{
      {time_high(100), 0}, {cd(true, 63, 2016, 7), 0x40000001U}, {cd(false, 0, 0, 2047), 0x6U}};
  const Events expected{
      {6463, 2016, 7, true}, {6463, 2046, 7, true}, {6400, 1, 2047, false}, {6400, 2, 2047, false}};
  for (const bool legacy : {false, true}) {
    const EventRecording r = read_bytes(body(words, legacy), "evt21");
    CHECK(r.events == expected);
    CHECK(r.statistics.damaged == 0);
    CHECK(r.statistics.bytes_read == 24);
  }
}

TEST_CASE("EVT2.1 words before the first TIME_HIGH, triggers and vendor words are counted") {
  const EventRecording r = read_bytes(body({{cd(true, 1, 0, 3), 1},
                                            {0xa0000000U, 1},
                                            {time_high(0), 0},
                                            {0xe0000000U, 9},
                                            {0xf0000000U, 9},
                                            {cd(true, 1, 0, 3), 0},
                                            {cd(true, 1, 0, 3), 4}}),
                                      "evt21");
  CHECK(r.events == Events{{1, 2, 3, true}});
  CHECK(r.statistics.triggers == 1);
  CHECK(r.statistics.skipped == 3);
}

TEST_CASE("the EVT2.1 clock goes on past 2^34 us and a small fall is damage") {
  const std::int64_t wrap = std::int64_t{1} << 34U;
  EventRecording r = read_bytes(body({{time_high(0xfffffff), 0},
                                      {cd(true, 63, 0, 1), 1},
                                      {time_high(0), 0},
                                      {cd(true, 0, 0, 1), 1},
                                      {time_high(0xfffffff), 0},
                                      {time_high(5), 0},
                                      {cd(true, 2, 0, 1), 1}}),
                                "evt21");
  CHECK(r.events == Events{{wrap - 1, 0, 1, true}, {wrap, 0, 1, true}, {2 * wrap + 5 * 64 + 2, 0, 1, true}});
  CHECK(r.statistics.damaged == 0);
  r = read_bytes(body({{time_high(10), 0}, {time_high(9), 0}, {cd(true, 0, 0, 1), 1}}), "evt21");
  CHECK(r.events == Events{{576, 0, 1, true}});
  CHECK(r.statistics.damage == "TIME_HIGH runs back at byte offset 8");
}

TEST_CASE("pixels of an EVT2.1 word outside the sensor are damage, each alone") {
  const std::string head = header("endianness=little;");
  const EventRecording r = read_bytes(
      head + body({{time_high(1), 0}, {cd(true, 0, 620, 0), 0x0018'0001U}, {cd(true, 0, 0, 480), 1}}), "");
  CHECK(r.format == "evt21");
  CHECK(r.events == Events{{64, 620, 0, true}, {64, 639, 0, true}});
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage ==
        "an event lies outside the sensor at byte offset " + std::to_string(head.size() + 8));
}

TEST_CASE("the order of an EVT2.1 word's halves is the header's, else what makes the clock rise") {
  const Events events = read_bytes(header("endianness=little;") + body(walk(50)), "").events;
  CHECK(events.size() > 100);
  CHECK(read_bytes(header("endianness=legacy;") + body(walk(50), true), "").events == events);
  CHECK(read_bytes("% evt 2.1\n% endianness legacy\n% geometry 640x480\n% end\n" + body(walk(50), true), "")
            .events == events);
  for (const bool legacy : {false, true}) {
    CHECK(read_bytes(header("") + body(walk(50), legacy), "").events == events);
    CHECK(read_bytes(body(walk(50), legacy), "evt21").events == events);
  }
  // Nothing to tell by: old cameras wrote the legacy order.
  const std::string little = body({{cd(true, 0, 0, 1), 1}});
  CHECK(read_bytes("% evt 2.1\n% end\n" + little, "").statistics.skipped == 1);
  CHECK(read_bytes("% evt 2.1\n% system_ID 49\n% end\n" + little, "").statistics.skipped == 1);
}

TEST_CASE("an EVT2.1 header that contradicts the words is refused, and the user decides") {
  const TemporaryRecording file(header("endianness=little;") + body(walk(50), true));
  CHECK_THROWS_WITH_AS(
      read_recording(file.path()),
      (file.path().string() +
       ": the header says the words are little, but only in the other order do TIME_HIGH words "
       "appear and rise; say which is right with the reading words=little or words=legacy")
          .c_str(),
      FormatError);
  CHECK(read_recording(file.path(), "", {{"words", "legacy"}}).events ==
        read_bytes(body(walk(50)), "evt21").events);
  CHECK(read_recording(file.path(), "", {{"words", "little"}}).events !=
        read_bytes(body(walk(50)), "evt21").events);
  CHECK_THROWS_WITH_AS(read_recording(file.path(), "", {{"words", "big"}}),
                       (file.path().string() + ": words is 'big'; it can be little or legacy").c_str(),
                       UsageError);
  CHECK_THROWS_WITH_AS(
      read_bytes(header("endianness=middle;"), ""),
      doctest::Contains("the header says endianness middle; only little and legacy are known"), FormatError);
}

TEST_CASE("EVT2.1 events do not depend on how many are asked for at once; damage is survived") {
  const std::string bytes = header("endianness=legacy;") + body(walk(120), true);
  const TemporaryRecording file(bytes);
  const EventRecording whole = read_recording(file.path());
  for (const std::size_t piece : {1U, 7U, 31U, 4096U})
    CHECK(read_in_pieces(file.path(), "", piece) == whole.events);
  check_cuts("evt21", bytes);
  check_flips("evt21", bytes);
}

}  // namespace evt21_words
