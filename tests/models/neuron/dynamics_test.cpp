// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "core/engine/neuron.hpp"
#include "models/neuron/int_fire1.hpp"
#include "models/neuron/lif.hpp"
#include "models/neuron/lif_alpha.hpp"
#include "models/neuron/lif_exp.hpp"

namespace flurry::testing {
namespace {

double log_uniform(RandomSequence& random, double low, double high) {
  return low * std::pow(high / low, random.uniform());
}

// Fourth-order Runge-Kutta on the equations themselves, in long double: nothing in common with the
// propagators.
struct Direct {
  long double u = 0, I_ex = 0, dI_ex = 0, I_in = 0, dI_in = 0;
};
template <class P>
Direct derivative(const Direct& s, const P& p) {
  return {-s.u / p.tau_m.value + (s.I_ex + s.I_in) / p.C_m.value, s.dI_ex - s.I_ex / p.tau_syn_ex.value,
          -s.dI_ex / p.tau_syn_ex.value, s.dI_in - s.I_in / p.tau_syn_in.value,
          -s.dI_in / p.tau_syn_in.value};
}
Direct plus(const Direct& a, const Direct& d, long double h) {
  return {a.u + h * d.u, a.I_ex + h * d.I_ex, a.dI_ex + h * d.dI_ex, a.I_in + h * d.I_in,
          a.dI_in + h * d.dI_in};
}
template <class P>
Direct integrate(Direct s, const P& p, double elapsed) {
  constexpr int steps = 4000;
  const long double h = static_cast<long double>(elapsed) / steps;
  for (int i = 0; i < steps; ++i) {
    const Direct k1 = derivative(s, p);
    const Direct k2 = derivative(plus(s, k1, h / 2), p);
    const Direct k3 = derivative(plus(s, k2, h / 2), p);
    const Direct k4 = derivative(plus(s, k3, h), p);
    s = plus(plus(plus(plus(s, k1, h / 6), k2, h / 3), k3, h / 3), k4, h / 6);
  }
  return s;
}

template <class P>
P random_parameters(RandomSequence& random, int kind) {
  P p;
  p.tau_m = Time{log_uniform(random, 1.0, 100.0)};
  p.tau_syn_ex = Time{log_uniform(random, 0.5, 100.0)};
  p.tau_syn_in = Time{log_uniform(random, 0.5, 100.0)};
  if (kind == 1) p.tau_syn_ex = p.tau_m;
  if (kind == 2) p.tau_syn_ex = p.tau_m * (1.0 + 1e-9 * random.uniform());
  if (kind == 3) p.tau_syn_in = p.tau_m * (1.0 - 1e-14);
  p.E_L = Voltage{0.0};
  return p;
}

}  // namespace

TEST_CASE("advance equals direct integration of the equations, equal time constants included") {
  RandomSequence random(3, Purpose::test, 2, 0);
  for (int i = 0; i < 40; ++i) {
    CAPTURE(i);
    const auto p = random_parameters<LifAlpha::Parameters>(random, i % 4);
    const auto k = LifAlpha::constants(p);
    const double elapsed = log_uniform(random, 0.01, 30.0);
    LifAlpha::State s{-5.0, 40.0, 300.0, -25.0, -200.0};
    const Direct expected = integrate({s.u, s.I_ex, s.dI_ex, s.I_in, s.dI_in}, p, elapsed);
    LifAlpha::advance(s, k, LifAlpha::propagator(k, elapsed));
    CHECK(s.u == doctest::Approx(static_cast<double>(expected.u)).epsilon(1e-11).scale(10.0));
    CHECK(s.I_ex == doctest::Approx(static_cast<double>(expected.I_ex)).epsilon(1e-11).scale(100.0));
    CHECK(s.dI_in == doctest::Approx(static_cast<double>(expected.dI_in)).epsilon(1e-11).scale(100.0));

    LifExp::Parameters e;
    e.tau_m = p.tau_m;
    e.tau_syn_ex = p.tau_syn_ex;
    e.tau_syn_in = p.tau_syn_in;
    e.E_L = p.E_L;
    const auto ke = LifExp::constants(e);
    LifExp::State x{-5.0, 300.0, -200.0};
    const Direct expected_exp = integrate({x.u, x.I_ex, 0, x.I_in, 0}, e, elapsed);
    LifExp::advance(x, ke, LifExp::propagator(ke, elapsed));
    CHECK(x.u == doctest::Approx(static_cast<double>(expected_exp.u)).epsilon(1e-11).scale(10.0));
    CHECK(x.I_ex == doctest::Approx(static_cast<double>(expected_exp.I_ex)).epsilon(1e-11).scale(100.0));
  }
}

TEST_CASE("advancing by a then b equals advancing by a + b, from 0.01 ms to 10,000 ms") {
  RandomSequence random(4, Purpose::test, 3, 0);
  for (int i = 0; i < 2000; ++i) {
    LifAlpha::Parameters p;
    p.tau_m = Time{log_uniform(random, 0.01, 10'000.0)};
    p.tau_syn_ex = Time{log_uniform(random, 0.01, 10'000.0)};
    p.tau_syn_in = i % 3 == 0 ? p.tau_m : Time{log_uniform(random, 0.01, 10'000.0)};
    const auto k = LifAlpha::constants(p);
    const double a = log_uniform(random, 1e-4, 1e4);
    const double b = log_uniform(random, 1e-4, 1e4);
    LifAlpha::State once{-3.0, 50.0, 30.0, -40.0, -20.0};
    LifAlpha::State twice = once;
    LifAlpha::advance(once, k, LifAlpha::propagator(k, a + b));
    LifAlpha::advance(twice, k, LifAlpha::propagator(k, a));
    LifAlpha::advance(twice, k, LifAlpha::propagator(k, b));
    // Scale: what the currents could have moved the membrane.
    const double scale = 3.0 + (50.0 * p.tau_syn_ex.value + 30.0 * std::pow(p.tau_syn_ex.value, 2) +
                                40.0 * p.tau_syn_in.value + 20.0 * std::pow(p.tau_syn_in.value, 2)) /
                                   p.C_m.value;
    CHECK(std::abs(once.u - twice.u) <= 1e-13 * scale);
    REQUIRE(std::isfinite(once.u));
  }
}

TEST_CASE("no combination of time constants from 0.01 ms to 10,000 ms gives anything but finite numbers") {
  for (const double tau_m : {0.01, 0.02, 1.0, 20.0, 9'999.0, 10'000.0})
    for (const double tau_syn : {0.01, 0.02, 1.0, 20.0, 9'999.0, 10'000.0})
      for (const double elapsed : {0.0, 1e-9, 0.01, 1.0, 100.0, 1e5, 1e9}) {
        LifAlpha::Parameters p;
        p.tau_m = Time{tau_m};
        p.tau_syn_ex = Time{tau_syn};
        p.tau_syn_in = Time{tau_syn};
        for (const double value : LifAlpha::propagator(LifAlpha::constants(p), elapsed)) {
          CHECK(std::isfinite(value));
          CHECK(value >= 0.0);
        }
      }
}

TEST_CASE_TEMPLATE("a quick propagator has the bits of the other one", Model, LifExp, LifAlpha) {
  RandomSequence random(5, Purpose::test, 4, 0);
  typename Model::Parameters p;
  CHECK(Model::is_quick(Model::constants(p)));
  for (int i = 0; i < 3000; ++i) {
    p.tau_m = Time{log_uniform(random, 0.01, 10'000.0)};
    p.tau_syn_ex = p.tau_syn_in = i % 5 == 0 ? p.tau_m : Time{log_uniform(random, 0.01, 10'000.0)};
    const auto k = Model::constants(p);
    REQUIRE(Model::is_quick(k));
    for (const double elapsed :
         {0.0, 1e-300, log_uniform(random, 1e-12, 1e-3), log_uniform(random, 1e-3, 1e5), 1e9}) {
      const auto all = Model::propagator(k, elapsed);
      const auto quick = Model::quick_propagator(k, elapsed);
      for (std::size_t j = 0; j < all.size(); ++j) {
        CAPTURE(j);
        REQUIRE(std::bit_cast<std::uint64_t>(all[j]) == std::bit_cast<std::uint64_t>(quick[j]));
      }
    }
    p.tau_syn_in = p.tau_syn_ex * (1.0 + 1e-12);
    CHECK_FALSE(Model::is_quick(Model::constants(p)));
  }
}

TEST_CASE_TEMPLATE("a neuron takes less than 150 bytes", Model, Lif, LifExp, LifAlpha, IntFire1) {
  CHECK(sizeof(Neuron<Model>) < 150);
  CHECK(sizeof(Neuron<Model, true>) < 150);
}

TEST_CASE("an alpha current peaks at its weight one time constant after the arrival") {
  LifAlpha::Parameters p;
  p.tau_syn_ex = Time{3.0};
  const auto k = LifAlpha::constants(p);
  LifAlpha::State s;
  ArrivalSum sum;
  sum.add(120.0);
  LifAlpha::receive(s, k, sum);
  LifAlpha::advance(s, k, LifAlpha::propagator(k, 3.0));
  CHECK(s.I_ex == doctest::Approx(120.0).epsilon(1e-14));
}

TEST_CASE("while refractory the potential rests, currents go on, and delta input is lost") {
  LifExp::Parameters p;
  const auto k = LifExp::constants(p);
  LifExp::State s{k.reset, 100.0, -50.0};
  LifExp::rest(s, k, LifExp::propagator(k, 2.0));
  CHECK(s.u == k.reset);
  CHECK(s.I_ex == doctest::Approx(100.0 * std::exp(-1.0)).epsilon(1e-15));
  ArrivalSum sum;
  sum.add(-3.0);
  sum.add(7.0);
  LifExp::receive_refractory(s, k, sum);
  CHECK(s.I_in == doctest::Approx(-50.0 * std::exp(-1.0) - 3.0).epsilon(1e-15));
  Lif::State d{-4.0};
  Lif::receive_refractory(d, Lif::constants({}), sum);
  CHECK(d.u == -4.0);
  Lif::receive(d, Lif::constants({}), sum);
  CHECK(d.u == 0.0);
  IntFire1::State m{0.25};
  IntFire1::receive_refractory(m, IntFire1::constants({}), sum);
  CHECK(m.m == 0.25);
}

TEST_CASE("models refuse a threshold at or below reset or the initial potential") {
  Lif::Parameters p;
  CHECK(Lif::check(p).empty());
  p.V_th = p.V_reset;
  CHECK(Lif::check(p).find("V_reset") != std::string::npos);
  LifExp::Parameters e;
  e.V_m = Voltage{-55.0};
  CHECK(LifExp::check(e).find("V_m") != std::string::npos);
  LifAlpha::Parameters a;
  a.V_th = Voltage{-80.0};
  CHECK(LifAlpha::check(a).find("-80") != std::string::npos);
  CHECK(IntFire1::check({}).empty());
}

}  // namespace flurry::testing
