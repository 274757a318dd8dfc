// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/network/network.hpp"

namespace flurry {

/// A cell of GridInput: the sum of weights, in quanta, and below it in the same 64 bits how many there were.
/// Integers, so that the order of arrival leaves no trace.
struct GridCell {
  GridCell() = default;
  explicit GridCell(const GridWeights& weights)
      : quantum(weights.quantum), per_quantum(1.0 / weights.quantum), counted(weights.most_arrivals) {
    while ((counted >> shift) != 0) ++shift;
  }

  double quantum = 1.0;
  double per_quantum = 1.0;
  std::int64_t counted = 0;  // mask of the number
  std::uint32_t shift = 0;   // its bits

  /// What one arrival of this weight adds to a cell.
  [[nodiscard]] std::int64_t arrival(double weight) const noexcept {
    return static_cast<std::int64_t>(weight * per_quantum) * (counted + 1) + 1;
  }
  [[nodiscard]] std::int64_t count(std::int64_t cell) const noexcept { return cell & counted; }
  [[nodiscard]] double sum(std::int64_t cell) const noexcept {
    return static_cast<double>(cell >> shift) * quantum;
  }
};

/// What is on its way to one population on a grid, summed as it lands: a ring of grid points, for each a cell
/// per neuron and channel (excitation and inhibition apart where the model tells them apart). Only arrivals
/// at blocks that are stepped through the grid land here; others are filed in a Calendar.
class GridInput {
 public:
  static constexpr std::uint32_t most_slots = 256;

  /// For delays up to `largest_delay` steps, of which no more than most_slots count.
  GridInput(std::uint32_t neurons, std::uint32_t channels, double largest_delay, const GridWeights& weights);

  [[nodiscard]] const GridCell& cell() const { return cell_; }
  /// Delays up to this many steps land in the ring.
  [[nodiscard]] double reach() const { return static_cast<double>(slots_); }

  /// Place of the cell of neuron 0 at a grid point.
  [[nodiscard]] std::size_t place(double step, std::uint32_t channel) const noexcept {
    const auto slot = static_cast<std::size_t>(static_cast<std::int64_t>(step)) & (slots_ - 1);
    return (slot * channels_ + channel) * stride_;
  }
  [[nodiscard]] std::uint32_t channel_of(double weight) const noexcept {
    return weight < 0.0 ? channels_ - 1 : 0;
  }
  [[nodiscard]] std::int64_t* cells() noexcept { return cells_.data(); }

  [[nodiscard]] std::uint64_t bytes() const { return cells_.capacity() * sizeof(std::int64_t); }
  /// What a ring takes for one neuron.
  [[nodiscard]] static std::uint64_t bytes_per_neuron(std::uint32_t channels, double largest_delay);

 private:
  [[nodiscard]] static std::uint32_t slots_for(double largest_delay);

  GridCell cell_;
  std::uint32_t channels_;
  std::uint32_t slots_;
  std::size_t stride_;
  std::vector<std::int64_t> cells_;
};

}  // namespace flurry
