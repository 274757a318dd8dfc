// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace flurry {

/// How a neuron of tau_m dV/dt = -V + I, tau_syn dI/dt = -I moves in one step, and how that depends on its
/// time constants (Rotter & Diesmann 1999).
struct StepResponse {
  double alpha = 0.0;  // exp(-dt / tau_syn)
  double beta = 0.0;   // exp(-dt / tau_m)
  double gain = 0.0;   // V after a step by I before it
  double gain_by_tau_m = 0.0;
  double gain_by_tau_syn = 0.0;

  /// With m = 1/tau_m, s = 1/tau_syn, x = (s - m) dt and phi(x) = (1 - exp(-x)) / x:
  ///   gain = m dt beta phi(x), also where the time constants are equal.
  static StepResponse of(double tau_m, double tau_syn, double dt) {
    const double m = 1.0 / tau_m;
    const double s = 1.0 / tau_syn;
    const double x = (s - m) * dt;
    const bool small = std::abs(x) < 1e-2;
    const double phi =
        small ? 1.0 + x * (-1.0 / 2 + x * (1.0 / 6 + x * (-1.0 / 24 + x * (1.0 / 120 - x / 720))))
              : -std::expm1(-x) / x;
    const double slope =
        small ? -1.0 / 2 + x * (1.0 / 3 + x * (-1.0 / 8 + x * (1.0 / 30 + x * (-1.0 / 144 + x / 840))))
              : (std::exp(-x) - phi) / x;
    StepResponse r;
    r.alpha = std::exp(-dt * s);
    r.beta = std::exp(-dt * m);
    r.gain = m * dt * r.beta * phi;
    const double by_m = dt * r.beta * (phi - m * dt * phi - m * dt * slope);
    const double by_s = m * dt * dt * r.beta * slope;
    r.gain_by_tau_m = -by_m * m * m;
    r.gain_by_tau_syn = -by_s * s * s;
    return r;
  }
};

}  // namespace flurry
