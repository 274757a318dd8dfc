// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tools/recording/event_filters.hpp"
#include "tools/recording/event_frames.hpp"
#include "tools/recording/event_order.hpp"
#include "tools/recording/recording_survey.hpp"

namespace flurry {
namespace stages_test {

using Events = std::vector<AddressEvent>;

constexpr SensorSize small{12, 9};

/// Events anywhere on a small sensor; `back` of a thousand go back in time.
Events random_events(std::size_t count, unsigned seed, unsigned back = 0) {
  std::mt19937 random(seed);
  Events events;
  events.reserve(count);
  std::int64_t t = 1000;
  for (std::size_t i = 0; i < count; ++i) {
    t += random() % 1000 < back ? -static_cast<std::int64_t>(random() % 200) : random() % 12;
    events.push_back({t, static_cast<std::uint16_t>(random() % small.width),
                      static_cast<std::uint16_t>(random() % small.height), random() % 2 == 0});
  }
  return events;
}

/// What a stage leaves, given `piece` events at a time.
Events through(EventStage& stage, const Events& events, std::size_t piece = 7) {
  Events all;
  for (std::size_t i = 0; i < events.size(); i += piece) {
    Events part(events.begin() + static_cast<std::ptrdiff_t>(i),
                events.begin() + static_cast<std::ptrdiff_t>(std::min(i + piece, events.size())));
    stage.apply(part);
    all.insert(all.end(), part.begin(), part.end());
  }
  CHECK(stage.dropped() == events.size() - all.size());
  return all;
}

Events sorted_through(EventSorter& sorter, const Events& events, std::size_t piece) {
  Events all;
  for (std::size_t i = 0; i < events.size(); i += piece) {
    Events part(events.begin() + static_cast<std::ptrdiff_t>(i),
                events.begin() + static_cast<std::ptrdiff_t>(std::min(i + piece, events.size())));
    sorter.apply(part);
    all.insert(all.end(), part.begin(), part.end());
  }
  Events rest;
  sorter.finish(rest);
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

bool touches(const AddressEvent& a, const AddressEvent& b) {
  return std::abs(a.x - b.x) <= 1 && std::abs(a.y - b.y) <= 1 && (a.x != b.x || a.y != b.y);
}

/// By the definition: every event against all before it.
Events brute_denoise(const Events& events, std::int64_t support) {
  Events kept;
  for (std::size_t i = 0; i < events.size(); ++i)
    if (std::any_of(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const AddressEvent& before) {
                      return touches(before, events[i]) && events[i].t - before.t <= support;
                    }))
      kept.push_back(events[i]);
  return kept;
}

Events brute_refractory(const Events& events, std::int64_t period) {
  Events kept;
  for (const AddressEvent& event : events)
    if (std::none_of(kept.begin(), kept.end(), [&](const AddressEvent& before) {
          return before.x == event.x && before.y == event.y && event.t - before.t < period;
        }))
      kept.push_back(event);
  return kept;
}

}  // namespace stages_test

using namespace stages_test;

TEST_CASE("denoising keeps what a neighbour supports, at most the time before, by hand") {
  DenoiseStage stage({4, 4}, 10);
  const Events events{{0, 0, 0, true},    // first of all: nothing before it
                      {10, 1, 1, false},  // 10 us after its neighbour
                      {21, 0, 0, true},   // 11 us after
                      {22, 0, 0, true},   // only itself
                      {23, 3, 3, true},   // nothing near
                      {24, 3, 2, true},   // supported by an event that was dropped
                      {24, 3, 3, true}};  // at the same time, and at the corner
  CHECK(through(stage, events) == Events{{10, 1, 1, false}, {24, 3, 2, true}, {24, 3, 3, true}});
}

TEST_CASE("denoising does not wrap from one row into the next") {
  DenoiseStage stage({3, 3}, 100);
  CHECK(through(stage, {{0, 2, 0, true}, {1, 0, 1, true}, {2, 0, 2, true}}) == Events{{2, 0, 2, true}});
}

TEST_CASE("denoising equals the definition on random events, however they are cut") {
  const Events events = random_events(1500, 1);
  for (const std::int64_t support : {1, 20, 90}) {
    const Events expected = brute_denoise(events, support);
    CHECK(expected.size() < events.size());
    CHECK_FALSE(expected.empty());
    for (const std::size_t piece : {1, 13, 5000}) {
      DenoiseStage stage(small, support);
      CHECK(through(stage, events, piece) == expected);
    }
  }
}

TEST_CASE("the refractory period counts from the last event kept, by hand and on random events") {
  RefractoryStage stage({4, 4}, 10);
  CHECK(through(stage,
                {{0, 1, 1, true}, {9, 1, 1, false}, {10, 1, 1, true}, {19, 1, 1, true}, {19, 2, 1, true}}) ==
        Events{{0, 1, 1, true}, {10, 1, 1, true}, {19, 2, 1, true}});
  const Events events = random_events(1500, 2);
  for (const std::int64_t period : {1, 100, 1000}) {
    RefractoryStage random_stage(small, period);
    CHECK(through(random_stage, events) == brute_refractory(events, period));
  }
}

TEST_CASE("times at the ends of 64 bits do not upset the filters") {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min() + 1;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Events events{{least, 0, 0, true}, {most, 0, 0, true}, {most, 1, 0, true}, {least, 1, 0, true}};
  DenoiseStage denoise(small, 10);
  CHECK(through(denoise, events).size() == 2);
  RefractoryStage refractory(small, 10);
  CHECK(through(refractory, events).size() == 3);
  RecordingSurvey survey;
  survey.add(events);
  CHECK(survey.duration() == static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least));
  CHECK(survey.rate.curve(60).bins.size() <= 60);
}

