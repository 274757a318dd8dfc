// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/partition.hpp"

#include <doctest/doctest.h>

#include "core/network/network_builder.hpp"

using namespace flurry;

namespace partition_test {
namespace {

// A strip of cells, each connected to those near it, numbered at random along the strip; every cell has its
// own source.
NetworkDescription strip(std::uint32_t size) {
  NetworkDescription network;
  Layout layout{Layout::Kind::list, 0, 0.0, 0.0, {}};
  for (std::uint32_t i = 0; i < size; ++i)  // groups of neighbours in a scrambled order
    layout.positions.emplace_back(static_cast<double>(i / 64 * 37 % (size / 64) * 64 + i % 64), 0.0);
  for (const char* name : {"cells", "sources"}) {
    PopulationDescription population;
    population.name = name;
    population.model = "lif";
    population.size = size;
    population.layout = layout;
    network.populations.push_back(population);
  }
  ProjectionDescription own;
  own.name = "own";
  own.source = "sources";
  own.target = "cells";
  own.rule = OneToOne{};
  ProjectionDescription near = own;
  near.name = "near";
  near.source = "cells";
  near.rule = DistanceDependent{DistanceDependent::Kernel::box, 1.0, 60.0};
  network.projections = {own, near};
  return network;
}

// Synapses whose ends are on different ranks.
std::uint64_t cut(const NetworkDescription& description, const Partition& partition) {
  Executor alone;
  const Network network = build(description, alone);
  std::uint64_t count = 0;
  for (const Projection& projection : network.projections())
    for (std::uint32_t s = 0; s + 1 < projection.rows.size(); ++s)
      for (std::uint64_t j = projection.rows[s]; j < projection.rows[s + 1]; ++j)
        count += partition.owner(projection.source, s) !=
                 partition.owner(projection.target, projection.targets[j]);
  return count;
}

}  // namespace

TEST_CASE("every element has one owner, members are numbered without gaps, and ranks have about as many") {
  const NetworkDescription description = strip(6400);
  for (const auto kind : {Partition::Kind::round_robin, Partition::Kind::locality})
    for (const std::uint32_t ranks : {1U, 2U, 3U, 7U}) {
      CAPTURE(ranks);
      const Partition partition = Partition::of(kind, description, ranks);
      for (std::uint32_t p = 0; p < 2; ++p) {
        std::uint32_t all = 0;
        for (std::uint32_t rank = 0; rank < ranks; ++rank) {
          const Members members = partition.members(p, rank);
          all += members.count();
          CHECK(members.count() * ranks < 1.2 * 6400);
          for (std::uint32_t here = 0; here < members.count(); ++here) {
            REQUIRE(partition.owner(p, members.whole(here)) == rank);
            REQUIRE(members.here(members.whole(here)) == here);
            if (here > 0) REQUIRE(members.whole(here) > members.whole(here - 1));
          }
        }
        CHECK(all == 6400);
      }
      for (std::uint32_t i = 0; i < 6400; ++i) REQUIRE(partition.owner(0, i) == partition.owner(1, i));
    }
}

TEST_CASE("dealt out by locality, fewer synapses of a network with places cross from rank to rank") {
  const NetworkDescription description = strip(6400);
  const std::uint64_t dealt = cut(description, Partition::round_robin(description, 4));
  const std::uint64_t local = cut(description, Partition::by_locality(description, 4));
  MESSAGE("synapses between ranks: " << dealt << " round-robin, " << local << " by locality");
  CHECK(local * 10 < dealt);
}

TEST_CASE("runs of members visit each element once, and never more than was asked for") {
  const Members members(1000, 4, {0, 1, 5, 6, 7, 62});  // the last group of the population is short
  CHECK(members.count() == 5 * 16 + 8);
  std::uint32_t next = 3;
  members.for_each_run(3, 80, [&](std::uint32_t here, std::uint32_t whole, std::uint32_t length) {
    CHECK(here == next);
    for (std::uint32_t i = 0; i < length; ++i) CHECK(members.whole(here + i) == whole + i);
    next += length;
  });
  CHECK(next == 83);
  CHECK(members.here(2 * 16) == Members::elsewhere);
}

}  // namespace partition_test
