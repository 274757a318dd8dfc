// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "core/engine/arrival.hpp"
#include "core/engine/neuron_model.hpp"
#include "core/engine/recordable.hpp"
#include "models/dynamics/current_based.hpp"
#include "models/dynamics/first_crossing.hpp"
#include "models/dynamics/membrane_response.hpp"

namespace flurry {

/// Leaky integrate-and-fire neuron with exponentially decaying synaptic currents.
struct LifExp {
  static constexpr std::string_view name = "lif_exp";
  static constexpr std::string_view summary =
      "leaky integrate-and-fire, exponential synaptic currents, exact spike times";
  static constexpr std::string_view equations =
      "dV/dt = -(V - E_L)/tau_m + (I_ex + I_in + I_e)/C_m;  dI_x/dt = -I_x/tau_syn_x\n"
      "an arrival of weight w >= 0: I_ex += w;  w < 0: I_in += w (also while refractory)\n"
      "V >= V_th: spike, V = V_reset, held for t_ref. Crossings between arrivals are searched with proof.\n"
      "(Rotter & Diesmann 1999; NEST iaf_psc_exp, iaf_psc_exp_ps)";
  static constexpr Dimension weight = Dimension::current;
  static constexpr std::array foreign{
      ForeignName{"nest", "iaf_psc_exp"}, ForeignName{"nest", "iaf_psc_exp_ps"},
      ForeignName{"nest", "iaf_psc_exp_ps_lossless"}, ForeignName{"pynn", "IF_curr_exp"}};

  using Parameters = CurrentBasedParameters;
  static constexpr const auto& parameters = current_based_fields;

  // Potentials are kept relative to the one that rest and drive settle at.
  struct Constants {
    double rate_m = 0.1;  // 1/ms
    double rate_ex = 0.5;
    double rate_in = 0.5;
    double scale_ex = 0.0;  // 1 / (C_m |rate_ex - rate_m|)
    double scale_in = 0.0;
    double peak_ex = 0.0;  // largest response to 1 pA of excitatory current, mV
    double threshold = 15.0;
    double reset = 0.0;
    double t_ref = 2.0;
    double V_inf = -70.0;
  };
  struct State {
    double u = 0.0;     // V - V_inf, mV
    double I_ex = 0.0;  // pA, >= 0
    double I_in = 0.0;  // pA, <= 0
  };
  static constexpr std::array<Recordable<State, Constants>, 4> recordables{
      {{"V_m", Dimension::voltage, "membrane potential",
        [](const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }},
       {"I_syn_ex", Dimension::current, "excitatory synaptic current",
        [](const State& s, const Constants&) noexcept { return s.I_ex; }},
       {"I_syn_in", Dimension::current, "inhibitory synaptic current, <= 0",
        [](const State& s, const Constants&) noexcept { return s.I_in; }},
       {"I_syn", Dimension::current, "sum of the two",
        [](const State& s, const Constants&) noexcept { return s.I_ex + s.I_in; }}}};
  /// membrane, synapse_ex, synapse_in, mV per pA of I_ex, mV per pA of I_in
  using Propagator = std::array<double, 5>;

  static std::string check(const Parameters& p) { return check_threshold(p); }
  static Constants constants(const Parameters& p) {
    const double rate_m = 1.0 / p.tau_m.value;
    const double rate_ex = 1.0 / p.tau_syn_ex.value;
    const double rate_in = 1.0 / p.tau_syn_in.value;
    const Voltage drive = drive_of(p);
    return {rate_m,
            rate_ex,
            rate_in,
            1.0 / (p.C_m.value * rate_difference(rate_m, rate_ex)),
            1.0 / (p.C_m.value * rate_difference(rate_m, rate_in)),
            peak_per_current(p.tau_m.value, p.tau_syn_ex.value, p.C_m.value),
            (p.V_th - p.E_L - drive).value,
            (p.V_reset - p.E_L - drive).value,
            p.t_ref.value,
            (p.E_L + drive).value};
  }
  // 1/C_m, 1/pF. Not a constant of its own: so a neuron takes two lines of a cache.
  [[gnu::always_inline]] static double C_inverse(const Constants& c) noexcept {
    return c.scale_ex * rate_difference(c.rate_m, c.rate_ex);
  }
  static State initial(const Parameters& p, const Constants&) {
    return {(p.V_m - p.E_L - drive_of(p)).value, 0.0, 0.0};
  }
  static double refractory_time(const Constants& c) noexcept { return c.t_ref; }
  static double potential(const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }

