// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/base/spike.hpp"
#include "models/learning/event_prop_response.hpp"

namespace flurry {

/// First threshold crossings of a few normalised neurons, sought side by side in vector instructions; each
/// gets the same bits as alone.
///
/// V can only cross while I > threshold, and as long as V is below and I above it, V rises and is concave (V'
/// = (I - V)/tau_m > 0, V'' = (I' - V')/tau_m < 0). So a Newton step from below never passes the first
/// crossing: wherever it lands with V and I below threshold, there is none. Steps of fourth order (the root
/// of the Taylor parabola, corrected for the cubic term) go faster; they are taken where they stay inside
/// what is proved, and the last one's error lies below rounding.
struct EventPropSearch {
  static constexpr std::uint32_t lanes = 8;
  using Column = std::array<double, lanes>;

  // What is sought; V below threshold.
  Column rate_m;  // 1/ms
  Column rate_syn;
  Column threshold;
  Column V;
  Column I;
  Column horizon;  // ms
  // What is found.
  Column time;  // ms from the start; `never` where there is no crossing before the horizon
  Column I_then;
  Column V_after;  // at the horizon, after the crossing's reset and if there is no other crossing
  Column I_after;

  /// Seeks in the first `count` lanes.
  void solve(std::uint32_t count) noexcept {
    for (std::uint32_t k = 0; k < lanes; ++k) {
      if (k >= count) copy_lane(0, k);
      t_[k] = low_[k] = 0.0;
      low_V_[k] = V[k];
      low_I_[k] = I_then[k] = I[k];
      high_[k] = time[k] = never;
      newton_[k] = 0.0;
      open_[k] = I[k] > threshold[k] ? 1.0 : 0.0;
    }
    for (std::uint32_t k = 0; k < lanes; ++k) choose(k, V[k], I[k]);
    for (int steps = 0; steps < 100 && any_open(); ++steps)
      for (std::uint32_t k = 0; k < lanes; ++k) look(k);
    for (std::uint32_t k = 0; k < lanes; ++k) {
      const double found = open_[k] > 0.0 ? low_[k] : time[k];
      const bool crosses = found < horizon[k];
      time[k] = crosses ? found : never;
      const EventPropResponse r =
          event_prop_response(rate_m[k], rate_syn[k], crosses ? horizon[k] - found : 0.0);
      V_after[k] = rate_m[k] * r.current * I_then[k];
      I_after[k] = r.synapse * I_then[k];
    }
  }

 private:
  void copy_lane(std::uint32_t from, std::uint32_t to) noexcept {
    for (Column* c : {&rate_m, &rate_syn, &threshold, &V, &I, &horizon}) (*c)[to] = (*c)[from];
  }

  [[nodiscard]] bool any_open() const noexcept {
    double sum = 0.0;
    for (const double open : open_) sum += open;
    return sum > 0.0;
  }

  [[gnu::always_inline]] void look(std::uint32_t k) noexcept {
    const EventPropResponse r = event_prop_response(rate_m[k], rate_syn[k], t_[k]);
    choose(k, r.membrane * V[k] + rate_m[k] * r.current * I[k], r.synapse * I[k]);
  }

  // Decides by the state at time t, or says at which time to look next. Branch-free.
  [[gnu::always_inline]] void choose(std::uint32_t k, double V_t, double I_t) noexcept {
    const double t = t_[k];
    const double gap = threshold[k] - V_t;
    const bool below = gap > 0.0;
    const bool rising = below & (I_t > threshold[k]);
    const bool fell = below & !rising;
    const double low = rising ? t : low_[k];
    const double low_V = rising ? V_t : low_V_[k];
    const double low_I = rising ? I_t : low_I_[k];
    const double high = below ? high_[k] : t;

    const double V1 = (I_t - V_t) * rate_m[k];
    const double I1 = -rate_syn[k] * I_t;
    const double V2 = (I1 - V1) * rate_m[k];
    const double V3 = (-rate_syn[k] * I1 - V2) * rate_m[k];
    const double square = V1 * V1 + 2.0 * V2 * gap;
    const double root = std::sqrt(std::max(square, 0.0));
    const double parabola = 2.0 * gap / (V1 + root);
    const double forward = parabola - V3 * (1.0 / 6.0) * parabola * parabola * parabola / root;
    const bool usable = (square > 0.0) & (V1 > 0.0) & !fell;
    const double scale = std::max((rate_m[k] + rate_syn[k]) * V1, -V2);
    // Both small: where the parabola only just touches, the correction is wild and may hide a long step.
    const double longest = std::max(std::abs(forward), parabola);
    const bool last = usable & (longest * scale < 4e-4 * V1);
    const double next = t + forward;
    const bool inside = usable & (next > low) & (next < high);
    const double tangent = low + (threshold[k] - low_V) / ((low_I - low_V) * rate_m[k]);
    const bool stuck = !(tangent > low) & !inside;
    const bool none = (fell & (newton_[k] > 0.0)) | (rising & (t >= horizon[k]));

    const bool open = open_[k] > 0.0;
    const double x = rate_syn[k] * forward;
    const double I_next = I_t * (1.0 - x * (1.0 - x * (0.5 - x * (1.0 / 6.0))));
    const double found = last ? next : low;
    const double I_found = last ? I_next : low_I;
    const bool closes = none | last | stuck;
    time[k] = open & closes ? (none ? never : found) : time[k];
    I_then[k] = open & closes ? I_found : I_then[k];
    open_[k] = open & !closes ? 1.0 : 0.0;
    t_[k] = open ? (inside ? next : tangent) : t;
    newton_[k] = inside ? 0.0 : 1.0;
    low_[k] = low;
    low_V_[k] = low_V;
    low_I_[k] = low_I;
    high_[k] = high;
  }

  Column t_;
  Column low_;  // below threshold and rising: the crossing comes later
  Column low_V_;
  Column low_I_;
  Column high_;    // the crossing comes earlier
  Column newton_;  // 1: t is where a Newton step from low led
  Column open_;    // 1: not decided
};

}  // namespace flurry
