// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/learning/event_prop_credit.hpp"
#include "models/learning/event_prop_tape.hpp"

namespace flurry {

/// Keeps the number c of a neuron's spikes per trial within bounds:
///
///   l = 1/2 above (c - upper)^2 where c > upper,  1/2 below (lower - c)^2 where c < lower.
///
/// A count has no derivative. In its place the potential is pushed by dl/dc where the count is decided (as
/// mlGeNN's regularisation does at spikes): just before each spike, and at the largest potential of a neuron
/// that stays silent, if it is watched (EventPropOptions). Not a gradient of l, unlike all other losses.
struct EventPropRateBounds {
  double lower = 0.0;  // spikes per trial
  double upper = 1e300;
  double below = 0.0;  // strengths, loss per spike^2
  double above = 0.0;

  /// Adds the pushes to `credit` and returns l.
  double add(const EventPropTape& tape, std::uint32_t neuron, EventPropCredit& credit) const {
    const double count = tape.count[neuron];
    const double excess = std::max(0.0, count - upper);
    const double lack = std::max(0.0, lower - count);
    const double push = above * excess - below * lack;
    if (push != 0.0)
      for (std::uint32_t r = tape.first[neuron]; r != EventPropTape::none; r = tape.records[r].next)
        credit.potential[r] += push;
    return 0.5 * (above * excess * excess + below * lack * lack);
  }
};

}  // namespace flurry
