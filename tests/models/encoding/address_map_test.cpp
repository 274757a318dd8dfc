// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/address_map.hpp"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

using namespace flurry;

namespace {

AddressEvent at(std::uint32_t x, std::uint32_t y, bool on = true, std::int64_t t = 0) {
  return {t, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y), on};
}

AddressMapOptions sensor(std::uint32_t width, std::uint32_t height) {
  AddressMapOptions options;
  options.width = width;
  options.height = height;
  return options;
}

std::string refusal(const AddressMapOptions& options) {
  try {
    const AddressMap map(options);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("pixels become elements row by row, off after on") {
  AddressMapOptions options = sensor(4, 3);
  const AddressMap merged(options);
  options.polarity = Polarity::separate;
  const AddressMap separate(options);
  CHECK(merged.size() == 12);
  CHECK(separate.size() == 24);
  for (std::uint32_t y = 0; y < 3; ++y) {
    for (std::uint32_t x = 0; x < 4; ++x) {
      CHECK(merged.element(at(x, y, true)) == y * 4 + x);
      CHECK(merged.element(at(x, y, false)) == y * 4 + x);
      CHECK(separate.element(at(x, y, true)) == y * 4 + x);
      CHECK(separate.element(at(x, y, false)) == 12 + y * 4 + x);
    }
  }
  CHECK_FALSE(merged.element(at(4, 0)));
  CHECK_FALSE(merged.element(at(0, 3)));
}

TEST_CASE("a factor joins squares of pixels, with fewer at the far edges") {
  AddressMapOptions options = sensor(5, 4);
  options.factor = 2;
  const AddressMap map(options);
  CHECK(map.columns() == 3);
  CHECK(map.rows() == 2);
  for (std::uint32_t y = 0; y < 4; ++y)
    for (std::uint32_t x = 0; x < 5; ++x) CHECK(map.element(at(x, y)) == y / 2 * 3 + x / 2);
}

TEST_CASE("a grid shares the pixels out evenly, in order, leaving none and no element empty") {
  for (std::uint32_t length = 1; length < 40; ++length) {
    for (std::uint32_t cells = 1; cells <= length; ++cells) {
      AddressMapOptions options = sensor(length, 1);
      options.columns = cells;
      const AddressMap map(options);
      REQUIRE(map.columns() == cells);
      std::map<std::uint32_t, std::uint32_t> pixels;
      std::uint32_t last = 0;
      for (std::uint32_t x = 0; x < length; ++x) {
        const std::uint32_t element = map.element(at(x, 0)).value();
        CHECK(element >= last);
        ++pixels[last = element];
      }
      CHECK(pixels.size() == cells);
      for (const auto& [element, count] : pixels)
        CHECK((count == length / cells || count == length / cells + 1));
    }
  }
}

TEST_CASE("a crop maps its own pixels alone, before any joining") {
  AddressMapOptions options = sensor(10, 10);
  options.left = 3;
  options.top = 2;
  options.crop_width = 4;
  options.crop_height = 6;
  options.columns = 2;
  options.rows = 2;
  options.polarity = Polarity::separate;
  const AddressMap map(options);
  CHECK(map.size() == 8);
  for (std::uint32_t y = 0; y < 12; ++y) {
    for (std::uint32_t x = 0; x < 12; ++x) {
      const bool inside = x >= 3 && x < 7 && y >= 2 && y < 8;
      const auto element = map.element(at(x, y, false));
      REQUIRE(element.has_value() == inside);
      if (inside) CHECK(*element == 4 + (y - 2) / 3 * 2 + (x - 3) / 2);
    }
  }
}

TEST_CASE("a map that makes no sense is refused in words") {
  CHECK(holds(refusal(sensor(0, 5)), "0 columns"));
  CHECK(holds(refusal(sensor(5, 0)), "0 rows"));
  CHECK(holds(refusal(sensor(5, 70000)), "70000 rows"));
  AddressMapOptions options = sensor(8, 8);
  options.left = 8;
  CHECK(holds(refusal(options), "does not lie on the sensor"));
  options.left = 4;
  options.crop_width = 5;
  CHECK(holds(refusal(options), "columns 4 to 8, does not lie on the sensor, whose columns are 0 to 7"));
  options.crop_width = 4;
  options.columns = 5;
  CHECK(holds(refusal(options), "finer than the 4 columns"));
  options.columns = 2;
  options.factor = 2;
  CHECK(holds(refusal(options), "give one of them"));
  options.columns = 0;
  options.factor = 0;
  CHECK(holds(refusal(options), "must be 1 or more"));
  options = sensor(65536, 65536);
  CHECK(holds(refusal(options), "more elements"));
}

TEST_CASE("polarity is read from its two words") {
  CHECK(parse_polarity("merge", "f") == Polarity::merge);
  CHECK(parse_polarity("separate", "f") == Polarity::separate);
  CHECK_THROWS_AS(static_cast<void>(parse_polarity("seperate", "f")), UsageError);
}

TEST_CASE("spikes are in ms from the earliest event, in order, with nothing lost or merged") {
  const AddressMap map(sensor(4, 4));
  const std::vector<AddressEvent> events{at(9, 0, true, 5'001), at(3, 0, true, 7'008), at(1, 0, true, 7'007),
                                         at(1, 0, true, 7'007), at(0, 0, false, 7'007)};
  const MappedSpikes relative = map_events(events, map);
  CHECK(relative.spikes == SpikeTrain{{2.006, 0}, {2.006, 1}, {2.006, 1}, {2.007, 3}});
  CHECK(relative.outside_sensor == 1);
  CHECK(relative.outside_part == 0);
  const MappedSpikes raw = map_events(events, map, TimeOrigin::clock);
  CHECK(raw.spikes == SpikeTrain{{7.007, 0}, {7.007, 1}, {7.007, 1}, {7.008, 3}});
  CHECK(map_events({}, map).spikes.empty());
}

TEST_CASE("random events are all mapped or counted as dropped, each kind by its reason") {
  RandomSequence random(2, Purpose::test, 0, 0);
  AddressMapOptions options = sensor(30, 20);
  options.left = 5;
  options.crop_width = 10;
  options.factor = 3;
  const AddressMap map(options);
  std::vector<AddressEvent> events;
  std::size_t inside = 0, part = 0, beyond = 0;
  for (int i = 0; i < 5000; ++i) {
    const AddressEvent e = at(random.below(33), random.below(22), random.below(2) == 0, random.below(1000));
    events.push_back(e);
    if (e.x >= 30 || e.y >= 20)
      ++beyond;
    else if (e.x < 5 || e.x >= 15)
      ++part;
    else
      ++inside;
  }
  const MappedSpikes mapped = map_events(events, map, TimeOrigin::clock);
  CHECK(mapped.spikes.size() == inside);
  CHECK(mapped.outside_part == part);
  CHECK(mapped.outside_sensor == beyond);
  CHECK(std::is_sorted(mapped.spikes.begin(), mapped.spikes.end()));
  for (const Spike& spike : mapped.spikes) CHECK(spike.neuron < map.size());
}
