// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "models/neuron/lif.hpp"
#include "models/neuron/lif_alpha.hpp"
#include "models/neuron/lif_exp.hpp"

namespace flurry::testing {
namespace {

struct Case {
  std::string model;
  std::vector<double> values;  // tau_m, tau_ex, tau_in, C, theta, u, I_ex, dI_ex, I_in, dI_in
  double crossing = 0.0;       // infinity for none
};

std::vector<Case> cases() {
  std::vector<Case> result;
  std::ifstream file(std::string(FLURRY_SOURCE_DIR) + "/tests/reference/crossings.csv");
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    Case c;
    std::string cell;
    std::getline(cells, c.model, ',');
    while (std::getline(cells, cell, ',')) c.values.push_back(cell == "none" ? INFINITY : std::stod(cell));
    c.crossing = c.values.back();
    c.values.pop_back();
    result.push_back(std::move(c));
  }
  return result;
}

// Parameters whose V_inf is 0, so that threshold and u are as listed.
template <class Model>
typename Model::Constants constants_of(const Case& c) {
  typename Model::Parameters p;
  p.tau_m = Time{c.values[0]};
  p.tau_syn_ex = Time{c.values[1]};
  p.tau_syn_in = Time{c.values[2]};
  p.C_m = Capacitance{c.values[3]};
  p.E_L = Voltage{0.0};
  p.V_th = Voltage{c.values[4]};
  p.V_reset = Voltage{c.values[4] - 15.0};
  return Model::constants(p);
}

double crossing_of(const Case& c) {
  const auto& v = c.values;
  if (c.model == "lif_exp") return LifExp::next_crossing({v[5], v[6], v[8]}, constants_of<LifExp>(c));
  return LifAlpha::next_crossing({v[5], v[7], v[6], v[9], v[8]}, constants_of<LifAlpha>(c));
}

// How far the crossing moves when the height at it is off by a few roundings of the terms it is made of.
double tolerance_of(const Case& c) {
  const auto& v = c.values;
  const double largest = std::abs(v[5]) + std::abs(v[4]) + (v[6] - v[8]) * std::min(v[0], v[1]) / v[3] +
                         (v[7] - v[9]) * v[1] * std::min(v[0], v[1]) / v[3];
  double slope = 0.0;
  if (c.model == "lif_exp") {
    const auto k = constants_of<LifExp>(c);
    const LifExp::State start{v[5], v[6], v[8]};
    const LifExp::Path path{k, start};
    slope = path.slope(path.at(c.crossing));
  } else {
    const auto k = constants_of<LifAlpha>(c);
    const LifAlpha::State start{v[5], v[7], v[6], v[9], v[8]};
    const LifAlpha::Path path{k, start};
    slope = path.slope(path.at(c.crossing));
  }
  return 20.0 * 0x1p-53 * largest / slope + 4.0 * 0x1p-53 * c.crossing;
}

}  // namespace

TEST_CASE("first crossings equal the 100-digit reference to rounding") {
  const std::vector<Case> all = cases();
  REQUIRE(all.size() > 300);
  std::size_t crossing = 0;
  double worst = 0.0;
  for (const Case& c : all) {
    CAPTURE(c.model);
    CAPTURE(c.values);
    const double found = crossing_of(c);
    if (std::isinf(c.crossing)) {
      CHECK(std::isinf(found));
      continue;
    }
    ++crossing;
    REQUIRE(std::isfinite(found));
    CHECK(std::abs(found - c.crossing) <= tolerance_of(c));
    worst = std::max(worst, std::abs(found - c.crossing) / c.crossing);
  }
  MESSAGE(crossing << " crossings of " << all.size() << " cases; largest relative difference " << worst);
  CHECK(crossing > 100);
}

TEST_CASE("may_cross never denies a crossing that next_crossing finds within the horizon") {
  RandomSequence random(11, Purpose::test, 1, 0);
  std::size_t denied = 0;
  for (Case c : cases()) {
    const double crossing = crossing_of(c);
    for (int i = 0; i < 40; ++i) {
      const double horizon = std::exp(-10.0 + 20.0 * random.uniform());
      const auto& v = c.values;
      const bool may =
          c.model == "lif_exp"
              ? LifExp::may_cross({v[5], v[6], v[8]}, constants_of<LifExp>(c), horizon)
              : LifAlpha::may_cross({v[5], v[7], v[6], v[9], v[8]}, constants_of<LifAlpha>(c), horizon);
      if (!may) CHECK(crossing > horizon);
      denied += may ? 0U : 1U;
    }
  }
  CHECK(denied > 100);  // else the quick test is no test
}

TEST_CASE("a path that touches threshold from below is found within rounding, one that stays below is not") {
  // alpha = 0 drive, one excitatory current: V peaks at a known height; put threshold a little under and over
  // it.
  LifExp::Parameters p;
  p.E_L = Voltage{0.0};
  p.V_reset = Voltage{-10.0};
  p.V_m = Voltage{-10.0};
  p.tau_m = Time{20.0};
  p.tau_syn_ex = Time{5.0};
  const double peak_time = std::log(4.0) / (1.0 / 5.0 - 1.0 / 20.0);
  p.V_th = Voltage{1.0};
  const auto k = LifExp::constants(p);
  const double peak = LifExp::Path{k, {0.0, 100.0, 0.0}}.at(peak_time).u;
  for (const double gap : {1e-3, 1e-6, 1e-9, 1e-11}) {
    CAPTURE(gap);
    p.V_th = Voltage{peak - gap};
    const double found = LifExp::next_crossing({0.0, 100.0, 0.0}, LifExp::constants(p));
    CHECK(std::isfinite(found));
    CHECK(found < peak_time);
    CHECK(found > peak_time - 200.0 * std::sqrt(gap));
    p.V_th = Voltage{peak + gap};
    CHECK(std::isinf(LifExp::next_crossing({0.0, 100.0, 0.0}, LifExp::constants(p))));
  }
}

TEST_CASE("a neuron driven exactly to threshold never fires") {
  LifExp::Parameters p;
  p.E_L = Voltage{-70.0};
  p.V_th = Voltage{-60.0};
  p.C_m = Capacitance{200.0};
  p.tau_m = Time{20.0};
  p.I_e = Current{100.0};  // V_inf = -70 + 100 * 20 / 200 = -60
  const auto k = LifExp::constants(p);
  REQUIRE(k.threshold == 0.0);
  CHECK(std::isinf(LifExp::next_crossing(LifExp::initial(p, k), k)));
  CHECK(std::isinf(LifExp::next_crossing({-10.0, 0.0, -50.0}, k)));
  LifAlpha::Parameters a;
  a.V_th = Voltage{-60.0};
  a.C_m = Capacitance{200.0};
  a.tau_m = Time{20.0};
  a.I_e = Current{100.0};
  const auto ka = LifAlpha::constants(a);
  CHECK(std::isinf(LifAlpha::next_crossing({-10.0, 0.0, 0.0, -3.0, -50.0}, ka)));
  // With delta synapses too, and just above threshold it does fire.
  Lif::Parameters d;
  d.V_th = Voltage{-60.0};
  d.C_m = Capacitance{200.0};
  d.tau_m = Time{20.0};
  d.I_e = Current{100.0};
  CHECK(std::isinf(Lif::next_crossing({-10.0}, Lif::constants(d))));
  d.I_e = Current{100.001};
  CHECK(std::isfinite(Lif::next_crossing(Lif::initial(d, Lif::constants(d)), Lif::constants(d))));
}

}  // namespace flurry::testing
