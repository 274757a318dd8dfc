// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/delivery.hpp"
#include "core/engine/grid_delivery.hpp"
#include "core/engine/processors.hpp"

namespace flurry {

/// Grid points first to last, both included.
struct GridWindow {
  double first = 0.0;
  double last = 0.0;
};

/// The part of Simulation that steps busy blocks through a grid: decides which ones by how much arrives at
/// them, keeps the rings their arrivals land in, and lets Poisson sources send them numbers instead of
/// spikes.
class GridStepping {
 public:
  /// A block is stepped from `busy_from` arrivals per neuron and grid point on.
  GridStepping(const Network& network, Processors& processors, const std::vector<Delivery>& deliveries,
               std::uint32_t block_shift, double busy_from);

  /// Blocks to be visited in every window: those that are stepped, and sources that count for them.
  [[nodiscard]] std::span<const std::uint32_t> busy() const { return busy_; }
  /// Whether arrivals at some of a population land in a ring.
  [[nodiscard]] bool has_ring(std::uint32_t population) const { return inputs_[population] != nullptr; }
  [[nodiscard]] bool has_rings() const { return rings_ > 0; }

  /// A stepped block of neurons through a window.
  void advance(Block& block, const OrderedArrivals& more, GridWindow window, std::vector<Spike>& spikes,
               Tally& tally) const;
  /// Takes note of what arrived at a block that is not stepped.
  void observe(Block& block, std::uint64_t arrivals, GridWindow window) const;
  /// Whether a block of sources can send numbers in place of spikes.
  [[nodiscard]] bool can_count(const Block& block) const;
  /// Draws them; `sent` counts synapses by projection.
  void count(Block& block, GridWindow window, std::vector<std::uint64_t>& sent, Tally& tally) const;

  /// After a window: blocks (numbers into `blocks`) become stepped, or cease to be. `counts`: by population.
  void settle(std::span<const std::uint32_t> active, std::vector<Block>& blocks, GridWindow window,
              std::vector<Tally>& counts);

  /// Delivers spikes of populations of neurons (by population, numbers within it) and counted ones of sources
  /// to part `part` of `parts` of every population that has a ring.
  void deliver(std::size_t part, std::size_t parts, const std::vector<std::vector<Spike>>& spikes,
               const std::vector<Block>& blocks, GridWindow window, const WindowGrid& grid,
               Calendar& calendar, std::vector<std::uint64_t>& sent) const;

  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  [[nodiscard]] std::uint32_t place(const Block& block) const { return block.first >> block_shift_; }
  [[nodiscard]] bool may_step(std::uint32_t population) const;
  void find_counting();
  void enter(Block& block, GridWindow window);

  const Network& network_;
  Processors& processors_;
  std::uint32_t block_shift_;
  double busy_from_;
  std::vector<GridDelivery> deliveries_;            // by projection
  std::vector<std::unique_ptr<GridInput>> inputs_;  // by population
  std::size_t rings_ = 0;
  std::vector<double> largest_delay_;  // into each population
  std::vector<bool> counting_;         // by population: sources whose spikes may be counted
  std::vector<std::uint32_t> busy_;
};

}  // namespace flurry