  [[gnu::always_inline]] static Propagator propagator(const Constants& c, double elapsed) noexcept {
    const MembraneResponse ex = membrane_response(c.rate_m, c.rate_ex, c.scale_ex, elapsed);
    const MembraneResponse in = membrane_response(ex, c.rate_m, c.rate_in, c.scale_in, elapsed);
    return {ex.membrane, ex.synapse, in.synapse, ex.per_current, in.per_current};
  }
  /// Where both synapses forget alike half of it is enough.
  [[gnu::always_inline]] static bool is_quick(const Constants& c) noexcept { return c.rate_ex == c.rate_in; }
  [[gnu::always_inline]] static Propagator quick_propagator(const Constants& c, double elapsed) noexcept {
    const MembraneResponse both = membrane_response(c.rate_m, c.rate_ex, c.scale_ex, elapsed);
    return {both.membrane, both.synapse, both.synapse, both.per_current, both.per_current};
  }
  [[gnu::always_inline]] static void advance(State& s, const Constants&, const Propagator& p) noexcept {
    s.u = p[0] * s.u + (p[3] * s.I_ex + p[4] * s.I_in);
    s.I_ex *= p[1];
    s.I_in *= p[2];
  }
  static void rest(State& s, const Constants&, const Propagator& p) noexcept {
    s.I_ex *= p[1];
    s.I_in *= p[2];
  }
  [[gnu::always_inline]] static void receive(State& s, const Constants&, const ArrivalSum& sum) noexcept {
    s.I_ex += sum.excitatory;
    s.I_in += sum.inhibitory;
  }
  static void receive_refractory(State& s, const Constants& c, const ArrivalSum& sum) noexcept {
    receive(s, c, sum);
  }
  [[gnu::always_inline]] static bool at_threshold(const State& s, const Constants& c) noexcept {
    return s.u >= c.threshold;
  }
  static void reset(State& s, const Constants& c) noexcept { s.u = c.reset; }

  [[gnu::always_inline]] static bool may_cross(const State& s, const Constants& c, double horizon) noexcept {
    const double needed = c.threshold - 1e-9 * (c.threshold - c.reset);
    if (std::max(s.u, 0.0) + s.I_ex * c.peak_ex < needed) return false;
    // exp(-x) >= 1 - x: how much inhibition is left at least.
    const double current = s.I_ex + s.I_in * std::max(0.0, 1.0 - horizon * c.rate_in);
    const double slope = current * C_inverse(c) - s.u * c.rate_m;
    return s.u + (slope > 0.0 ? slope * horizon : 0.0) >= needed;
  }

  /// The path of the membrane after an event, with what can be proved about it.
  struct Path {
    const Constants& c;
    const State& start;

    [[nodiscard]] State at(double t) const noexcept {
      State s = start;
      advance(s, c, propagator_of<LifExp>(c, t));
      return s;
    }
    [[nodiscard]] double height(const State& s) const noexcept { return s.u - c.threshold; }
    [[nodiscard]] double slope(const State& s) const noexcept {
      return (s.I_ex + s.I_in) * C_inverse(c) - s.u * c.rate_m;
    }
    [[nodiscard]] double first_step() const noexcept { return 0.5 / std::max(c.rate_m, c.rate_ex); }
    // With threshold at or above where drive settles, only excitation left over can still lift the path.
    [[nodiscard]] bool settled(const State& s) const noexcept {
      return !may_cross(s, c, std::numeric_limits<double>::infinity()) ||
             (c.threshold >= 0.0 && s.I_ex * c.peak_ex <= 1e-14 * (c.threshold - c.reset) && s.u < 0.0);
    }
    [[nodiscard]] bool below(const State& a, const State& b, double h) const noexcept {
      const double settle = (a.I_ex + b.I_in) * C_inverse(c) / c.rate_m;  // response to the largest current
      const double bound = std::max(a.u, settle + (a.u - settle) * exponential(-h * c.rate_m).exp);
      return bound < c.threshold;
    }
    [[nodiscard]] bool rising(const State& a, const State& b, double) const noexcept {
      return (b.I_ex + a.I_in) * C_inverse(c) > c.threshold * c.rate_m;
    }
  };
  static double next_crossing(const State& s, const Constants& c) noexcept {
    return first_crossing(Path{c, s});
  }
};

}  // namespace flurry
