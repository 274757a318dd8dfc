// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/spike.hpp"

namespace flurry {

/// What the elements of a population must know to go on: so many words of 64 bits each, the first of all
/// elements, then the second. Doubles bit by bit. What the words mean, Neurons and Sources say.
struct PopulationState {
  std::uint32_t words = 0;  // of an element
  std::vector<std::uint64_t> values;
  Tally counts;

  void resize(std::uint32_t words_of_each, std::size_t elements) {
    words = words_of_each;
    values.resize(words_of_each * elements);
  }
};

/// All that a simulation must know to go on, by neuron and by spike: nothing in it depends on how many
/// threads there were, or how neurons were dealt out to them. Times are in the network's unit but for
/// reached_ms.
struct EngineState {
  double reached_ms = 0.0;  // asked for, and reached
  double now = 0.0;
  double done_before = 0.0;  // all that happens before has happened, and nothing else
  double point = -1.0;       // on a grid: the last that neurons were stepped through
  std::uint64_t windows = 0;
  std::vector<PopulationState> populations;
  std::vector<std::uint64_t> sent;  // synapses, by projection
  /// Spikes that have not arrived everywhere yet, network-wide numbers, by time. Those of sources that are
  /// counted on a grid are not among them: they are drawn again.
  SpikeTrain in_flight;
  std::vector<std::uint64_t> samples;  // taken, by request
};

}  // namespace flurry
