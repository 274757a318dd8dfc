// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Refractory times by hand, and time constants by the form with three accumulators.
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "tests/models/learning/event_prop_run.hpp"

namespace flurry {
namespace {

using testing::one_neuron;
using Run = testing::EventPropRun;

TEST_CASE("EventProp: V is held for t_ref, the current is not") {
  EventPropNetwork network = one_neuron(20.0, 5.0, 1.0, {40.0});
  const std::vector<Spike> input{{1.0, 0}};
  Run free(network, input, {.duration = 60.0});
  REQUIRE(free.tape().spikes >= 3);
  network.t_ref = {2.5};
  Run held(network, input, {.duration = 60.0});
  REQUIRE(held.tape().spikes >= 2);
  CHECK(held.tape().spikes < free.tape().spikes);
  const auto& first = held.tape().records[0];
  const auto& second = held.tape().records[1];
  CHECK(first.time == free.tape().records[0].time);
  // From rest at the release, with what is then left of the current.
  const double left = first.current * std::exp(-2.5 / 5.0);
  CHECK(first.restart == doctest::Approx(left).epsilon(1e-14));
  const double s = second.time - first.time - 2.5;
  CHECK(s > 0.0);
  CHECK(left / 3.0 * (std::exp(-s / 20.0) - std::exp(-s / 5.0)) == doctest::Approx(1.0).epsilon(1e-12));
  network.t_ref = {1e9};
  CHECK(Run(network, input, {.duration = 60.0}).tape().spikes == 1);
}

TEST_CASE("EventProp: a cycle shorter than the refractory time wakes the neuron when it is let go") {
  // The delay of a self-connection makes windows of 0.25 ms; what it sends does nothing.
  EventPropNetwork network = one_neuron(20.0, 5.0, 1.0, {40.0});
  network.t_ref = {2.5};
  Run whole(network, {{1.0, 0}}, {.duration = 60.0});
  network.recurrent = EventPropSynapses::rows(1, std::array{EventPropSynapse{0, 0, 0.0, 0.3}});
  Run windows(network, {{1.0, 0}}, {.duration = 60.0});
  REQUIRE(windows.tape().spikes == whole.tape().spikes);
  for (std::uint32_t k = 0; k < whole.tape().spikes; ++k)
    CHECK(windows.tape().records[k].time == doctest::Approx(whole.tape().records[k].time).epsilon(1e-13));
  CHECK(windows.gradient.tau_syn[0] == doctest::Approx(whole.gradient.tau_syn[0]).epsilon(1e-9));
}

// Integral over one piece of a path without arrivals, by Simpson's rule on a grid so fine that the rest is
// rounding.
template <class Function>
double integral(double from, double to, const Function& f) {
  constexpr int pieces = 4000;
  const double h = (to - from) / pieces;
  double sum = f(from) + f(to);
  for (int i = 1; i < pieces; ++i) sum += (i % 2 == 0 ? 2.0 : 4.0) * f(from + i * h);
  return sum * h / 3.0;
}

TEST_CASE("EventProp: time constants by three accumulators, refractory time included") {
  const double tau_m = 20.0;
  const double tau_s = 5.0;
  for (const double t_ref : {0.0, 2.5}) {
    EventPropNetwork network = one_neuron(tau_m, tau_s, 1.0, {40.0});
    network.t_ref = {t_ref};
    Run run(network, {{1.0, 0}}, {.duration = 60.0});
    const auto& records = run.tape().records;
    double by_tau_m = 0.0;
    double by_tau_s = 0.0;
    double spike = 1.0;    // the spike before, or the arrival
    double release = 1.0;  // where V starts from 0
    double I_before = 40.0;
    for (std::size_t k = 0; k < run.tape().spikes; ++k) {
      const double end = records[k].time;
      const auto I = [&](double t) { return I_before * std::exp(-(t - spike) / tau_s); };
      const auto V = [&](double t) {
        const double s = t - release;
        return I(release) / 3.0 * (std::exp(-s / tau_m) - std::exp(-s / tau_s));
      };
      const auto fade = [](double s, double tau) { return std::exp(-s / tau); };
      const double A =
          integral(release, end, [&](double u) { return fade(end - u, tau_m) * (I(u) - V(u)) / tau_m; });
      const double D = integral(spike, end, [&](double u) { return fade(end - u, tau_s) * -I(u) / tau_s; });
      const double F =
          fade(end - release, tau_m) *
              integral(spike, release, [&](double u) { return fade(release - u, tau_s) * -I(u) / tau_s; }) +
          integral(release, end, [&](double u) { return fade(end - u, tau_m) * -I(u) / tau_s; });
      const double L = run.workspace.backward[k].lambda_V;
      const double C = run.workspace.backward[k].lambda_I;
      const double B = L * tau_m / (tau_m - tau_s);
      by_tau_m += L * A;
      by_tau_s += (C - B) * D + B * F;
      spike = end;
      release = end + t_ref;
      I_before = records[k].current;
    }
    CHECK(run.gradient.tau_m[0] == doctest::Approx(by_tau_m).epsilon(1e-9));
    CHECK(run.gradient.tau_syn[0] == doctest::Approx(by_tau_s).epsilon(1e-9));
  }
}

}  // namespace
}  // namespace flurry
