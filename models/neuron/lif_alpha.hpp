// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "core/engine/arrival.hpp"
#include "core/engine/neuron_model.hpp"
#include "core/engine/recordable.hpp"
#include "models/dynamics/current_based.hpp"
#include "models/dynamics/first_crossing.hpp"
#include "models/dynamics/membrane_response.hpp"

namespace flurry {

/// Leaky integrate-and-fire neuron with alpha-shaped synaptic currents.
struct LifAlpha {
  static constexpr std::string_view name = "lif_alpha";
  static constexpr std::string_view summary =
      "leaky integrate-and-fire, alpha-shaped synaptic currents, exact spike times";
  static constexpr std::string_view equations =
      "dV/dt = -(V - E_L)/tau_m + (I_ex + I_in + I_e)/C_m;  d(dI)/dt = -dI/tau_syn, dI_x/dt = dI - "
      "I_x/tau_syn\n"
      "an arrival of weight w: dI += w e/tau_syn, so that I peaks at w a time tau_syn later (sign picks the "
      "receptor)\n"
      "V >= V_th: spike, V = V_reset, held for t_ref. Crossings between arrivals are searched with proof.\n"
      "(Rotter & Diesmann 1999; NEST iaf_psc_alpha, iaf_psc_alpha_ps)";
  static constexpr Dimension weight = Dimension::current;
  static constexpr std::array foreign{ForeignName{"nest", "iaf_psc_alpha"},
                                      ForeignName{"nest", "iaf_psc_alpha_ps"},
                                      ForeignName{"pynn", "IF_curr_alpha"}};

  using Parameters = CurrentBasedParameters;
  static constexpr const auto& parameters = current_based_fields;

  // Potentials are kept relative to the one that rest and drive settle at.
  struct Constants {
    double rate_m = 0.1;  // 1/ms
    double rate_ex = 0.5;
    double rate_in = 0.5;
    double C_inverse = 0.0;  // 1/pF
    double peak_ex = 0.0;    // largest response to 1 pA of I_ex, mV
    double threshold = 15.0;
    double reset = 0.0;
    double t_ref = 2.0;
    double V_inf = -70.0;
  };
  struct State {
    double u = 0.0;      // V - V_inf, mV
    double dI_ex = 0.0;  // pA/ms, >= 0
    double I_ex = 0.0;   // pA, >= 0
    double dI_in = 0.0;  // pA/ms, <= 0
    double I_in = 0.0;   // pA, <= 0
  };
  static constexpr std::array<Recordable<State, Constants>, 6> recordables{
      {{"V_m", Dimension::voltage, "membrane potential",
        [](const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }},
       {"I_syn_ex", Dimension::current, "excitatory synaptic current",
        [](const State& s, const Constants&) noexcept { return s.I_ex; }},
       {"I_syn_in", Dimension::current, "inhibitory synaptic current, <= 0",
        [](const State& s, const Constants&) noexcept { return s.I_in; }},
       {"I_syn", Dimension::current, "sum of the two",
        [](const State& s, const Constants&) noexcept { return s.I_ex + s.I_in; }},
       {"dI_syn_ex", Dimension::current, "what raises I_syn_ex: d/dt I_syn_ex + I_syn_ex / tau_syn_ex",
        [](const State& s, const Constants&) noexcept { return s.dI_ex; }, true},
       {"dI_syn_in", Dimension::current, "what lowers I_syn_in: d/dt I_syn_in + I_syn_in / tau_syn_in",
        [](const State& s, const Constants&) noexcept { return s.dI_in; }, true}}};
  /// membrane; synapse, elapsed * synapse, mV per pA, mV per pA/ms of the excitatory and then of the
  /// inhibitory side
  using Propagator = std::array<double, 9>;

  static std::string check(const Parameters& p) { return check_threshold(p); }
  static Constants constants(const Parameters& p) {
    const double rate_m = 1.0 / p.tau_m.value;
    const double rate_ex = 1.0 / p.tau_syn_ex.value;
    const double rate_in = 1.0 / p.tau_syn_in.value;
    const Voltage drive = drive_of(p);
    return {rate_m,
            rate_ex,
            rate_in,
            1.0 / p.C_m.value,
            peak_per_current(p.tau_m.value, p.tau_syn_ex.value, p.C_m.value),
            (p.V_th - p.E_L - drive).value,
            (p.V_reset - p.E_L - drive).value,
            p.t_ref.value,
            (p.E_L + drive).value};
  }
  // What constants need not hold, so that a neuron takes fewer lines of a cache.
  // 1 / (C_m |rate_syn - rate_m|)
  [[gnu::always_inline]] static double scale(const Constants& c, double rate_syn) noexcept {
    return c.C_inverse / rate_difference(c.rate_m, rate_syn);
  }
  // No smaller than the largest response to 1 pA/ms of dI_ex, mV: of the current s exp(-s/tau) the charge is
  // tau^2, the peak tau/e.
  [[gnu::always_inline]] static double peak_dex(const Constants& c) noexcept {
    return c.C_inverse * (1.0 + 1e-9) / (c.rate_ex * std::max(c.rate_ex, c.rate_m * std::numbers::e));
  }
  static State initial(const Parameters& p, const Constants&) {
    return {(p.V_m - p.E_L - drive_of(p)).value, 0.0, 0.0, 0.0, 0.0};
  }
  static double refractory_time(const Constants& c) noexcept { return c.t_ref; }
  static double potential(const State& s, const Constants& c) noexcept { return c.V_inf + s.u; }

