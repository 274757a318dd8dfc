// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/ecf_codec.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "tests/io/recording/ecf_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace ecf_events {

using Events = std::vector<AddressEvent>;

/// Rows of neighbours, long and short pauses, long and short runs.
Events random_events(std::size_t count, std::uint32_t seed) {
  RandomSequence random(seed, Purpose::test, 0, 0);
  Events events;
  AddressEvent event{static_cast<std::int64_t>(random()) << (seed % 20), 5, 5, true};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t kind = random.below(200);
    if (kind < 20) event.t += random.below(20);
    if (kind == 20) event.t += std::int64_t{random()} << random.below(20);
    if (kind > 150) event.y = static_cast<std::uint16_t>(random.below(2048));
    if (kind % 16 == 0) event.on = !event.on;
    event.x = static_cast<std::uint16_t>(kind % 4 == 0 || event.x > 2040 ? random.below(2048)
                                                                         : event.x + 1 + kind % 2);
    events.push_back(event);
  }
  return events;
}

bool decodes(std::string_view chunk, Events& events) {
  static EcfDecoder decoder;
  if (ecf_count(chunk) > EcfDecoder::most_events) return false;
  events.assign(ecf_count(chunk), AddressEvent{});
  return decoder.decode(chunk, events);
}

TEST_CASE("an ECF chunk of runs, byte by byte") {
  // 3 events: times 1000 and, 300 us on, two at once; row 2 once, row 7 twice; x 10 and the pixel 3 to its
  // right, then 4; on, off, off.
  const std::string chunk = ecf_number(3U << 2U, 4) + ecf_number(1000, 8) + "\x01" + "\xfc\xf2\xf1\x02" +
                            ecf_number(2U << 5U | 1U, 2) + ecf_number(7U << 5U | 2U, 2) +
                            ecf_number(10U << 5U | 4U, 2) + ecf_number(4U << 5U, 2) + "\x81\x02";
  Events events;
  CHECK(decodes(chunk, events));
  CHECK(events == Events{{1000, 10, 2, true}, {1300, 13, 7, false}, {1300, 4, 7, false}});
  CHECK(ecf_chunk(events, EcfPacking::runs) == chunk);
}

TEST_CASE("ECF chunks in each packing come back the same") {
  for (const std::size_t count : {1U, 2U, 3U, 4U, 5U, 255U, 4000U, 16384U})
    for (const EcfPacking packing : {EcfPacking::runs, EcfPacking::columns, EcfPacking::pixels}) {
      const Events expected = random_events(count, static_cast<std::uint32_t>(count));
      Events events;
      CHECK(decodes(ecf_chunk(expected, packing), events));
      CHECK(events == expected);
    }
  const Events still(40'000, AddressEvent{7, 7, 7, true});  // runs of sixteen bits
  for (const EcfPacking packing : {EcfPacking::columns, EcfPacking::pixels}) {
    Events events;
    CHECK(decodes(ecf_chunk(still, packing), events));
    CHECK(events == still);
  }
}

TEST_CASE("an ECF chunk that is cut anywhere is refused") {
  for (const EcfPacking packing : {EcfPacking::runs, EcfPacking::columns, EcfPacking::pixels}) {
    const std::string chunk = ecf_chunk(random_events(200, 3), packing);
    Events events;
    for (std::size_t size = 0; size < chunk.size(); ++size)
      CHECK_FALSE(decodes(chunk.substr(0, size), events));
  }
}

TEST_CASE("ECF runs longer than the chunk are refused, mask bits beyond its end are not") {
  const std::string head = ecf_number(2U << 2U, 4) + ecf_number(5, 8);
  const std::string times = "\x02", rows = ecf_number(1U << 5U | 2U, 2);
  const std::string columns = ecf_number(9U << 5U | 31U, 2), polarity = "\x82";
  Events events;
  CHECK(decodes(head + times + rows + columns + polarity, events));
  CHECK(events == Events{{5, 9, 1, true}, {5, 10, 1, true}});
  CHECK_FALSE(decodes(head + "\x03" + rows + columns + polarity, events));
  CHECK_FALSE(decodes(head + "\x0f\xff\xff" + rows + columns + polarity, events));
  CHECK_FALSE(decodes(head + times + ecf_number(1U << 5U | 3U, 2) + columns + polarity, events));
  CHECK_FALSE(decodes(head + times + rows + columns + "\x83", events));
}

TEST_CASE("ECF chunks with bytes changed stay within bounds") {
  RandomSequence random(8, Purpose::test, 0, 0);
  for (const EcfPacking packing : {EcfPacking::runs, EcfPacking::columns, EcfPacking::pixels}) {
    const std::string chunk = ecf_chunk(random_events(300, 9), packing);
    Events events(300);
    EcfDecoder decoder;
    for (int i = 0; i < 10'000; ++i) {
      std::string flipped = chunk;
      for (std::uint32_t flips = 1 + random.below(8); flips > 0; --flips)
        flipped[random.below(static_cast<std::uint32_t>(chunk.size()))] = static_cast<char>(random());
      static_cast<void>(decoder.decode(flipped, events));  // the sanitizers look on
    }
  }
}

}  // namespace ecf_events
