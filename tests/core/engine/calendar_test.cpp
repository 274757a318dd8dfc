// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/calendar.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

using Content = std::tuple<double, std::uint32_t, std::uint16_t, std::uint16_t>;

Content content(const Arrival& a) { return {a.time, a.weight_code, a.neuron, a.weight_kind}; }
// What travels packed is told apart by its kind.
Content content(const PackedArrival& a) { return {0.0, static_cast<std::uint32_t>(a.bits), 0, 9}; }

// The same as Calendar in the plainest way, filled side by side with it.
class Pair {
 public:
  Pair(std::uint32_t blocks, std::int64_t windows_ahead, std::uint64_t seed)
      : blocks_(blocks), calendar_(blocks, windows_ahead), random_(seed, Purpose::test, 33, 0) {}

  // Adds to the present window or up to `ahead` windows later.
  void add(std::uint32_t count, std::int64_t ahead, bool skip_present) {
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::int64_t first = present_ + (skip_present ? 1 : 0);
      const std::int64_t window = first + random_.below(static_cast<std::uint32_t>(ahead));
      const std::uint32_t block = random_.below(blocks_);
      if (random_.below(2) == 0) {
        PackedArrival packed;
        packed.bits = ++serial_;
        calendar_.add(window, block, packed);
        plain_[window][block].push_back(content(packed));
        continue;
      }
      const Arrival arrival{random_.uniform(), ++serial_, static_cast<std::uint16_t>(random_.below(256)),
                            static_cast<std::uint16_t>(random_.below(3))};
      calendar_.add(window, block, arrival);
      plain_[window][block].push_back(content(arrival));
    }
  }

  // Goes to the next window that holds anything, compares it and clears it; false where there is none.
  bool step(std::uint32_t more, std::int64_t ahead) {
    const std::int64_t expected = plain_.empty() ? Calendar::none : plain_.begin()->first;
    REQUIRE(calendar_.next_window() == expected);
    if (plain_.empty()) return false;
    wander(expected);
    present_ = expected;
    calendar_.advance_to(present_);
    REQUIRE(calendar_.next_window() == expected);
    add(more, ahead, true);
    compare();
    calendar_.clear(present_);
    plain_.erase(plain_.begin());
    return true;
  }

  std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }
  [[nodiscard]] const Calendar& calendar() const { return calendar_; }

 private:
  // An engine may stop anywhere on the way, if another lane has work there.
  void wander(std::int64_t expected) {
    while (present_ < expected && random_.below(2) == 0) {
      present_ +=
          1 + random_.below(static_cast<std::uint32_t>(std::min<std::int64_t>(expected - present_, 1 << 20)));
      if (present_ > expected) present_ = expected;
      calendar_.advance_to(present_);
      if (present_ == expected) return;
      REQUIRE(calendar_.touched(present_).empty());
      REQUIRE(calendar_.next_window() == expected);
    }
  }
  void compare() {
    auto& blocks = plain_.at(present_);
    std::vector<std::uint32_t> touched(calendar_.touched(present_).begin(),
                                       calendar_.touched(present_).end());
    std::sort(touched.begin(), touched.end());
    std::vector<std::uint32_t> expected;
    for (const auto& [block, arrivals] : blocks) expected.push_back(block);
    REQUIRE(touched == expected);
    for (std::uint32_t block = 0; block < blocks_; ++block) {
      std::vector<Content> found;
      for (const Arrival& arrival : calendar_.arrivals(present_, block)) found.push_back(content(arrival));
      for (const PackedArrival& arrival : calendar_.packed_arrivals(present_, block))
        found.push_back(content(arrival));
      std::vector<Content> wanted = blocks.contains(block) ? blocks.at(block) : std::vector<Content>{};
      std::sort(found.begin(), found.end());
      std::sort(wanted.begin(), wanted.end());
      REQUIRE(found == wanted);
    }
  }

  std::uint32_t blocks_;
  Calendar calendar_;
  RandomSequence random_;
  std::map<std::int64_t, std::map<std::uint32_t, std::vector<Content>>> plain_;
  std::int64_t present_ = 0;
  std::uint32_t serial_ = 0;
};

struct CalendarShape {
  std::uint32_t blocks;
  std::int64_t windows_ahead;  // what the calendar is told
  std::int64_t ahead;          // what it gets
};

}  // namespace

TEST_CASE("a calendar gives back what was put in, like a plain map, near and far") {
  const CalendarShape shapes[] = {{1, 1, 1},       {1, 1, 3},     {3, 2, 40},      {7, 10, 10},
                                  {7, 10, 13},     {2, 100, 500}, {16, 5, 20'000}, {5, 1, 900'000},
                                  {3, 6000, 6000}, {300, 3, 9}};
  for (const CalendarShape& shape : shapes)
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      CAPTURE(shape.blocks);
      CAPTURE(shape.windows_ahead);
      CAPTURE(shape.ahead);
      CAPTURE(seed);
      Pair pair(shape.blocks, shape.windows_ahead, seed);
      pair.add(200, shape.ahead, false);
      std::size_t steps = 0;
      for (; steps < 300; ++steps)
        if (!pair.step(pair.below(4), pair.below(5) == 0 ? shape.ahead : 1 + (shape.ahead - 1) / 3)) break;
      while (pair.step(0, 1)) ++steps;
      CHECK(steps > 0);
      CHECK(pair.calendar().next_window() == Calendar::none);
    }
}

TEST_CASE("many arrivals in one bin are all kept, and the bin serves again after it was cleared") {
  Calendar calendar(2, 3);
  for (const std::int64_t window : {2, 6, 1'000'002}) {
    calendar.advance_to(window);
    for (std::uint32_t i = 0; i < 5000; ++i) calendar.add(window, 1, Arrival{1.0, i, 0, 0});
    REQUIRE(calendar.touched(window).size() == 1);
    const auto arrivals = calendar.arrivals(window, 1);
    REQUIRE(arrivals.size() == 5000);
    for (std::uint32_t i = 0; i < 5000; ++i) REQUIRE(arrivals[i].weight_code == i);
    CHECK(calendar.arrivals(window, 0).empty());
    CHECK(calendar.bytes() >= 5000 * sizeof(Arrival));
    calendar.clear(window);
    CHECK(calendar.arrivals(window, 1).empty());
    CHECK(calendar.next_window() == Calendar::none);
  }
}

}  // namespace flurry::testing
