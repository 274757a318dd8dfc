// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "core/parallel/world.hpp"

namespace flurry {

/// While it lives, `world` is where process_ranks() finds its ranks.
class RanksInUse {
 public:
  explicit RanksInUse(World& world);
  RanksInUse(const RanksInUse&) = delete;
  RanksInUse& operator=(const RanksInUse&) = delete;
  ~RanksInUse();
};

/// The ranks that this process is one of; alone where mpirun did not start it.
[[nodiscard]] Communicator& process_ranks();
/// How many of them are on this machine.
[[nodiscard]] std::size_t ranks_on_this_machine();

}  // namespace flurry
