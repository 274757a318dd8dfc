// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <memory>
#include <numbers>
#include <string>

#include <doctest/doctest.h>

#include "core/engine/neurons.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {
namespace {

constexpr double tau_m = 20.0;
constexpr double tau_syn = 5.0;
constexpr double C_m = 250.0;

std::unique_ptr<Neurons> one(const std::string& model, double drive) {
  PopulationDescription p;
  p.name = "n";
  p.model = model;
  p.size = 1;
  for (const auto& [name, value] : {std::pair{"tau_m", tau_m}, {"C_m", C_m}, {"E_L", -65.0}, {"I_e", drive}})
    p.parameters.emplace(name, Distribution::constant(value));
  if (model != "lif")
    for (const char* name : {"tau_syn_ex", "tau_syn_in"})
      p.parameters.emplace(name, Distribution::constant(tau_syn));
  p.parameters.emplace("V_m", Distribution::constant(-68.0));
  return catalogue().find_neurons(model)->make({p}, 1);
}

// What an arrival of weight 1 lifts the membrane by, a time t later: the textbook convolutions.
double response(const std::string& model, double t) {
  const double rate = 1.0 / tau_syn - 1.0 / tau_m;
  if (model == "lif") return std::exp(-t / tau_m);
  if (model == "lif_exp") return (std::exp(-t / tau_m) - std::exp(-t / tau_syn)) / (C_m * rate);
  return std::numbers::e / (tau_syn * C_m) *
         (std::exp(-t / tau_m) - std::exp(-t / tau_syn) * (1.0 + rate * t)) / (rate * rate);
}

}  // namespace

TEST_CASE(
    "potentials are told in mV: from V_m to where rest and drive settle, and the response to arrivals") {
  for (const std::string model : {"lif", "lif_exp", "lif_alpha"}) {
    CAPTURE(model);
    const auto neurons = one(model, 50.0);
    const double settled = -65.0 + 50.0 * tau_m / C_m;
    const auto passive = [&](double t) { return settled + (-68.0 - settled) * std::exp(-t / tau_m); };
    CHECK(neurons->potential(0, 0.0) == doctest::Approx(-68.0).epsilon(1e-15));
    CHECK(neurons->potential(0, 13.0) == doctest::Approx(passive(13.0)).epsilon(1e-14));
    CHECK(neurons->potential(0, 1e6) == doctest::Approx(settled).epsilon(1e-15));
    const double weights[] = {model == "lif" ? 2.0 : 60.0, model == "lif" ? -3.0 : -90.0};
    Tally tally;
    for (int i = 0; i < 2; ++i) {
      ArrivalSum sum;
      sum.add(weights[i]);
      CHECK_FALSE(neurons->receive(0, 10.0 * (i + 1), sum, tally).spiked);
    }
    for (const double t : {20.0, 21.5, 30.0, 100.0}) {
      CAPTURE(t);
      const double expected =
          passive(t) + weights[0] * response(model, t - 10.0) + weights[1] * response(model, t - 20.0);
      CHECK(neurons->potential(0, t) == doctest::Approx(expected).epsilon(1e-13));
    }
  }
}

TEST_CASE("IntFire1 has no unit: m starts at 0, takes weights as they are and decays") {
  PopulationDescription p;
  p.name = "n";
  p.model = "int_fire1";
  p.size = 2;
  p.parameters.emplace("tau", Distribution::constant(8.0));
  const auto neurons = catalogue().find_neurons("int_fire1")->make({p}, 1);
  CHECK(neurons->potential(1, 100.0) == 0.0);
  ArrivalSum sum;
  sum.add(0.75);
  sum.add(-0.25);
  Tally tally;
  (void)neurons->receive(1, 4.0, sum, tally);
  CHECK(neurons->potential(1, 4.0) == 0.5);
  CHECK(neurons->potential(1, 12.0) == doctest::Approx(0.5 / std::numbers::e).epsilon(1e-15));
  CHECK(neurons->potential(0, 12.0) == 0.0);
}

TEST_CASE("after a spike the potential is held at reset for t_ref, and a look changes nothing") {
  const auto looked_at = one("lif_exp", 0.0);
  const auto left_alone = one("lif_exp", 0.0);
  Tally tally;
  ArrivalSum sum;
  sum.add(2000.0);
  const double crossing = looked_at->receive(0, 1.0, sum, tally).next_crossing;
  REQUIRE(crossing > 1.0);
  REQUIRE(crossing < 20.0);
  CHECK(left_alone->receive(0, 1.0, sum, tally).next_crossing == crossing);
  for (int i = 0; i < 10; ++i) (void)looked_at->potential(0, 1.0 + i * (crossing - 1.0) / 10.0);
  CHECK(looked_at->potential(0, crossing) == doctest::Approx(-55.0).epsilon(1e-12));
  const double next = looked_at->cross(0, crossing, tally);
  CHECK(left_alone->cross(0, crossing, tally) == next);
  for (const double held : {0.0, 0.5, 2.0}) CHECK(looked_at->potential(0, crossing + held) == -70.0);
  CHECK(looked_at->potential(0, crossing + 2.1) > -70.0);  // the current goes on
}

}  // namespace flurry::testing
