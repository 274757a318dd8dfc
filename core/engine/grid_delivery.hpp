// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/base/spike.hpp"
#include "core/engine/grid_input.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Some neurons of a population, side by side: what one thread delivers to.
struct NeuronRange {
  std::uint32_t first = 0;
  std::uint32_t end = 0;

  /// Part `part` of `parts` of about equal size, cut between cache lines.
  static NeuronRange of(std::uint32_t neurons, std::size_t part, std::size_t parts) {
    const auto cut = [&](std::size_t i) {
      return i == parts ? neurons : static_cast<std::uint32_t>(neurons * i / parts / 8 * 8);
    };
    return {cut(part), cut(part + 1)};
  }
};

/// Sends spikes of neurons through one projection into a GridInput.
class GridDelivery {
 public:
  GridDelivery(const Projection& projection, std::uint32_t target_size);

  /// To targets in a range; spikes carry numbers within the source population. Returns how many synapses they
  /// were sent to.
  std::uint64_t deliver(std::span<const Spike> spikes, NeuronRange targets, GridInput& input) const;

 private:
  struct Row {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
  };
  [[nodiscard]] Row row(std::uint32_t source, NeuronRange targets) const;
  void prefetch(std::uint32_t source) const;
  template <class Weights, class Delays>
  void sum(const Spike& spike, Row row, const Weights& weights, const Delays& delays, GridInput& input) const;
  void sum(const Spike& spike, Row row, double weight, double delay, GridInput& input) const;

  const Projection* projection_;
  std::uint32_t target_size_;
};

/// Whether each of `target_size` elements has one synapse, element i onto neuron i, all of one weight and
/// delay: blocks of elements and of neurons then match.
[[nodiscard]] bool is_one_to_one(const Projection& projection, std::uint32_t target_size);

}  // namespace flurry