TEST_CASE("slices take their first time and not their last") {
  SliceStage stage(10, 20);
  CHECK(through(stage, {{9, 0, 0, true}, {10, 0, 0, true}, {19, 0, 0, true}, {20, 0, 0, true}}) ==
        Events{{10, 0, 0, true}, {19, 0, 0, true}});
}

TEST_CASE("polarities are chosen, merged and inverted") {
  const Events events{{0, 0, 0, true}, {1, 1, 1, false}};
  PolarityStage on(PolarityRule::on);
  PolarityStage off(PolarityRule::off);
  PolarityStage merge(PolarityRule::merge);
  PolarityStage invert(PolarityRule::invert);
  CHECK(through(on, events) == Events{events[0]});
  CHECK(through(off, events) == Events{events[1]});
  CHECK(through(merge, events) == Events{{0, 0, 0, true}, {1, 1, 1, true}});
  CHECK(through(invert, events) == Events{{0, 0, 0, false}, {1, 1, 1, true}});
}

TEST_CASE("a crop moves its corner to 0, 0 and keeps its edges") {
  CropStage stage({2, 3, 2, 1});
  CHECK(through(stage, {{0, 2, 3, true},
                        {1, 3, 3, true},
                        {2, 4, 3, true},
                        {3, 1, 3, true},
                        {4, 2, 2, true},
                        {5, 2, 4, true}}) == Events{{0, 0, 0, true}, {1, 1, 0, true}});
}

TEST_CASE("downsampling keeps every event and halves where it is") {
  DownsampleStage stage(2);
  CHECK(through(stage, {{0, 0, 1, true}, {1, 5, 4, false}}) == Events{{0, 0, 0, true}, {1, 2, 2, false}});
}

TEST_CASE("a pixel that fires alone is hot, an edge that fires together is not") {
  PixelCounts counts({20, 20});
  Events events;
  for (std::int64_t t = 0; t < 400; ++t) {
    events.push_back({t, 5, 5, true});  // alone
    for (std::uint16_t y = 0; y < 20; ++y) events.push_back({t, 12, y, true});
    events.push_back({t, 13, static_cast<std::uint16_t>(t % 20), true});
  }
  counts.add(events);
  const std::vector<bool> lonely = counts.lonely();
  CHECK(lonely[5 * 20 + 5]);
  CHECK(lonely[5 * 20 + 6] == false);
  HotPixelStage stage({20, 20}, lonely);
  const Events left = through(stage, events);
  CHECK(std::none_of(left.begin(), left.end(), [](const AddressEvent& e) { return e.x == 5; }));
}

TEST_CASE("standard deviations above the mean count active pixels only") {
  PixelCounts counts({10, 10});
  Events events;
  for (std::uint16_t x = 0; x < 10; ++x) events.push_back({0, x, 0, true});
  for (int i = 0; i < 99; ++i) events.push_back({0, 0, 0, true});
  counts.add(events);  // nine pixels with 1, one with 100: mean 10.9, deviation 29.7, so 100 lies 3 above
  const std::vector<bool> hot = counts.above(2.9);
  CHECK(hot[0]);
  const std::vector<bool> none = counts.above(3.1);
  CHECK(std::count(none.begin(), none.end(), true) == 0);
}

