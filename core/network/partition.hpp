// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/network/members.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// Which rank works on which elements of every population: groups of neighbours, dealt out. A pure function
/// of the description and the number of ranks.
///
/// Populations of which one drives the other one to one are dealt alike, so that such a spike never travels.
class Partition {
 public:
  /// How groups are dealt out.
  enum class Kind { round_robin, locality };

  static Partition of(Kind kind, const NetworkDescription& description, std::uint32_t ranks);
  /// Group after group to rank after rank.
  static Partition round_robin(const NetworkDescription& description, std::uint32_t ranks);
  /// Groups that connect to each other to the same rank, as far as a line on which they stand in order of
  /// locality can say: cut into parts of about as many elements. Of networks whose rules know places, fewer
  /// spikes travel; of random ones as many as ever.
  static Partition by_locality(const NetworkDescription& description, std::uint32_t ranks);

  [[nodiscard]] std::uint32_t ranks() const { return ranks_; }
  [[nodiscard]] std::uint32_t owner(std::uint32_t population, std::uint32_t element) const {
    return owners_[population][element >> shift_];
  }
  [[nodiscard]] Members members(std::uint32_t population, std::uint32_t rank) const;

 private:
  // Groups of populations dealt alike are one unit. Sizes and empty owners of all populations, and the first
  // unit of each.
  static Partition blank(const NetworkDescription& description, std::uint32_t ranks,
                         std::uint64_t groups_of_each, std::vector<std::uint32_t>& first_unit,
                         std::uint32_t& units);
  void deal(std::span<const std::uint32_t> rank_of_unit, std::span<const std::uint32_t> first_unit);

  std::uint32_t ranks_ = 1;
  std::uint32_t shift_ = 0;                         // groups are 2^shift elements
  std::vector<std::uint32_t> sizes_;                // of populations
  std::vector<std::vector<std::uint32_t>> owners_;  // rank, by population and group
};

/// One rank's part of a network, and the way to the other ranks.
struct Share {
  const Partition& partition;
  Communicator& communicator;
};

}  // namespace flurry
