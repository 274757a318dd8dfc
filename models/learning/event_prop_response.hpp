// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/base/exponential.hpp"
#include "models/dynamics/membrane_response.hpp"

namespace flurry {

/// How a normalised neuron answers, a time s later: the closed form of MembraneResponse with C = 1, from two
/// exponentials instead of three (the slower one and the ratio of both).
struct EventPropResponse {
  double membrane = 1.0;  // exp(-s / tau_m)
  double synapse = 1.0;   // exp(-s / tau_syn)
  double current = 0.0;   // K = integral_0^s exp(-(s-u)/tau_m) exp(-u/tau_syn) du, ms
};

/// The response with what derivatives with respect to time constants need: M = -dK/d(1/tau_m) = integral_0^s
/// (s-u) exp(-(s-u)/tau_m) exp(-u/tau_syn) du, ms^2; -dK/d(1/tau_syn) is s K - M.
struct EventPropSlopedResponse : EventPropResponse {
  double slope = 0.0;  // M
};

/// (y - 1 + exp(-y)) / y^2 for 0 <= y < 0.06, to 1e-13.
[[gnu::always_inline]] inline double event_prop_chi_series(double y) noexcept {
  constexpr double c[] = {1.0 / 2, -1.0 / 6, 1.0 / 24, -1.0 / 120, 1.0 / 720, -1.0 / 5040, 1.0 / 40320};
  double sum = c[6];
  for (int n = 5; n >= 0; --n) sum = c[n] + sum * y;
  return sum;
}

/// Rates are 1/tau in 1/ms, elapsed in ms, >= 0. No case is special: see MembraneResponse. Branch-free.
[[gnu::always_inline]] inline EventPropSlopedResponse event_prop_sloped_response(double rate_m,
                                                                                 double rate_syn,
                                                                                 double elapsed) noexcept {
  const double difference = rate_difference(rate_m, rate_syn);
  const double inverse = 1.0 / difference;
  const double y = elapsed * difference;
  const double slow = exponential(-elapsed * std::min(rate_m, rate_syn)).exp;
  const Exponential ratio = exponential(-y);
  const double fast = slow * ratio.exp;
  const bool membrane_slower = rate_m <= rate_syn;
  const double current = slow * (-ratio.expm1 * inverse);
  // chi + psi = (1 - exp(-y)) / y (membrane_response.hpp).
  const double direct = (y + ratio.expm1) * inverse * inverse;
  const double slow_chi = slow * (y < 0.06 ? elapsed * elapsed * event_prop_chi_series(y) : direct);
  EventPropSlopedResponse result;
  result.membrane = membrane_slower ? slow : fast;
  result.synapse = membrane_slower ? fast : slow;
  result.current = current;
  result.slope = membrane_slower ? slow_chi : elapsed * current - slow_chi;
  return result;
}

[[gnu::always_inline]] inline EventPropResponse event_prop_response(double rate_m, double rate_syn,
                                                                    double elapsed) noexcept {
  const EventPropSlopedResponse r = event_prop_sloped_response(rate_m, rate_syn, elapsed);
  return {r.membrane, r.synapse, r.current};
}

/// Columns of `count` responses at once, in vector instructions, with the bits of one alone; nothing
/// overlaps.
struct EventPropElapsed {
  const double* rate_m = nullptr;
  const double* rate_syn = nullptr;
  const double* elapsed = nullptr;
};
struct EventPropResponses {
  double* membrane = nullptr;
  double* synapse = nullptr;
  double* current = nullptr;
  double* slope = nullptr;
};
inline void event_prop_sloped_responses(const EventPropElapsed& from, const EventPropResponses& to,
                                        std::size_t count) noexcept {
#pragma GCC ivdep
  for (std::size_t k = 0; k < count; ++k) {
    const EventPropSlopedResponse r =
        event_prop_sloped_response(from.rate_m[k], from.rate_syn[k], from.elapsed[k]);
    to.membrane[k] = r.membrane;
    to.synapse[k] = r.synapse;
    to.current[k] = r.current;
    to.slope[k] = r.slope;
  }
}

}  // namespace flurry