TEST_CASE("filters that remember each pixel refuse sensors beyond their memory") {
  CHECK_THROWS_WITH_AS(DenoiseStage({65536, 65536}, 1),
                       doctest::Contains("up to 2097152 pixels, not 65536x65536"), UsageError);
  CHECK_THROWS_AS(RefractoryStage({65536, 65536}, 1), UsageError);
  CHECK_THROWS_AS(PixelCounts({65536, 65536}), UsageError);
}

TEST_CASE("sorting is stable and equals sorting it all, however it is cut, within reach") {
  const Events events = random_events(4000, 3, 30);
  Events expected = events;
  std::stable_sort(expected.begin(), expected.end(),
                   [](const AddressEvent& a, const AddressEvent& b) { return a.t < b.t; });
  CHECK(expected != events);
  for (const std::size_t piece : {1, 50, 10'000})
    for (const std::size_t reach : {300, 4000}) {
      EventSorter sorter("file", reach);
      CHECK(sorted_through(sorter, events, piece) == expected);
    }
}

TEST_CASE("an event too late to be sorted in is refused with its number, never put in the wrong place") {
  Events events;
  for (std::int64_t t = 1; t <= 100; ++t) events.push_back({t, 0, 0, true});
  events.push_back({0, 0, 0, true});
  EventSorter far("file", 100);
  CHECK(sorted_through(far, events, 10).front().t == 0);
  EventSorter near("file", 8);
  CHECK_THROWS_WITH_AS(sorted_through(near, events, 10),
                       doctest::Contains("event 100 at 0 us is more than 8 events too late"), UsageError);
}

TEST_CASE("late events are left out against the latest seen, steps back counted against the one before") {
  const Events events{{5, 0, 0, true}, {9, 0, 0, true}, {3, 0, 0, true},
                      {4, 0, 0, true}, {9, 1, 0, true}, {2, 0, 0, true}};
  LateEventFilter late;
  CHECK(through(late, events, 2) == Events{{5, 0, 0, true}, {9, 0, 0, true}, {9, 1, 0, true}});
  BackwardSteps steps;
  steps.add(events);
  CHECK(steps.count == 2);
  CHECK(steps.largest == 7);
}

TEST_CASE("the rate curve counts every event once, whatever the duration and wherever it starts") {
  for (const std::int64_t start : {std::int64_t{0}, std::int64_t{100}, std::int64_t{1'605'537'493'718'345}})
    for (const std::int64_t step : {0, 1, 37, 5'000'000}) {
      Events events;
      for (std::int64_t i = 0; i < 1000; ++i) events.push_back({start + i * step, 0, 0, i % 4 == 0});
      std::swap(events.front(), events[500]);  // starts in the middle
      RateCurve rate;
      rate.add(events);
      for (const std::size_t most : {1, 60, 200}) {
        const RateCurve::Curve curve = rate.curve(most);
        std::uint64_t on = 0, off = 0;
        for (const RateCurve::Bin& bin : curve.bins) {
          on += bin.on;
          off += bin.off;
        }
        CHECK(on == 250);
        CHECK(off == 750);
        CHECK(curve.bins.size() <= most);
        CHECK(curve.start <= start);
        CHECK(curve.start + static_cast<std::int64_t>(curve.width) > start);
        if (step >= 37) CHECK(curve.bins.size() > most / 2);
      }
    }
}

TEST_CASE("frames hold on minus off events of their own time, reduced in squares") {
  EventFrames frames({6, 4}, {100, 50, 10, 2}, 3);
  CHECK(frames.columns() == 3);
  CHECK(frames.rows() == 2);
  frames.add({{99, 0, 0, true},
              {100, 0, 0, true},
              {101, 1, 1, true},
              {109, 5, 3, false},
              {110, 0, 0, true},
              {155, 2, 0, false},
              {200, 0, 0, true}});
  CHECK(frames.lines(0, 9) == "2 0 0\n0 0 -1\n");
  CHECK(frames.lines(0, 1) == "1 0 0\n0 0 -1\n");
  CHECK(frames.lines(1, 9) == "0 -1 0\n0 0 0\n");
  CHECK(frames.usual_most() == 2);
}

}  // namespace flurry
