// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using Events = std::vector<AddressEvent>;

std::string stream(char type, const std::string& body, char version = 2) {
  return std::string("Event Stream") + version + std::string("\x00\x00", 2) + type + words16({320, 240}) +
         body;
}
std::string event(std::uint32_t first, std::uint32_t x, std::uint32_t y) {
  return static_cast<char>(first) + words16({x, y});
}
std::string refusal(const std::string& bytes) {
  try {
    read_bytes(bytes, "es");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

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
    CHECK(refusal(bytes.substr(0, size)).find("ends inside its header") != std::string::npos);
}

TEST_CASE("other types and versions of Event Stream are refused by name") {
  CHECK(refusal(stream(0, "")).find("type 0 (generic)") != std::string::npos);
  CHECK(refusal(stream(4, "")).find("type 4 (color)") != std::string::npos);
  CHECK(refusal(stream(9, "")).find("type 9 is not read") != std::string::npos);
  CHECK(refusal(stream(1, "", 1)).find("version 1") != std::string::npos);
  CHECK(refusal("something else").find("does not start with") != std::string::npos);
}
