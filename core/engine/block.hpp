// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "core/engine/count_line.hpp"
#include "core/engine/event_queue.hpp"
#include "core/engine/grid_block.hpp"
#include "core/engine/neurons.hpp"

namespace flurry {

/// Neurons or source elements side by side, worked on by one thread at a time.
struct Block {
  Block(std::uint32_t in_population, std::uint32_t first_neuron, std::uint32_t neurons)
      : population(in_population), first(first_neuron), count(neurons) {}

  std::uint32_t population;
  std::uint32_t first;  // within the population
  std::uint32_t count;
  double wake_up = never;  // earliest crossing or source spike; tells which wake-up is still true
  BlockCrossings crossings;

  // On a grid, see GridStepping.
  std::unique_ptr<GridBlock> stepped;  // where it is busy
  bool leaving = false;                // about to be stepped no longer,
  double leaves_at = never;            // once nothing is left on its way at this grid point
  double activity = 0.0;               // arrivals per neuron and grid point, running mean
  double seen = 0.0;                   // grid point of the last look at it
  CountLine counts;                    // of sources
};

}  // namespace flurry
