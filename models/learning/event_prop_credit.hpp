// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/learning/event_prop_tape.hpp"

namespace flurry {

/// What a loss l says about a tape: its derivatives with respect to what the tape holds. Losses add to it;
/// the backward pass reads it.
struct EventPropCredit {
  std::vector<double> time;       // per record: dl/dt of a spike, per ms
  std::vector<double> potential;  // per record: dl/dV at a probe; at a spike, a push on V just before it
  std::vector<double> integral;   // per neuron: dl/dy of readouts, per ms
  /// dl/d(tape.readout(neuron)).
  void add_readout(const EventPropTape& tape, std::uint32_t neuron, double by_readout) {
    const std::uint32_t probe = tape.probe(neuron);
    (probe == EventPropTape::none ? integral[neuron] : potential[probe]) += by_readout;
  }

  /// Zero, in the shape of the tape; keeps its memory.
  void clear(const EventPropTape& tape) {
    time.assign(tape.records.size(), 0.0);
    potential.assign(tape.records.size(), 0.0);
    integral.assign(tape.count.size(), 0.0);
  }
};

}  // namespace flurry
