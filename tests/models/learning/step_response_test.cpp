// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/step_response.hpp"

#include <doctest/doctest.h>

namespace flurry {

TEST_CASE("the response to a current is that of the differential equations, for any two time constants") {
  for (const double tau_m : {2.0, 10.0, 20.0, 20.0000001, 20.001, 150.0})
    for (const double tau_syn : {1.0, 5.0, 20.0, 20.0001, 80.0})
      for (const double dt : {0.1, 1.0, 30.0}) {
        CAPTURE(tau_m);
        CAPTURE(tau_syn);
        CAPTURE(dt);
        const StepResponse r = StepResponse::of(tau_m, tau_syn, dt);
        CHECK(r.alpha == doctest::Approx(std::exp(-dt / tau_syn)).epsilon(1e-14));
        // Runge and Kutta's fourth order from V = 0, I = 1.
        double V = 0.0;
        double I = 1.0;
        const int steps = 2000;
        const double h = dt / steps;
        for (int i = 0; i < steps; ++i) {
          const double half = I * std::exp(-0.5 * h / tau_syn);
          const double whole = I * std::exp(-h / tau_syn);
          const double k1 = (I - V) / tau_m;
          const double k2 = (half - V - 0.5 * h * k1) / tau_m;
          const double k3 = (half - V - 0.5 * h * k2) / tau_m;
          const double k4 = (whole - V - h * k3) / tau_m;
          V += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
          I = whole;
        }
        CHECK(r.gain == doctest::Approx(V).epsilon(1e-10));
        const double e = 1e-5;
        const auto gain = [&](double m, double s) { return StepResponse::of(m, s, dt).gain; };
        const double by_m = (gain(tau_m + e, tau_syn) - gain(tau_m - e, tau_syn)) / (2.0 * e);
        const double by_s = (gain(tau_m, tau_syn + e) - gain(tau_m, tau_syn - e)) / (2.0 * e);
        CHECK(r.gain_by_tau_m == doctest::Approx(by_m).epsilon(2e-5).scale(1e-4));
        CHECK(r.gain_by_tau_syn == doctest::Approx(by_s).epsilon(2e-5).scale(1e-4));
      }
}

}  // namespace flurry
