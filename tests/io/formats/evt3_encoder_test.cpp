// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/evt3_encoder.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "io/recording/stream_writer.hpp"
#include "tests/io/recording/written_recording.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

TEST_CASE("an EVT3 file starts with a modern header and holds the plainest words") {
  CHECK(written("evt3", {20, 10}, {{4097, 3, 9, true}, {4097, 4, 9, false}}) ==
        "% format EVT3;height=10;width=20\n% end\n" + words16({0x8001, 0x6001, 0x0009, 0x2803, 0x2004}));
  CHECK(written("evt3", {20, 10}, {}) == "% format EVT3;height=10;width=20\n% end\n");
}

TEST_CASE("five events of a row and an instant within 32 aligned pixels become a vector") {
  Events events;
  for (const std::uint16_t x : std::vector<std::uint16_t>{32, 43, 44, 56, 63})
    events.push_back({0, x, 1, true});
  const std::string header = "% format EVT3;height=2;width=64\n% end\n";
  CHECK(written("evt3", {64, 2}, events) ==
        header + words16({0x8000, 0x6000, 0x0001, 0x3820, 0x4801, 0x4001, 0x5081}));
  std::reverse(events.begin(), events.end());
  check_round_trip("evt3", {64, 2}, events);
  CHECK(written("evt3", {64, 2}, events).size() == header.size() + 2 * 8);
}

TEST_CASE("random events come back the same, and are written the same again") {
  RandomSequence random(3, Purpose::test, 0, 0);
  for (std::uint32_t round = 0; round < 60; ++round) {
    const SensorSize sensor{1 + random.below(round % 2 == 0 ? 70 : 2048),
                            1 + random.below(round % 3 == 0 ? 3 : 2048)};
    std::int64_t t = random.below(1U << 25U);
    Events events;
    for (int i = 0; i < 2000; ++i) {
      const std::uint32_t kind = random.below(100);
      if (kind < 30) t += random.below(10);
      if (kind == 30) t += random.below(1U << 26U);
      const auto x = static_cast<std::uint16_t>(
          kind > 35 && !events.empty() && events.back().x + 1U < sensor.width ? events.back().x + 1U
                                                                              : random.below(sensor.width));
      const auto y = kind > 33 && !events.empty() ? events.back().y
                                                  : static_cast<std::uint16_t>(random.below(sensor.height));
      events.push_back({t, x, y, kind % 8 == 0});
    }
    check_round_trip("evt3", sensor, events);
  }
}

TEST_CASE("times across many wraps of the EVT3 clock and long silences come back the same") {
  Events events;
  for (const std::int64_t t :
       {std::int64_t{0}, std::int64_t{4095}, std::int64_t{4096}, (std::int64_t{1} << 24) - 1,
        std::int64_t{1} << 24, (std::int64_t{1} << 24) + 4096, std::int64_t{1} << 25, std::int64_t{5} << 24,
        (std::int64_t{1} << 33) + 12345, std::int64_t{1} << 34})
    for (const bool on : {false, true}) events.push_back({t, 1, 1, on});
  check_round_trip("evt3", {2, 2}, events);
  for (std::size_t i = 1; i < events.size(); ++i)
    check_round_trip("evt3", {2, 2}, Events(events.begin() + static_cast<std::ptrdiff_t>(i), events.end()));
  // Silence is cheap: two words an epoch of 2^24 us and at most two epochs word by word.
  CHECK(written("evt3", {2, 2}, {{0, 0, 0, true}, {std::int64_t{1} << 34, 0, 0, true}}).size() <
        4 * 1024 + 2 * 8192 + 100);
}

TEST_CASE("real recordings written as EVT3 come back the same") {
  for (const auto& path : reference_files("events", {".raw", ".es", ".evt2bin"})) {
    if (!is_recording(path)) continue;
    CAPTURE(path.string());
    const EventRecording r = read_recording(path);
    if (std::is_sorted(r.events.begin(), r.events.end(), [](auto& a, auto& b) { return a.t < b.t; }))
      check_round_trip("evt3", r.sensor, r.events);
  }
}

TEST_CASE("events in several pieces make the same file as in one") {
  Events events;
  for (std::uint16_t i = 0; i < 64; ++i)
    events.push_back({i / 40, static_cast<std::uint16_t>(i % 40), 0, true});
  const TemporaryRecording file("");
  StreamWriter<Evt3Encoder> writer(file.path(), {64, 1});
  for (const AddressEvent& event : events) writer.write(std::span(&event, 1));
  CHECK(file_bytes(file.path()).empty());
  writer.close();
  CHECK(file_bytes(file.path()) == written("evt3", {64, 1}, events));
  CHECK_FALSE(std::filesystem::exists(partial_of(file.path())));
}

TEST_CASE("what EVT3 cannot hold is refused and leaves the old file as it was") {
  CHECK(holds(writing_refusal("evt3", {4, 4}, {{-1, 0, 0, true}}), "event 0 is at -1 us"));
  CHECK(holds(writing_refusal("evt3", {4, 4}, {{9, 0, 0, true}, {8, 0, 0, true}}),
              "event 1 at 8 us comes after one at 9 us"));
  CHECK(holds(writing_refusal("evt3", {4, 4}, {{9, 4, 0, true}}), "x 4, y 0 lies outside the sensor of 4x4"));
  CHECK(holds(writing_refusal("evt3", {4, 4}, {{9, 0, 4, true}}), "x 0, y 4 lies outside"));
  CHECK(holds(writing_refusal("evt3", {2049, 4}, {}), "1x1 to 2048x2048, not 2049x4"));
  CHECK(holds(writing_refusal("evt3", {0, 0}, {}), "not 0x0"));
  const std::uint16_t edge = 2047;
  check_round_trip("evt3", {2048, 2048}, {{0, edge, edge, true}});
}

TEST_CASE("a full disk or a missing folder is a system error and leaves nothing") {
  CHECK_THROWS_AS(write_recording("/nonexistent_folder/a.raw", "evt3", {4, 4}, {}), SystemError);
  if (!std::filesystem::exists("/dev/full")) return;
  const TemporaryRecording file("old");
  std::filesystem::create_symlink("/dev/full", partial_of(file.path()));
  CHECK_THROWS_AS(write_recording(file.path(), "evt3", {4, 4}, Events{{1, 1, 1, true}}), SystemError);
  CHECK(file_bytes(file.path()) == "old");
  CHECK_FALSE(std::filesystem::is_symlink(partial_of(file.path())));
}

TEST_CASE("a writer that is not closed leaves nothing") {
  const TemporaryRecording file("old");
  {
    StreamWriter<Evt3Encoder> writer(file.path(), {4, 4});
    writer.write(Events{{1, 1, 1, true}});
  }
  CHECK(file_bytes(file.path()) == "old");
  CHECK_FALSE(std::filesystem::exists(partial_of(file.path())));
}
