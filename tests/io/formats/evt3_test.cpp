// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/recording_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

std::uint32_t y(std::uint32_t row) { return row; }
std::uint32_t x(bool on, std::uint32_t column) { return 0x2000U | (on ? 0x800U : 0U) | column; }
std::uint32_t base(bool on, std::uint32_t column) { return 0x3000U | (on ? 0x800U : 0U) | column; }
std::uint32_t vect_12(std::uint32_t mask) { return 0x4000U | mask; }
std::uint32_t vect_8(std::uint32_t mask) { return 0x5000U | mask; }
std::uint32_t low(std::uint32_t value) { return 0x6000U | value; }
std::uint32_t high(std::uint32_t value) { return 0x8000U | value; }

EventRecording read_evt3(const std::vector<std::uint32_t>& words) {
  return read_bytes(words16(words), "evt3");
}

std::int64_t time_after(const std::vector<std::uint32_t>& clock_words) {
  std::vector<std::uint32_t> all{high(0), y(0)};
  if (!clock_words.empty() && clock_words.front() >> 12U == 8) all[0] = clock_words.front();
  all.insert(all.end(), clock_words.begin(), clock_words.end());
  all.push_back(x(true, 0));
  return read_evt3(all).events.back().t;
}

}  // namespace

TEST_CASE("EVT3 rows, columns and polarity hold until they change") {
  const EventRecording r =
      read_evt3({high(1), low(5), y(2047), x(true, 2047), x(false, 0), low(6), x(true, 7), y(0), x(true, 7)});
  CHECK(r.events ==
        Events{{4101, 2047, 2047, true}, {4101, 0, 2047, false}, {4102, 7, 2047, true}, {4102, 7, 0, true}});
  CHECK(r.statistics.damaged == 0);
  CHECK(r.statistics.skipped == 0);
}

TEST_CASE("every EVT3 vector word stands for itself, lowest bit first") {
  const EventRecording r = read_evt3({high(0), y(3), base(false, 100), vect_12(0x801), vect_8(0x82),
                                      vect_12(0x001), x(true, 5), vect_8(0xff)});
  Events expected{{0, 100, 3, false}, {0, 111, 3, false}, {0, 113, 3, false},
                  {0, 119, 3, false}, {0, 120, 3, false}, {0, 5, 3, true}};
  for (std::uint16_t k = 0; k < 8; ++k)
    expected.push_back({0, static_cast<std::uint16_t>(132 + k), 3, false});
  CHECK(r.events == expected);  // a pixel between does not change the polarity of the vectors
}

TEST_CASE("nothing in EVT3 counts before the first TIME_HIGH") {
  const EventRecording r = read_evt3({y(1), low(9), x(true, 1), base(true, 1), vect_12(1), high(2),
                                      x(true, 1), vect_8(1), y(4), vect_8(3), x(true, 6)});
  CHECK(r.events == Events{{8192, 6, 4, true}});
  CHECK(r.statistics.skipped == 8);
}

TEST_CASE("a change of EVT3 TIME_HIGH sets the low part to 0, a repetition does not") {
  CHECK(time_after({high(1), low(7)}) == 4103);
  CHECK(time_after({high(1), low(7), high(1)}) == 4103);
  CHECK(time_after({high(1), low(7), high(2)}) == 8192);
}

TEST_CASE("the EVT3 clock goes on past 2^24 us, several times") {
  const std::int64_t wrap = 1 << 24;
  CHECK(time_after({high(4095), low(4095)}) == wrap - 1);
  CHECK(time_after({high(4095), low(4095), high(0)}) == wrap);
  CHECK(time_after({high(4095), high(0), low(3), high(4095), high(1)}) == 2 * wrap + 4096);
  CHECK(time_after({high(2049), high(0)}) == wrap);
  CHECK(time_after({high(2048), high(0)}) == 0);
}

TEST_CASE("an EVT3 clock that runs back is damage") {
  const EventRecording r = read_evt3({high(7), high(6), y(0), x(true, 0)});
  CHECK(r.events == Events{{6 * 4096, 0, 0, true}});
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage == "TIME_HIGH runs back at byte offset 2");
}

TEST_CASE("EVT3 triggers are counted and vendor words skipped without touching the state") {
  const EventRecording r = read_evt3({high(0), y(1), base(true, 0), 0xa001U, vect_12(1), 0xe123U, 0x7fffU,
                                      0xf001U, 0x9000U, 0xb000U, 0xc000U, 0xdfffU, vect_8(1), 0xa000U});
  CHECK(r.events == Events{{0, 0, 1, true}, {0, 12, 1, true}});
  CHECK(r.statistics.triggers == 2);
  CHECK(r.statistics.skipped == 7);
}

TEST_CASE("what follows an EVT3 exposure row is no contrast event") {
  const EventRecording r =
      read_evt3({high(0), y(1), x(true, 1), 0x1005U, x(true, 2), base(true, 3), vect_8(1), y(2), x(true, 4)});
  CHECK(r.events == Events{{0, 1, 1, true}, {0, 4, 2, true}});
  CHECK(r.statistics.skipped == 4);
}

TEST_CASE("EVT3 pixels beyond the sensor are damage, one by one") {
  const std::string header = "% format EVT3;height=10;width=20\n% end\n";
  const EventRecording r =
      read_bytes(header + words16({high(0), y(9), base(true, 12), vect_12(0xfff), y(10), x(true, 0)}), "");
  CHECK(r.format == "evt3");
  CHECK(r.events.size() == 8);
  CHECK(r.events.back().x == 19);
  CHECK(r.statistics.damaged == 5);
  CHECK(read_evt3({high(0), y(0), base(true, 2047), vect_8(3)}).statistics.damaged == 1);
}

TEST_CASE("EVT3 events come out the same however few are asked for at once") {
  const TemporaryRecording file(words16({high(0), y(1), base(true, 0), vect_12(0xfff), vect_12(0x0f0),
                                         vect_8(0xaa), low(1), x(false, 3), vect_12(0x123), 0xe000U}));
  const Events whole = read_recording(file.path(), "evt3").events;
  CHECK(whole.size() == 25);
  for (std::size_t piece = 1; piece <= 30; ++piece)
    CHECK(read_in_pieces(file.path(), "evt3", piece) == whole);
}

TEST_CASE("an EVT3 file cut inside its last word keeps the whole events and says where") {
  const EventRecording r = read_bytes(words16({high(1), y(1), x(true, 1), x(true, 2)}).substr(0, 7), "evt3");
  CHECK(r.events.size() == 1);
  CHECK(r.statistics.damaged == 1);
  CHECK(r.statistics.damage == "the file ends inside a word: 1 byte is left over at byte offset 6");
}
