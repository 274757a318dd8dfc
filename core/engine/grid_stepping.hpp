// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/block.hpp"
#include "core/engine/grid_delivery.hpp"
#include "core/engine/processors.hpp"
#include "core/engine/spike_exchange.hpp"

namespace flurry {

struct GridOptions {
  double busy_from = 1.0 / 16;  // arrivals per neuron and grid point from which a block is stepped
  std::uint64_t largest_rings = 4U << 20U;  // bytes of all rings together
  std::size_t parts = 1;                    // of the targets of a ring: threads that deliver at once
};

/// Whether rings of all populations together take no more than `largest` bytes.
[[nodiscard]] bool rings_fit(const Network& network, const Processors& processors, std::uint64_t largest);

/// Room to work in, one per thread.
struct GridRoom {
  std::span<const BlockSamples> samples;  // due of the block at hand
  std::vector<CountedInput> counted;
  alignas(64) std::array<std::int64_t, std::size_t{2} * PackedArrival::most_neurons_on_grid> cells{};
};

/// The part of Simulation that steps busy blocks through a grid: decides which ones by how much arrives at
/// them, keeps the rings their arrivals land in, and lets Poisson sources send them numbers instead of
/// spikes.
///
/// A ring is quick as long as it stays in the nearest caches. Where it would not, arrivals are filed in the
/// Calendar as in exact time, and summed block by block.
class GridStepping {
 public:
  /// `blocks` are those of the simulation, `first_block` that of each population. `exchange`: null where all
  /// neurons are here.
  GridStepping(const Network& network, Processors& processors, std::vector<Block>& blocks,
               const std::vector<std::uint32_t>& first_block, GridOptions options,
               const SpikeExchange* exchange);

  /// Blocks to be visited in every window: those that are stepped, and sources that count for them.
  [[nodiscard]] std::span<const std::uint32_t> busy() const { return busy_; }
  /// Whether spikes of neurons to a population land in a ring.
  [[nodiscard]] bool has_ring(std::uint32_t population) const { return rings_[population].open; }
  [[nodiscard]] bool has_rings() const;

  /// A stepped block of neurons through a window.
  void advance(Block& block, const BlockArrivals& filed, GridWindow window, GridRoom& room,
               std::vector<Spike>& spikes, Tally& tally) const;
  /// Takes note of what arrived at a block that is not stepped.
  void observe(Block& block, std::uint64_t arrivals, GridWindow window) const;
  /// The spikes of a block of sources whose counts are open; `sent` counts synapses by projection.
  void count(Block& block, GridWindow window, std::vector<std::uint64_t>& sent, Tally& tally) const;

  /// After a window: blocks become stepped, or cease to be. `counts`: by population.
  void settle(std::span<const std::uint32_t> active, GridWindow window, std::vector<Tally>& counts);

  /// Delivers spikes of neurons (by population, numbers within it) to one of the parts of every population
  /// that has a ring.
  void deliver(std::size_t part, const std::vector<std::vector<Spike>>& spikes,
               std::vector<std::uint64_t>& sent) const;

  /// Of what counting sources have sent, arrivals after grid point `now`, by projection.
  [[nodiscard]] std::vector<std::uint64_t> in_flight(double now) const;
  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  struct Counted {
    std::uint32_t population = 0;  // of sources
    CountedInput input;            // but for the line, which differs by block
  };
  struct Ring {
    bool wanted = false;
    bool open = false;  // spikes land in it
    std::unique_ptr<GridInput> input;
  };

  void find_rings();
  void find_counting(const SpikeExchange* exchange);
  [[nodiscard]] bool may_step(std::uint32_t population) const;
  [[nodiscard]] Block& same_place(const Block& block, std::uint32_t population) const;
  void settle_block(std::uint32_t number, bool busy, bool quiet, GridWindow window,
                    std::vector<Tally>& counts);
  void open_ring(std::uint32_t population);
  void settle_population(std::uint32_t population, GridWindow window, std::vector<Tally>& counts);
  void settle_source(std::uint32_t number, GridWindow window);

  const Network& network_;
  Processors& processors_;
  std::vector<Block>& blocks_;
  const std::vector<std::uint32_t>& first_block_;
  GridOptions options_;
  std::vector<GridDelivery> deliveries_;       // by projection
  std::vector<GridCell> cells_;                // by population
  std::vector<Ring> rings_;                    // by population
  std::vector<double> largest_delay_;          // into each population
  std::vector<bool> counting_;                 // by population: sources whose spikes may be counted
  std::vector<std::vector<Counted>> counted_;  // into each population
  std::vector<std::uint32_t> spare_;           // into each population: filed arrivals that fit a cell
  std::uint32_t slots_ = 1;                    // of lines of counts
  std::vector<std::uint32_t> busy_;
};

}  // namespace flurry
