// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "core/base/exponential.hpp"

namespace flurry {

/// How a leaky membrane (time constant tau_m, capacitance C) answers a synaptic current that decays with
/// tau_syn, a time h later: exact for any ratio of the two time constants, equal ones included.
///
///   per_current   = 1/C  integral_0^h exp(-(h-s)/tau_m) exp(-s/tau_syn) ds            mV per pA of current
///   per_slope     = 1/C  integral_0^h exp(-(h-s)/tau_m) s exp(-s/tau_syn) ds          mV per pA/ms (alpha
///   current)
///
/// The textbook difference of exponentials over (tau_m - tau_syn) cancels where the two are close (Rotter &
/// Diesmann 1999 treat that as a special case). Here the slower exponential is factored out and the rest is a
/// function of y = h |1/tau_syn - 1/tau_m| that is computed without cancellation, so there is no special case
/// to switch to.
struct MembraneResponse {
  double membrane = 1.0;  // exp(-h / tau_m)
  double synapse = 1.0;   // exp(-h / tau_syn)
  double per_current = 0.0;
};

/// |1/tau_syn - 1/tau_m|, at least 2^-600 so that the limit of equal time constants comes out of the same
/// arithmetic.
[[gnu::always_inline]] inline double rate_difference(double rate_m, double rate_syn) noexcept {
  return std::max(std::abs(rate_syn - rate_m), 0x1p-600);
}

/// Rates are 1/tau in 1/ms; `scale` = 1 / (C * rate_difference). The faster exponential is the slower one
/// times that of the difference, which takes two exponentials instead of three.
[[gnu::always_inline]] inline MembraneResponse membrane_response(double rate_m, double rate_syn, double scale,
                                                                 double elapsed) noexcept {
  const double slower = exponential(-elapsed * std::min(rate_m, rate_syn)).exp;
  const Exponential difference = exponential(-elapsed * rate_difference(rate_m, rate_syn));
  const double faster = slower * difference.exp;
  const bool membrane_first = rate_m <= rate_syn;
  return {membrane_first ? slower : faster, membrane_first ? faster : slower,
          slower * -difference.expm1 * scale};
}

/// The same beside another synapse's, which knows what is left of the membrane. With equal rates, equal bits.
[[gnu::always_inline]] inline MembraneResponse membrane_response(const MembraneResponse& other, double rate_m,
                                                                 double rate_syn, double scale,
                                                                 double elapsed) noexcept {
  const double alone = exponential(-elapsed * rate_syn).exp;
  const Exponential difference = exponential(-elapsed * rate_difference(rate_m, rate_syn));
  const bool membrane_first = rate_m <= rate_syn;
  const double slower = membrane_first ? other.membrane : alone;
  return {other.membrane, membrane_first ? slower * difference.exp : slower,
          slower * -difference.expm1 * scale};
}

/// Largest per_current over all h: reached at h* = ln(tau_m/tau_syn) / (1/tau_syn - 1/tau_m), where tau_m I/C
/// = V.
inline double peak_per_current(double tau_m, double tau_syn, double C_m) noexcept {
  const double difference = tau_m - tau_syn;
  const double peak_time =
      difference == 0.0 ? tau_m : tau_m * tau_syn / difference * std::log1p(difference / tau_syn);
  return tau_m / C_m * std::exp(-peak_time / tau_syn) * (1.0 + 1e-9);
}

/// (1 - exp(-y)(1 + y)) / y^2 for y >= 0: 1/2 at 0.
[[gnu::always_inline]] inline double psi(double y) noexcept {
  const Exponential e = exponential(-y);
  double series = 0.0;
  double factorial_inverse = 1.0 / 1307674368000.0;  // 1/15!
  for (int n = 15; n >= 0; --n) {
    series = std::fma(series, -y, factorial_inverse / (n + 2));
    factorial_inverse *= n;
  }
  const double direct = (-e.expm1 - y * e.exp) / (y * y);
  return y < 0.5 ? series : direct;
}

/// (y - 1 + exp(-y)) / y^2 for y >= 0: 1/2 at 0.
[[gnu::always_inline]] inline double chi(double y) noexcept {
  const Exponential e = exponential(-y);
  double series = 0.0;
  double inverse = 1.0 / 355687428096000.0;  // 1/17!
  for (int n = 15; n >= 0; --n) {
    series = std::fma(series, -y, inverse);
    inverse *= n + 2;
  }
  const double direct = (y + e.expm1) / (y * y);
  return y < 0.5 ? series : direct;
}

/// per_slope of MembraneResponse from its two exponentials.
[[gnu::always_inline]] inline double response_per_slope(const MembraneResponse& r, double rate_m,
                                                        double rate_syn, double C_inverse,
                                                        double elapsed) noexcept {
  const double y = elapsed * std::abs(rate_syn - rate_m);
  const double shape = rate_syn >= rate_m ? psi(y) : chi(y);
  return C_inverse * std::max(r.membrane, r.synapse) * elapsed * elapsed * shape;
}

}  // namespace flurry
