// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "models/learning/event_prop_integral.hpp"
#include "models/learning/event_prop_response.hpp"

namespace flurry {

/// What one arrival contributes to gradients.
struct EventPropShare {
  double weight = 0.0;
  double time = 0.0;  // with respect to the arrival's time: the delay's share, and the sender's
  double tau_m = 0.0;
  double tau_syn = 0.0;
};

/// An arrival of weight w, a time s before the target's next record, whose adjoints are lambda_V and
/// lambda_I:
///   lambda_V(s) = lambda_V exp(-s/tau_m),  lambda_I(s) = lambda_I exp(-s/tau_syn) + lambda_V K / tau_syn,
///   dL/dw = -tau_syn lambda_I(s),  dL/dt = w (lambda_V(s) - lambda_I(s)),
/// and its parts of integral lambda_V V' dt and integral lambda_I I' dt, in closed form.
struct EventPropArrival {
  double rate_m = 0.0;    // 1/ms, of the target
  double rate_syn = 0.0;  // 1/ms
  double elapsed = 0.0;   // s, ms
  double weight = 0.0;
  double lambda_V = 0.0;
  double lambda_I = 0.0;
};

[[gnu::always_inline]] inline EventPropShare event_prop_share(const EventPropArrival& a,
                                                              const EventPropSlopedResponse& r) noexcept {
  const double drive = a.rate_syn * a.lambda_V;
  const double V = a.lambda_V * r.membrane;
  const double I = a.lambda_I * r.synapse + drive * r.current;
  const double I_slope = a.elapsed * I - drive * r.slope;
  return {-I / a.rate_syn, a.weight * (V - I),
          a.weight * a.lambda_V * a.rate_m * (r.current - a.rate_m * r.slope),
          -a.weight * a.rate_syn * I_slope};
}

/// An arrival while V is held for another h = `held`: `weight` is w faded, with faded = exp(-h/tau_syn).
struct EventPropHold {
  double rate_syn = 0.0;  // 1/ms
  double weight = 0.0;
  double held = 0.0;  // h, ms; 0: V is not held
  double faded = 1.0;
};

/// Its shares, from those of an arrival of that weight when V is let go: its time and tau_syn say in addition
/// how much of it is left then, and V does not move with it.
[[gnu::always_inline]] inline EventPropShare event_prop_held_share(const EventPropShare& s,
                                                                   const EventPropHold& h) noexcept {
  const double by_fading = h.weight * h.rate_syn * s.weight;  // -w lambda_I
  return {h.faded * s.weight, h.held > 0.0 ? by_fading : s.time, s.tau_m,
          s.tau_syn + h.held * h.rate_syn * by_fading};
}

/// Arrivals gathered one by one, their shares computed together.
struct EventPropArrivals {
  static constexpr std::uint32_t most = 64;

  template <class Value>
  using Column = std::array<Value, most>;

  std::uint32_t count = 0;
  Column<std::uint32_t> sender;  // record or input spike
  Column<std::uint32_t> synapse;
  Column<std::uint32_t> target;
  Column<double> rate_m;
  Column<double> rate_syn;
  Column<double> time;      // before the target's record; of readouts: within the trial
  Column<double> weight;    // what is left of it when V is let go
  Column<double> held;      // ms: how long V is still held when it comes
  Column<double> faded;     // what that leaves of a current
  Column<double> lambda_V;  // of readouts: dl/dy
  Column<double> lambda_I;
  Column<double> by_weight;
  Column<double> by_time;
  Column<double> by_tau_m;
  Column<double> by_tau_syn;

  void share() noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
      const EventPropShare s =
          event_prop_share({rate_m[i], rate_syn[i], time[i], weight[i], lambda_V[i], lambda_I[i]},
                           event_prop_sloped_response(rate_m[i], rate_syn[i], time[i]));
      const EventPropShare all = event_prop_held_share(s, {rate_syn[i], weight[i], held[i], faded[i]});
      by_weight[i] = all.weight;
      by_time[i] = all.time;
      by_tau_m[i] = all.tau_m;
      by_tau_syn[i] = all.tau_syn;
    }
  }
  /// At readouts: what y = integral_0^T exp(-decay_rate t) V dt answers to.
  void share_integrals(double decay_rate, double duration) noexcept {
    for (std::uint32_t i = 0; i < count; ++i) {
      const EventPropIntegral y =
          event_prop_sloped_integral({rate_m[i], rate_syn[i], decay_rate, duration}, time[i]);
      const double by_y = weight[i] * lambda_V[i];
      by_weight[i] = lambda_V[i] * y.value;
      by_time[i] = by_y * y.by_time;
      by_tau_m[i] = -by_y * rate_m[i] * rate_m[i] * y.by_rate_m;
      by_tau_syn[i] = -by_y * rate_syn[i] * rate_syn[i] * y.by_rate_syn;
    }
  }
};

}  // namespace flurry
