// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
  /// Group after group to rank after rank.
  static Partition round_robin(const NetworkDescription& description, std::uint32_t ranks);

  [[nodiscard]] std::uint32_t ranks() const { return ranks_; }
  [[nodiscard]] std::uint32_t owner(std::uint32_t population, std::uint32_t element) const {
    return owners_[population][element >> shift_];
  }
  [[nodiscard]] Members members(std::uint32_t population, std::uint32_t rank) const;

 private:
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
