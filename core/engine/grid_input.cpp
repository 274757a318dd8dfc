// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_input.hpp"

#include <algorithm>
#include <bit>

#include "core/base/huge_pages.hpp"

namespace flurry {

std::uint32_t GridInput::slots_for(double largest_delay) {
  return std::bit_ceil(static_cast<std::uint32_t>(std::clamp(largest_delay, 1.0, 1.0 * most_slots)));
}

std::uint64_t GridInput::bytes_per_neuron(std::uint32_t channels, double largest_delay) {
  return std::uint64_t{channels} * slots_for(largest_delay) * sizeof(std::int64_t);
}

GridInput::GridInput(std::uint32_t neurons, std::uint32_t channels, double largest_delay,
                     const GridWeights& weights)
    : cell_(weights),
      channels_(channels),
      slots_(slots_for(largest_delay)),
      // Whole cache lines, and an odd number of them: slots must not all fall into the same sets.
      stride_(((std::size_t{neurons} + 7) / 8 | 1U) * 8) {
  resize_on_huge_pages(cells_, stride_ * channels_ * slots_);
}

}  // namespace flurry