  [[gnu::always_inline]] static Propagator propagator(const Constants& c, double elapsed) noexcept {
    const MembraneResponse ex = membrane_response(c.rate_m, c.rate_ex, scale(c, c.rate_ex), elapsed);
    const MembraneResponse in = membrane_response(ex, c.rate_m, c.rate_in, scale(c, c.rate_in), elapsed);
    const double slope_ex = response_per_slope(ex, c.rate_m, c.rate_ex, c.C_inverse, elapsed);
    const double slope_in = response_per_slope(in, c.rate_m, c.rate_in, c.C_inverse, elapsed);
    return {ex.membrane, ex.synapse,           elapsed * ex.synapse, ex.per_current, slope_ex,
            in.synapse,  elapsed * in.synapse, in.per_current,       slope_in};
  }
  /// Where both synapses forget alike half of it is enough.
  [[gnu::always_inline]] static bool is_quick(const Constants& c) noexcept { return c.rate_ex == c.rate_in; }
  [[gnu::always_inline]] static Propagator quick_propagator(const Constants& c, double elapsed) noexcept {
    const MembraneResponse both = membrane_response(c.rate_m, c.rate_ex, scale(c, c.rate_ex), elapsed);
    const double grown = elapsed * both.synapse;
    const double slope = response_per_slope(both, c.rate_m, c.rate_ex, c.C_inverse, elapsed);
    return {both.membrane, both.synapse,     grown, both.per_current, slope, both.synapse,
            grown,         both.per_current, slope};
  }
  [[gnu::always_inline]] static void advance(State& s, const Constants& c, const Propagator& p) noexcept {
    s.u = p[0] * s.u + ((p[3] * s.I_ex + p[4] * s.dI_ex) + (p[7] * s.I_in + p[8] * s.dI_in));
    rest(s, c, p);
  }
  static void rest(State& s, const Constants&, const Propagator& p) noexcept {
    s.I_ex = p[1] * s.I_ex + p[2] * s.dI_ex;
    s.dI_ex *= p[1];
    s.I_in = p[5] * s.I_in + p[6] * s.dI_in;
    s.dI_in *= p[5];
  }
  [[gnu::always_inline]] static void receive(State& s, const Constants& c, const ArrivalSum& sum) noexcept {
    s.dI_ex += sum.excitatory * (std::numbers::e * c.rate_ex);
    s.dI_in += sum.inhibitory * (std::numbers::e * c.rate_in);
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
    if (std::max(s.u, 0.0) + s.I_ex * c.peak_ex + s.dI_ex * peak_dex(c) < needed) return false;
    // The current t exp(-t/tau) dI stays below t dI and below its peak tau/e dI.
    const double current = s.I_ex + s.dI_ex * std::min(horizon, 1.0 / (std::numbers::e * c.rate_ex));
    const double slope = current * c.C_inverse - s.u * c.rate_m;
    return s.u + (slope > 0.0 ? slope * horizon : 0.0) >= needed;
  }

  // Smallest and largest |current| of one side between a and b, h ms later: an alpha current has at most one
  // hump.
  struct Extremes {
    double low = 0.0;
    double high = 0.0;
  };
  static Extremes extremes(double I_a, double dI_a, double I_b, double h, double rate) noexcept {
    const double a = std::abs(I_a);
    const double b = std::abs(I_b);
    Extremes result{std::min(a, b), std::max(a, b)};
    const double d = std::abs(dI_a);
    const double hump = d > 0.0 ? 1.0 / rate - a / d : -1.0;  // where d/dt (a + t d) exp(-t rate) = 0
    if (hump > 0.0 && hump < h)
      result.high = std::max(result.high, (a + hump * d) * exponential(-hump * rate).exp);
    return result;
  }

  /// The path of the membrane after an event, with what can be proved about it.
  struct Path {
    const Constants& c;
    const State& start;

    [[nodiscard]] State at(double t) const noexcept {
      State s = start;
      advance(s, c, propagator_of<LifAlpha>(c, t));
      return s;
    }
    [[nodiscard]] double height(const State& s) const noexcept { return s.u - c.threshold; }
    [[nodiscard]] double slope(const State& s) const noexcept {
      return (s.I_ex + s.I_in) * c.C_inverse - s.u * c.rate_m;
    }
    [[nodiscard]] double first_step() const noexcept { return 0.5 / std::max(c.rate_m, c.rate_ex); }
    // With threshold at or above where drive settles, only excitation left over can still lift the path.
    [[nodiscard]] bool settled(const State& s) const noexcept {
      return !may_cross(s, c, std::numeric_limits<double>::infinity()) ||
             (c.threshold >= 0.0 && s.u < 0.0 &&
              s.I_ex * c.peak_ex + s.dI_ex * peak_dex(c) <= 1e-14 * (c.threshold - c.reset));
    }
    [[nodiscard]] bool below(const State& a, const State& b, double h) const noexcept {
      const Extremes ex = extremes(a.I_ex, a.dI_ex, b.I_ex, h, c.rate_ex);
      const Extremes in = extremes(a.I_in, a.dI_in, b.I_in, h, c.rate_in);
      const double settle = (ex.high - in.low) * c.C_inverse / c.rate_m;  // response to the largest current
      const double bound = std::max(a.u, settle + (a.u - settle) * exponential(-h * c.rate_m).exp);
      return bound < c.threshold;
    }
    [[nodiscard]] bool rising(const State& a, const State& b, double h) const noexcept {
      const Extremes ex = extremes(a.I_ex, a.dI_ex, b.I_ex, h, c.rate_ex);
      const Extremes in = extremes(a.I_in, a.dI_in, b.I_in, h, c.rate_in);
      return (ex.low - in.high) * c.C_inverse > c.threshold * c.rate_m;
    }
  };
  static double next_crossing(const State& s, const Constants& c) noexcept {
    return first_crossing(Path{c, s});
  }
};

}  // namespace flurry
