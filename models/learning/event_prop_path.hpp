// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "core/base/spike.hpp"
#include "models/dynamics/first_crossing.hpp"
#include "models/learning/event_prop_response.hpp"

namespace flurry {

/// The path of a normalised neuron's membrane without further input.
struct EventPropPath {
  struct State {
    double V = 0.0;
    double I = 0.0;
  };

  double rate_m = 0.0;    // 1/ms
  double rate_syn = 0.0;  // 1/ms
  double threshold = 0.0;
  State start;

  [[nodiscard]] State at(double t) const noexcept {
    const EventPropResponse r = event_prop_response(rate_m, rate_syn, t);
    return {r.membrane * start.V + rate_m * r.current * start.I, r.synapse * start.I};
  }
  [[nodiscard]] double height(const State& s) const noexcept { return s.V - threshold; }
  [[nodiscard]] double slope(const State& s) const noexcept { return (s.I - s.V) * rate_m; }

  /// When V is largest, at most `horizon` later (ms), if it rises at all from where it starts; else 0. There
  /// V = I: exp((1/tau_m - 1/tau_syn) t) = 1 + (1/tau_m - 1/tau_syn) tau_syn (I - V) / I at the start.
  [[nodiscard]] double peak_time(double horizon) const noexcept {
    if (!(start.I > start.V)) return 0.0;
    if (!(start.I > 0.0)) return horizon;
    const double lead = (start.I - start.V) / (rate_syn * start.I);
    const double growth = rate_m - rate_syn;
    const double x = growth * lead;
    if (!(x > -1.0)) return horizon;
    return std::min(horizon, std::abs(x) < 1e-300 ? lead : std::log1p(x) / growth);
  }

  /// The first time in (0, horizon] at which V reaches threshold, or `never`; V starts below it.
  ///
  /// While I exceeds the threshold, V below it rises and V at it does not fall back; from I = threshold on, V
  /// below it stays there. So V has crossed exactly if it stands at or above threshold when I falls to
  /// threshold (or at the horizon, if that comes first), and up to then it crosses once: `root_between` finds
  /// it.
  [[nodiscard]] double crossing(double horizon) const noexcept {
    if (!(start.I > threshold)) return never;
    const double bound = std::log(start.I / threshold) / rate_syn;
    const double end = std::min(bound, horizon);
    if (height(at(end)) < 0.0) return never;
    return root_between(*this, 0.0, end);
  }
};

}  // namespace flurry
