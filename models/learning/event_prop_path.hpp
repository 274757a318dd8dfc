// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "core/base/spike.hpp"
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

  [[nodiscard, gnu::always_inline]] State at(double t) const noexcept {
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

  /// The first time in (0, horizon) at which V reaches threshold, with V and I then; `never` if there is
  /// none. V starts below threshold.
  ///
  /// V can only cross while I > threshold, and as long as V is below and I above it, V rises and is concave
  /// (V' = (I - V)/tau_m > 0, V'' = (I' - V')/tau_m < 0). So a Newton step from below never passes the first
  /// crossing: wherever it lands with V and I below threshold, there is none. Steps of fourth order (the root
  /// of the Taylor parabola, corrected for the cubic term) go faster; they are taken where they stay inside
  /// what is proved, and the last one's error lies below rounding.
  struct Crossing {
    double time = never;
    double I = 0.0;
  };
  [[nodiscard]] Crossing crossing(double horizon) const noexcept {
    double low = 0.0;  // below threshold and rising: the crossing comes later
    State low_state = start;
    double high = never;  // the crossing comes earlier
    double t = 0.0;
    State s = start;
    if (!(s.I > threshold)) return {};
    bool careful = false;
    for (int steps = 0; steps < 100; ++steps) {
      if (!careful) {
        const Step step = step_from(s);
        if (step.last) return t + step.time < horizon ? Crossing{t + step.time, step.I} : Crossing{};
        t += step.time;
        careful = !(t > low && t < high);
      }
      const bool newton = careful;
      if (careful) {
        t = low - height(low_state) / slope(low_state);
        if (!(t > low)) return low < horizon ? Crossing{low, low_state.I} : Crossing{};
      }
      careful = false;
      s = at(t);
      if (height(s) >= 0.0) {
        high = t;
      } else if (s.I > threshold) {
        low = t;
        low_state = s;
        if (low >= horizon) return {};
      } else if (newton) {
        return {};
      } else {
        careful = true;
      }
    }
    return low < horizon ? Crossing{low, low_state.I} : Crossing{};
  }

 private:
  struct Step {
    double time = never;
    double I = 0.0;
    bool last = false;
  };
  // To where the Taylor polynomial of third order reaches threshold; `never` where it does not seem to.
  [[nodiscard, gnu::always_inline]] Step step_from(const State& s) const noexcept {
    const double d = threshold - s.V;
    const double V1 = (s.I - s.V) * rate_m;
    const double I1 = -rate_syn * s.I;
    const double V2 = (I1 - V1) * rate_m;
    const double V3 = (-rate_syn * I1 - V2) * rate_m;
    const double square = V1 * V1 + 2.0 * V2 * d;
    if (!(square > 0.0 && V1 > 0.0)) return {};
    const double root = std::sqrt(square);
    double time = 2.0 * d / (V1 + root);
    time -= V3 * (1.0 / 6.0) * time * time * time / root;
    const double x = rate_syn * time;
    const bool last = std::abs(time) * std::max(rate_m + rate_syn, -V2 / V1) < 1e-4;
    return {time, s.I * (1.0 - x * (1.0 - x * (0.5 - x * (1.0 / 6.0)))), last};
  }
};

}  // namespace flurry
