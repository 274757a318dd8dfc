// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/spike.hpp"
#include "core/engine/arrival_order.hpp"
#include "core/engine/grid_input.hpp"
#include "core/engine/neurons.hpp"

namespace flurry {

/// A block of neurons busy enough to be stepped through a grid point by point, all neurons at once, instead
/// of being visited one by one where something happens. The same spikes, to the bit.
class GridBlock {
 public:
  GridBlock() = default;
  GridBlock(const GridBlock&) = delete;
  GridBlock& operator=(const GridBlock&) = delete;
  virtual ~GridBlock() = default;

  /// Grid points `first` to `last`; takes the block's input out of the ring, and with it `more` arrivals that
  /// were filed elsewhere. Spikes are appended with numbers within the population.
  virtual void advance(GridInput& input, const OrderedArrivals& more, double first, double last,
                       std::vector<Spike>& spikes, Tally& tally) = 0;
  /// Hands the neurons back as they are after grid point `now`, crossings to come included.
  virtual void leave(double now, BlockCrossings& crossings, Tally& tally) = 0;
  /// As Neurons::potential.
  [[nodiscard]] virtual double potential(std::uint32_t neuron, double now, double time) const = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

}  // namespace flurry
