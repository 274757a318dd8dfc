// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

using Events = std::vector<AddressEvent>;

std::string event(std::uint32_t x, std::uint32_t y, bool on, std::uint32_t t) {
  std::string bytes;
  for (const std::uint32_t byte : {x, y, (on ? 0x80U : 0U) | t >> 16U, t >> 8U & 0xffU, t & 0xffU})
    bytes += static_cast<char>(byte);
  return bytes;
}

}  // namespace

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
