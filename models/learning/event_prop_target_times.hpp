// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "models/learning/event_prop_credit.hpp"
#include "models/learning/event_prop_tape.hpp"

namespace flurry {

/// Squared error to target times: l = sum over a neuron's spikes k of 1/2 (t_k - target_{k mod targets})^2,
/// ms^2. Adds its derivatives to `credit` and returns l. `targets` (ms) must not be empty.
inline double event_prop_target_times(const EventPropTape& tape, std::uint32_t neuron,
                                      std::span<const double> targets, EventPropCredit& credit) {
  double loss = 0.0;
  std::size_t k = 0;
  for (std::uint32_t r = tape.first_spike(neuron); r != EventPropTape::none; r = tape.records[r].next, ++k) {
    const double error = tape.records[r].time - targets[k % targets.size()];
    loss += 0.5 * error * error;
    credit.time[r] += error;
  }
  return loss;
}

}  // namespace flurry
