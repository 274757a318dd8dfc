// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/synapse_tile.hpp"

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"

namespace flurry::testing {
namespace {

// Every source's synapses as `add` saw them and as `flush` handed them on.
struct Seen {
  explicit Seen(std::uint32_t sources) : added(sources), placed(sources) {}
  std::vector<std::vector<std::uint32_t>> added;
  std::vector<std::vector<std::uint32_t>> placed;
};

}  // namespace

TEST_CASE("a tile hands on every synapse once, those of a source in the order they came") {
  for (const std::uint32_t sources : {1U, 1000U, 1024U, 1025U, 100'000U}) {
    CAPTURE(sources);
    RandomSequence random(sources, Purpose::test, 50, 0);
    SynapseTile tile(sources);
    Seen seen(sources);
    std::uint32_t number = 0;
    const auto place = [&](const SynapseTile::Synapse& synapse) {
      seen.placed[synapse.source].push_back(synapse.target);
      CHECK(synapse.weight == 0.5F * static_cast<float>(synapse.target % 100));
      CHECK(synapse.delay == static_cast<float>(synapse.source % 7));
    };
    for (const std::uint32_t count : {0U, 1U, 5000U}) {  // a tile serves again and again
      for (std::uint32_t i = 0; i < count; ++i, ++number) {
        const std::uint32_t source = random.below(sources);
        seen.added[source].push_back(number);
        tile.add({source, number, 0.5F * static_cast<float>(number % 100), static_cast<float>(source % 7)});
      }
      CHECK_FALSE(tile.full());
      tile.flush(place);
    }
    CHECK(seen.placed == seen.added);
  }
}

TEST_CASE("neighbouring sources are handed on together, which is what a tile is for") {
  constexpr std::uint32_t sources = 50'000;
  RandomSequence random(1, Purpose::test, 51, 0);
  SynapseTile tile(sources);
  for (std::uint32_t i = 0; i < 200'000; ++i) tile.add({random.below(sources), i, 0.0F, 0.0F});
  std::uint32_t furthest = 0;
  std::uint32_t placed = 0;
  std::uint32_t back = 0;  // how far a source lies behind the furthest one before it
  tile.flush([&](const SynapseTile::Synapse& synapse) {
    ++placed;
    furthest = std::max(furthest, synapse.source);
    back = std::max(back, furthest - synapse.source);
  });
  CHECK(placed == 200'000);
  CHECK(back < sources / 1000);
}

TEST_CASE("a tile is full after two million synapses and empty after it was flushed") {
  SynapseTile tile(3);
  std::uint32_t count = 0;
  for (; !tile.full(); ++count) tile.add({count % 3, count, 0.0F, 0.0F});
  CHECK(count == 1U << 21U);
  std::uint32_t placed = 0;
  std::uint32_t wrong = 0;
  const auto place = [&](const SynapseTile::Synapse& synapse) {
    wrong += synapse.target % 3 == synapse.source ? 0 : 1;
    ++placed;
  };
  tile.flush(place);
  CHECK(placed == count);
  CHECK(wrong == 0);
  CHECK_FALSE(tile.full());
  tile.flush(place);
  CHECK(placed == count);
}

}  // namespace flurry::testing
