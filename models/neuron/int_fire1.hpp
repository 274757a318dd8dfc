// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <limits>
#include <string>
#include <tuple>

#include "core/base/exponential.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/field.hpp"
#include "core/engine/recordable.hpp"

namespace flurry {

/// NEURON's artificial cell IntFire1: a leaky sum of weights with threshold 1.
struct IntFire1 {
  static constexpr std::string_view name = "int_fire1";
  static constexpr std::string_view summary =
      "NEURON's IntFire1: dimensionless leaky integrator with threshold 1";
  static constexpr std::string_view equations =
      "dm/dt = -m/tau;  an arrival of weight w: m += w\n"
      "m > 1: spike, then arrivals are ignored for refrac, after which m = 0\n"
      "(Hines & Carnevale, NEURON intfire1.mod)";
  static constexpr Dimension weight = Dimension::number;
  static constexpr unsigned channels = 1;  // what arrives is added up whatever its sign
  static constexpr std::array foreign{ForeignName{"nrn", "IntFire1"}};

  struct Parameters {
    Time tau{10.0};
    Time refrac{5.0};
  };
  using P = Parameters;
  // SONATA's IntFire1 components give seconds.
  static constexpr std::tuple parameters{
      Field{"tau", &P::tau, "time constant of m", positive, "", {ForeignName{"nrn", "tau", 1e3}}},
      Field{"refrac", &P::refrac, "refractory time", not_negative, "", {ForeignName{"nrn", "refrac", 1e3}}}};

  struct Constants {
    double rate = 0.1;    // 1/ms
    double refrac = 5.0;  // ms
  };
  struct State {
    double m = 0.0;
  };
  using Propagator = std::array<double, 1>;
  static constexpr std::array<Recordable<State, Constants>, 1> recordables{
      {{"m", Dimension::number, "leaky sum of weights",
        [](const State& s, const Constants&) noexcept { return s.m; }}}};

  static std::string check(const Parameters&) { return ""; }
  static Constants constants(const Parameters& p) { return {1.0 / p.tau.value, p.refrac.value}; }
  static State initial(const Parameters&, const Constants&) { return {}; }
  static double refractory_time(const Constants& c) noexcept { return c.refrac; }
  static double potential(const State& s, const Constants&) noexcept { return s.m; }

  [[gnu::always_inline]] static Propagator propagator(const Constants& c, double elapsed) noexcept {
    return {exponential(-elapsed * c.rate).exp};
  }
  [[gnu::always_inline]] static void advance(State& s, const Constants&, const Propagator& p) noexcept {
    s.m *= p[0];
  }
  static void rest(State&, const Constants&, const Propagator&) noexcept {}
  [[gnu::always_inline]] static void receive(State& s, const Constants&, const ArrivalSum& sum) noexcept {
    s.m += sum.excitatory + sum.inhibitory;
  }
  static void receive_refractory(State&, const Constants&, const ArrivalSum&) noexcept {}
  [[gnu::always_inline]] static bool at_threshold(const State& s, const Constants&) noexcept {
    return s.m > 1.0;
  }
  static void reset(State& s, const Constants&) noexcept { s.m = 0.0; }
  [[gnu::always_inline]] static bool may_cross(const State&, const Constants&, double) noexcept {
    return false;
  }
  static double next_crossing(const State&, const Constants&) noexcept {
    return std::numeric_limits<double>::infinity();
  }
};

}  // namespace flurry
