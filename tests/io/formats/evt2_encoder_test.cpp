// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "tests/io/recording/damage_check.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace evt2_written {

TEST_CASE("an EVT2 file starts with a modern header and holds the plainest words") {
  CHECK(written("evt2", {20, 10}, {{65, 3, 9, true}, {66, 4, 9, false}, {128, 4, 9, false}}) ==
        "% format EVT2;height=10;width=20\n% end\n" +
            words32({0x80000001U, 0x10400000U | 3U << 11U | 9U, 0x00800000U | 4U << 11U | 9U, 0x80000002U,
                     4U << 11U | 9U}));
  CHECK(written("evt2", {20, 10}, {}) == "% format EVT2;height=10;width=20\n% end\n");
}

TEST_CASE("random events come back from EVT2 the same, and are written the same again") {
  RandomSequence random(6, Purpose::test, 0, 0);
  for (std::uint32_t round = 0; round < 20; ++round) {
    const SensorSize sensor{1 + random.below(2048), 1 + random.below(2048)};
    std::int64_t t = round % 2 == 0 ? random.below(1000) : (std::int64_t{1} << 34U) - random.below(5000);
    Events events;
    for (int i = 0; i < 2000; ++i) {
      t += random.below(300) == 0 ? std::int64_t{random()} * random.below(10) : random.below(40);
      events.push_back({t, static_cast<std::uint16_t>(random.below(sensor.width)),
                        static_cast<std::uint16_t>(random.below(sensor.height)), random.below(2) == 1});
    }
    check_round_trip("evt2", sensor, events);
  }
}

TEST_CASE("times across many wraps of the EVT2 clock and long silences come back the same") {
  const std::int64_t wrap = std::int64_t{1} << 34U;
  Events events;
  for (const std::int64_t t : {std::int64_t{0}, wrap / 2 - 1, wrap / 2, wrap - 1, wrap, wrap + 63, wrap + 64,
                               2 * wrap - 1, 2 * wrap, 7 * wrap / 2, 9 * wrap - 64, 12 * wrap + 5})
    for (const bool on : {false, true}) events.push_back({t, 1, 1, on});
  check_round_trip("evt2", {2, 2}, events);
  for (std::size_t i = 1; i < events.size(); ++i)
    check_round_trip("evt2", {2, 2}, Events(events.begin() + static_cast<std::ptrdiff_t>(i), events.end()));
}

TEST_CASE("real recordings written as EVT2 come back the same") {
  for (const auto& path :
       reference_files("events", {"evt2_sample.raw", ".evt2bin", "evt3_sample.raw", "trcl0.es"})) {
    CAPTURE(path.string());
    const EventRecording r = read_recording(path);
    check_round_trip("evt2", r.sensor, r.events);
  }
}

TEST_CASE("what EVT2 cannot hold is refused") {
  CHECK_THROWS_WITH_AS(written("evt2", {2049, 2}, {}), doctest::Contains("1x1 to 2048x2048, not 2049x2"),
                       UsageError);
  CHECK_THROWS_WITH_AS(written("evt2", {2, 2}, {{-1, 0, 0, true}}),
                       doctest::Contains("EVT2 holds no negative times"), UsageError);
  CHECK_THROWS_WITH_AS(written("evt2", {2, 2}, {{2, 0, 0, true}, {1, 0, 0, true}}),
                       doctest::Contains("sort the events by time"), UsageError);
}

TEST_CASE("a generated EVT2 recording, cut and with bytes changed, is read to its end") {
  RandomSequence random(7, Purpose::test, 0, 0);
  Events events;
  for (std::uint32_t i = 0; i < 600; ++i)
    events.push_back({5 * i, static_cast<std::uint16_t>(random.below(320)),
                      static_cast<std::uint16_t>(random.below(240)), i % 3 == 0});
  const std::string bytes = written("evt2", {320, 240}, events);
  check_cuts("evt2", bytes);
  check_flips("evt2", bytes);
}

}  // namespace evt2_written
