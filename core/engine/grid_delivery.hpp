// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/spike.hpp"
#include "core/engine/grid_input.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Sends spikes of neurons through one projection into a GridInput, to one part of the targets after the
/// other or several threads at once. Targets are cut into parts of about equal size, between cache lines.
class GridDelivery {
 public:
  GridDelivery(const Projection& projection, std::uint32_t target_size, std::size_t parts);

  /// Finds where parts begin in every row: 4 bytes per source and cut. Before the first deliver().
  void cut_rows();
  /// Spikes carry numbers within the source population. Returns how many synapses they were sent to.
  std::uint64_t deliver(std::span<const Spike> spikes, std::size_t part, GridInput& input) const;
  [[nodiscard]] std::uint64_t bytes() const { return cuts_.capacity() * sizeof(std::uint32_t); }

 private:
  struct Row {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Row row(std::uint32_t source, std::size_t part) const;
  void prefetch(std::uint64_t synapse) const;
  template <class Weights, class Delays>
  void sum(const Spike& spike, Row row, const Weights& weights, const Delays& delays, GridInput& input) const;
  void sum(const Spike& spike, Row row, double weight, double delay, GridInput& input) const;

  const Projection* projection_;
  std::uint32_t target_size_;
  std::size_t parts_;
  std::vector<std::uint32_t> cuts_;  // by source: synapses before parts 1, 2, ...
};

/// Whether each of `target_size` elements has one synapse, element i onto neuron i, all of one weight and
/// delay: blocks of elements and of neurons then match.
[[nodiscard]] bool is_one_to_one(const Projection& projection, std::uint32_t target_size);

}  // namespace flurry
