// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/learning/event_prop_response.hpp"

namespace flurry {

/// A leaky readout and how its potential is weighted over the trial.
struct EventPropIntegrand {
  double rate_m = 0.0;      // 1/ms
  double rate_syn = 0.0;    // 1/ms
  double decay_rate = 0.0;  // 1/ms: V(t) counts exp(-decay_rate t)
  double duration = 0.0;    // ms
};

/// What an arrival of weight 1 at a time t adds to y = integral_0^T exp(-mu t) V dt, and the derivatives of
/// that.
struct EventPropIntegral {
  double value = 0.0;        // ms
  double by_time = 0.0;      // with respect to t
  double by_rate_m = 0.0;    // with respect to 1/tau_m
  double by_rate_syn = 0.0;  // with respect to 1/tau_syn
};

/// With b = 1/tau_m + mu, a = 1/tau_syn + mu, x = T - t and K, M of EventPropResponse at rates (b, a):
///   y = exp(-mu t) / tau_m Q,  Q = integral_0^x K = (E - K(x)) / b,  E = (1 - exp(-a x)) / a,
///   dQ/db = (M - Q) / b,  dQ/da = (dE/da + x K - M) / b.
[[gnu::always_inline]] inline EventPropIntegral event_prop_sloped_integral(const EventPropIntegrand& i,
                                                                           double time) noexcept {
  const double a = i.rate_syn + i.decay_rate;
  const double b = i.rate_m + i.decay_rate;
  const double x = i.duration - time;
  const EventPropSlopedResponse r = event_prop_sloped_response(b, a, x);
  const double weight = exponential(-i.decay_rate * time).exp;
  const double E = -exponential(-a * x).expm1 / a;
  const double Q = (E - r.current) / b;
  const double Q_by_b = (r.slope - Q) / b;
  const double Q_by_a = ((x * r.synapse - E) / a + x * r.current - r.slope) / b;
  const double value = weight * i.rate_m * Q;
  return {value, -i.decay_rate * value - weight * i.rate_m * r.current, weight * (Q + i.rate_m * Q_by_b),
          weight * i.rate_m * Q_by_a};
}

[[gnu::always_inline]] inline double event_prop_integral(const EventPropIntegrand& i, double time) noexcept {
  return event_prop_sloped_integral(i, time).value;
}

}  // namespace flurry
