// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/spike.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/block_samples.hpp"
#include "core/engine/count_line.hpp"
#include "core/engine/grid_input.hpp"
#include "core/engine/neurons.hpp"

namespace flurry {

/// Spikes that sources send as numbers: element i to neuron i.
struct CountedInput {
  const CountLine* line = nullptr;
  double delay = 0.0;        // steps
  std::int64_t arrival = 0;  // what one spike adds to a cell
  std::uint32_t channel = 0;
};

/// All that arrives at a block in a window, by the three ways there are.
struct GridArrivals {
  GridInput* ring = nullptr;             // or null
  const BlockArrivals* filed = nullptr;  // one by one, in any order
  std::span<const CountedInput> counted;
  GridCell cell;
  std::uint64_t spare = 0;        // filed arrivals of one grid point that surely fit into cells
  std::int64_t* cells = nullptr;  // room for cells where there is no ring: one for each neuron and channel
  std::span<const BlockSamples> samples;  // due before the end of the window
};

/// Grid points first to last, both included.
struct GridWindow {
  double first = 0.0;
  double last = 0.0;
};

/// A block of neurons busy enough to be stepped through a grid point by point, all neurons at once, instead
/// of being visited one by one where something happens. The same spikes, to the bit.
class GridBlock {
 public:
  GridBlock() = default;
  GridBlock(const GridBlock&) = delete;
  GridBlock& operator=(const GridBlock&) = delete;
  virtual ~GridBlock() = default;

  /// Takes the block's part out of the ring. Spikes are appended with numbers within the population.
  virtual void advance(const GridArrivals& arrivals, GridWindow window, std::vector<Spike>& spikes,
                       Tally& tally) = 0;
  /// Writes the neurons as they are after grid point `now` to where they were taken from; crossings to come
  /// are not sought. The block stays as it is.
  virtual void put_back(double now) = 0;
  /// What is due of neurons of the block from grid point `now` on, to whom nothing happens until then.
  virtual void sample(std::span<const BlockSamples> samples, double now) = 0;
  /// As Neurons::potential.
  [[nodiscard]] virtual double potential(std::uint32_t neuron, double now, double time) const = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

}  // namespace flurry
