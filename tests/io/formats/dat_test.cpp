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

namespace dat_records {

const std::string start = "% Data file containing CD events.\n% Version 2\n";

TEST_CASE("a DAT 2 record holds the time, 14 bits of x and of y and the polarity") {
  const EventRecording r =
      read_bytes(start + "\x0c\x08" + words32({7, 1U << 28U | 16383U << 14U, 9, 16383}), "");
  CHECK(r.format == "dat");
  CHECK(r.events == Events{{7, 0, 16383, true}, {9, 16383, 0, false}});
  CHECK(r.sensor.width == 16384);
  CHECK(r.statistics.bytes_read == start.size() + 18);
}

TEST_CASE("a DAT 1 record holds 9 bits of x, 8 of y and the polarity, also where no version is said") {
  const std::string records = words32({7, 1U << 17U | 239U << 9U | 303U, 9, 5U << 9U | 4U});
  for (const char* version : {"% Version 1\n", ""})
    CHECK(read_bytes("% Data file containing CD events.\n" + std::string(version) +
                         std::string("\x00\x08", 2) + records,
                     "")
              .events == Events{{7, 303, 239, true}, {9, 4, 5, false}});
}

TEST_CASE("DAT events outside the sensor of the header are damage and dropped") {
  const std::string head = start + "% Height 3\n% Width 4\n\x0c\x08";
  const EventRecording r = read_bytes(head + words32({1, 4, 2, 3U << 14U, 3, 2U << 14U | 3U}), "");
  CHECK(r.events == Events{{3, 3, 2, false}});
  CHECK(r.statistics.damaged == 2);
  CHECK(r.statistics.damage ==
        "an event lies outside the sensor at byte offset " + std::to_string(head.size()));
}

TEST_CASE("the DAT clock goes on past 2^32 us; a smaller fall is taken as it stands") {
  const std::int64_t wrap = std::int64_t{1} << 32U;
  const EventRecording r = read_bytes(
      start + "\x0c\x08" + words32({0xffffffffU, 0, 0, 0, 0x80000000U, 0, 0, 0, 0x80000001U, 0, 0, 0}), "");
  std::vector<std::int64_t> times;
  for (const AddressEvent& event : r.events) times.push_back(event.t);
  CHECK(times == std::vector<std::int64_t>{wrap - 1, wrap, wrap + (wrap >> 1), wrap, wrap + (wrap >> 1) + 1,
                                           2 * wrap});
  CHECK(r.statistics.damaged == 0);
}

TEST_CASE("a DAT file of triggers has no events, and each record is counted") {
  const EventRecording r = read_bytes(start + "\x0e\x08" + words32({1, 1, 2, 0}) + "abc", "");
  CHECK(r.events.empty());
  CHECK(r.statistics.triggers == 2);
  CHECK(r.statistics.damaged == 1);
}

TEST_CASE("DAT headers that promise something else are refused") {
  CHECK(reading_refusal("% Data file containing CD events.\n% Version 3\n\x0c\x08", "dat")
            .find("DAT version 3 is not read") != std::string::npos);
  CHECK(reading_refusal(start + "\x07\x08", "dat").find("events of type 7 are not read") !=
        std::string::npos);
  CHECK(reading_refusal(start + "\x0c\x10", "dat").find("events of 16 bytes are not read") !=
        std::string::npos);
  CHECK(reading_refusal(start + "\x0c", "dat").find("ends at byte " + std::to_string(start.size() + 1)) !=
        std::string::npos);
  CHECK(reading_refusal("% evt 2.0\n% end\n", "dat").find("the header says EVT2, not DAT") !=
        std::string::npos);
}

TEST_CASE("a DAT file starts with the oldest header all readers know") {
  CHECK(written("dat", {20, 10}, {{5, 3, 9, true}}) ==
        start + "% Height 10\n% Width 20\n\x0c\x08" + words32({5, 1U << 28U | 9U << 14U | 3U}));
}

TEST_CASE("random events come back from DAT the same, across wraps, and are written the same again") {
  RandomSequence random(4, Purpose::test, 0, 0);
  for (std::uint32_t round = 0; round < 20; ++round) {
    const SensorSize sensor{1 + random.below(round % 2 == 0 ? 70 : 16384), 1 + random.below(16384)};
    std::int64_t t = round % 3 == 0 ? random.below(100) : 0xffffffffLL - random.below(5000);
    Events events;
    for (int i = 0; i < 2000; ++i) {
      t += random.below(100) == 0 ? random.below(0x7fffffffU) : random.below(10);
      events.push_back({t, static_cast<std::uint16_t>(random.below(sensor.width)),
                        static_cast<std::uint16_t>(random.below(sensor.height)), random.below(2) == 1});
    }
    check_round_trip("dat", sensor, events);
  }
}

TEST_CASE("times next to the DAT clock's wraps come back the same") {
  const std::int64_t wrap = std::int64_t{1} << 32U;
  for (const std::int64_t middle : {wrap, wrap >> 1U}) {
    Events events;
    for (std::int64_t t = middle - 2; t <= middle + 2; ++t) events.push_back({t, 1, 1, true});
    check_round_trip("dat", {2, 2}, events);
  }
  check_round_trip("dat", {2, 2},
                   {{wrap / 2 + 1, 1, 1, true}, {wrap, 1, 1, true}, {3 * wrap / 2 - 1, 0, 0, false}});
}

TEST_CASE("what DAT's clock cannot tell is refused, with the event") {
  const std::int64_t wrap = std::int64_t{1} << 32U;
  CHECK_THROWS_WITH_AS(written("dat", {2, 2}, {{wrap, 1, 1, true}}),
                       doctest::Contains("event 0 is at 4294967296 us"), UsageError);
  CHECK_THROWS_WITH_AS(written("dat", {2, 2}, {{1, 1, 1, true}, {wrap + 1, 1, 1, true}}),
                       doctest::Contains("event 1 is at 4294967297 us, more than DAT's clock tells"),
                       UsageError);
  CHECK_NOTHROW(written("dat", {2, 2}, {{1, 1, 1, true}, {wrap - 1, 1, 1, true}}));
  CHECK_THROWS_WITH_AS(written("dat", {16385, 2}, {}), doctest::Contains("1x1 to 16384x16384, not 16385x2"),
                       UsageError);
}

TEST_CASE("real DAT recordings written as DAT come back the same") {
  for (const auto& path : reference_files("events", {"td.dat", "evt2_sample.raw", "2021-04.dat"})) {
    CAPTURE(path.string());
    const EventRecording r = read_recording(path);
    check_round_trip("dat", r.sensor, r.events);
  }
}

TEST_CASE("DAT events do not depend on how many are asked for at once; damage is survived") {
  RandomSequence random(5, Purpose::test, 0, 0);
  Events events;
  for (std::uint32_t i = 0; i < 300; ++i)
    events.push_back({0xffffffffLL - 150 + i, static_cast<std::uint16_t>(random.below(64)),
                      static_cast<std::uint16_t>(random.below(48)), i % 2 == 0});
  const std::string bytes = written("dat", {64, 48}, events);
  const TemporaryRecording file(bytes);
  for (const std::size_t piece : {1U, 7U, 4096U}) CHECK(read_in_pieces(file.path(), "", piece) == events);
  check_cuts("dat", bytes);
  check_flips("dat", bytes);
}

}  // namespace dat_records
