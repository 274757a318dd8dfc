// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/base/spike.hpp"
#include "core/engine/calendar.hpp"
#include "core/engine/delivery.hpp"
#include "core/engine/grid_input.hpp"
#include "core/engine/window_grid.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Some blocks of a population, side by side: what one thread delivers to.
struct BlockRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;

  /// Part `part` of `parts` of about equal size.
  static BlockRange of(std::uint32_t blocks, std::size_t part, std::size_t parts) {
    return {static_cast<std::uint32_t>(blocks * part / parts),
            static_cast<std::uint32_t>(blocks * (part + 1) / parts)};
  }
};

/// Sends spikes through one projection on a grid: adds them to GridInput where the target's block is stepped,
/// files them in a Calendar where it is not.
class GridDelivery {
 public:
  /// `elsewhere` files what does not land in the ring.
  GridDelivery(const Projection& projection, const Delivery& elsewhere);

  /// To targets in some blocks; spikes carry numbers within the source population. Returns how many synapses
  /// they were sent to.
  std::uint64_t deliver(std::span<const Spike> spikes, BlockRange blocks, GridInput& input,
                        const WindowGrid& grid, Calendar& calendar) const;

  /// Whether element i has one synapse, onto neuron i, like all others: numbers of spikes can be sent.
  [[nodiscard]] bool one_to_one() const { return one_to_one_; }
  [[nodiscard]] bool reaches(const GridInput& input) const {
    return projection_->largest_delay <= input.reach();
  }
  /// The spikes of elements `first` to `first` + `count` at grid point `step`.
  void deliver_counts(const std::uint16_t* counts, std::uint32_t first, std::uint32_t count, double step,
                      GridInput& input) const;

 private:
  struct Row {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Row row(std::uint32_t source, std::uint32_t first, std::uint32_t end) const;
  template <class Weights, class Delays>
  void sum(const Spike& spike, Row row, const Weights& weights, const Delays& delays, GridInput& input) const;
  void sum(const Spike& spike, Row row, double weight, double delay, GridInput& input) const;
  void sort_out(const Spike& spike, Row row, GridInput& input, const WindowGrid& grid,
                Calendar& calendar) const;

  const Projection* projection_;
  const Delivery* elsewhere_;
  bool one_to_one_ = false;
};

}  // namespace flurry
