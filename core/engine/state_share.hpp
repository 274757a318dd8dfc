// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/engine/engine_state.hpp"
#include "core/network/network_description.hpp"
#include "core/network/partition.hpp"

namespace flurry {

/// Makes the state of one rank's share of a network out of the states that ranks of another number had saved.
class StateShare {
 public:
  /// Of `rank` among those of `partition`; what will be added was saved by the ranks of `before`.
  StateShare(const NetworkDescription& description, const Partition& before, const Partition& partition,
             std::uint32_t rank);

  /// Takes what is wanted of the state that rank `from` had saved. Each is added once, in any order.
  /// FormatError where it does not fit.
  void add(std::uint32_t from, const EngineState& part);
  [[nodiscard]] EngineState take();

 private:
  void add_population(std::uint32_t population, std::uint32_t from, const PopulationState& part);
  void add_spikes(const EngineState& part);

  const NetworkDescription& description_;
  const Partition& before_;
  const Partition& partition_;
  std::uint32_t rank_;
  std::uint32_t added_ = 0;
  EngineState state_;
};

}  // namespace flurry
