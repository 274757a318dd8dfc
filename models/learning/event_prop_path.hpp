// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

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
  State start;

  [[nodiscard, gnu::always_inline]] State at(double t) const noexcept {
    const EventPropResponse r = event_prop_response(rate_m, rate_syn, t);
    return {r.membrane * start.V + rate_m * r.current * start.I, r.synapse * start.I};
  }

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
};

}  // namespace flurry
