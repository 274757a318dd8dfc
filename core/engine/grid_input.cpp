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
                     const GridWeights& weights, std::uint32_t block_shift)
    : cell_(weights),
      channels_(channels),
      slots_(slots_for(largest_delay)),
      block_shift_(block_shift),
      // Whole cache lines, and an odd number of them: slots must not all fall into the same sets.
      stride_(((std::size_t{neurons} + 7) / 8 | 1U) * 8) {
  resize_on_huge_pages(cells_, stride_ * channels_ * slots_);
  takes_.assign(((std::size_t{neurons} - 1) >> block_shift) + 1, 0);
}

bool GridInput::takes_all(std::uint32_t first_block, std::uint32_t end_block) const {
  return std::all_of(takes_.begin() + first_block, takes_.begin() + end_block,
                     [](std::uint8_t yes) { return yes != 0; });
}

}  // namespace flurry
