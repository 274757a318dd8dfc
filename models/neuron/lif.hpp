// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <tuple>

#include "core/base/exponential.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/field.hpp"
#include "core/engine/recordable.hpp"
#include "models/dynamics/current_based.hpp"

namespace flurry {

/// Leaky integrate-and-fire neuron with delta synapses.
struct Lif {
  static constexpr std::string_view name = "lif";
  static constexpr std::string_view summary = "leaky integrate-and-fire, delta synapses, exact spike times";
  static constexpr std::string_view equations =
      "dV/dt = -(V - E_L)/tau_m + I_e/C_m;  an arrival of weight w: V += w\n"
      "V >= V_th: spike, V = V_reset, held for t_ref; arrivals meanwhile are lost\n"
      "Drive alone crosses at t = tau_m ln((V_inf - V)/(V_inf - V_th)), V_inf = E_L + I_e tau_m/C_m\n"
      "(Diesmann et al. 2001; NEST iaf_psc_delta, iaf_psc_delta_ps)";
  static constexpr Dimension weight = Dimension::voltage;
  static constexpr unsigned channels = 1;  // what arrives is added up whatever its sign
  static constexpr std::array foreign{ForeignName{"nest", "iaf_psc_delta"},
                                      ForeignName{"nest", "iaf_psc_delta_ps"},
                                      ForeignName{"pynn", "IF_curr_delta"}};

  struct Parameters {
    Time tau_m{10.0};
    Capacitance C_m{250.0};
    Voltage E_L{-70.0};
    Voltage V_th{-55.0};
    Voltage V_reset{-70.0};
    Time t_ref{2.0};
    Current I_e{0.0};
    Voltage V_m{-70.0};
  };
  using P = Parameters;
  static constexpr std::tuple parameters{
      Field{"tau_m", &P::tau_m, "membrane time constant", positive},
      Field{"C_m", &P::C_m, "membrane capacitance", positive, "", {ForeignName{"pynn", "cm", 1e3}}},
      Field{"E_L", &P::E_L, "resting potential", any_value, "", {ForeignName{"pynn", "v_rest"}}},
      Field{"V_th", &P::V_th, "spike threshold", any_value, "", {ForeignName{"pynn", "v_thresh"}}},
      Field{
          "V_reset", &P::V_reset, "potential after a spike", any_value, "", {ForeignName{"pynn", "v_reset"}}},
      Field{"t_ref", &P::t_ref, "refractory time", not_negative, "", {ForeignName{"pynn", "tau_refrac"}}},
      Field{"I_e", &P::I_e, "constant drive", any_value, "", {ForeignName{"pynn", "i_offset", 1e3}}},
      Field{"V_m", &P::V_m, "potential at the start", any_value, "E_L"}};

  // Potentials are kept relative to the one that rest and drive settle at.
  struct Constants {
    double rate_m = 0.1;      // 1/ms
    double threshold = 15.0;  // mV
    double reset = 0.0;       // mV
    double t_ref = 2.0;       // ms
    double V_inf = -70.0;     // mV
  };
  struct State {
    double u = 0.0;  // V - V_inf, mV
  };
  using Propagator = std::array<double, 1>;
  static constexpr std::array<Recordable<State, Constants>, 1> recordables{
      {{"V_m", Dimension::voltage, "membrane potential",
        [](const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }}}};

  static std::string check(const Parameters& p) { return check_threshold(p); }
  static Constants constants(const Parameters& p) {
    const Voltage drive = drive_of(p);
    return {1.0 / p.tau_m.value, (p.V_th - p.E_L - drive).value, (p.V_reset - p.E_L - drive).value,
            p.t_ref.value, (p.E_L + drive).value};
  }
  static State initial(const Parameters& p, const Constants&) {
    return {(p.V_m - p.E_L - drive_of(p)).value};
  }
  static double refractory_time(const Constants& c) noexcept { return c.t_ref; }
  static double potential(const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }

  [[gnu::always_inline]] static Propagator propagator(const Constants& c, double elapsed) noexcept {
    return {exponential(-elapsed * c.rate_m).exp};
  }
  [[gnu::always_inline]] static void advance(State& s, const Constants&, const Propagator& p) noexcept {
    s.u *= p[0];
  }
  static void rest(State&, const Constants&, const Propagator&) noexcept {}
  [[gnu::always_inline]] static void receive(State& s, const Constants&, const ArrivalSum& sum) noexcept {
    s.u += sum.excitatory + sum.inhibitory;
  }
  static void receive_refractory(State&, const Constants&, const ArrivalSum&) noexcept {}
  [[gnu::always_inline]] static bool at_threshold(const State& s, const Constants& c) noexcept {
    return s.u >= c.threshold;
  }
  static void reset(State& s, const Constants& c) noexcept { s.u = c.reset; }

  // Only drive crosses between arrivals (threshold < 0). The path is concave: its first slope bounds it.
  [[gnu::always_inline]] static bool may_cross(const State& s, const Constants& c, double horizon) noexcept {
    if (c.threshold >= 0.0) return false;
    const double margin = 1e-9 * (c.threshold - c.reset);
    return s.u - s.u * c.rate_m * horizon >= c.threshold - margin;
  }
  static double next_crossing(const State& s, const Constants& c) noexcept {
    if (s.u >= c.threshold) return 0.0;
    if (c.threshold >= 0.0) return std::numeric_limits<double>::infinity();
    return std::log1p((s.u - c.threshold) / c.threshold) / c.rate_m;
  }
};

}  // namespace flurry
