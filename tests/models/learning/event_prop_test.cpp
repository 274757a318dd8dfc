// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// One-spike solutions by hand, degenerate cases, refusals.
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/event_prop_rate_bounds.hpp"
#include "tests/models/learning/event_prop_random.hpp"
#include "tests/models/learning/event_prop_run.hpp"

namespace flurry {
namespace {

using testing::one_neuron;
using Run = testing::EventPropRun;

TEST_CASE("EventProp: one spike where tau_m = 2 tau_syn, by the quadratic") {
  const double tau_m = 20.0;
  const double w = 5.0;
  const double theta = 1.1;
  Run run(one_neuron(tau_m, tau_m / 2.0, theta, {w}), {{3.0, 0}}, {.duration = 30.0});
  // V = w (x - x^2) with x = exp(-t / tau_m).
  const double root = std::sqrt(1.0 - 4.0 * theta / w);
  const double x = 0.5 * (1.0 + root);
  REQUIRE(run.tape().spikes >= 1);
  CHECK(run.tape().records[0].time == doctest::Approx(3.0 - tau_m * std::log(x)).epsilon(1e-14));
  EventPropGradient only;
  only.clear(run.network);
  EventPropCredit first;
  first.clear(run.tape());
  first.time[0] = 1.0;
  event_prop_backward(EventPropPlan(run.network, {.duration = 30.0}), first, run.workspace, only);
  // dx/dw = -(x - x^2) / (w (1 - 2x)), dx/dtheta = 1 / (w (1 - 2x)), dt = -tau_m dx / x.
  const double scale = -tau_m / x / (w * (1.0 - 2.0 * x));
  CHECK(only.input.weight[0] == doctest::Approx(-scale * (x - x * x)).epsilon(1e-12));
  CHECK(only.threshold[0] == doctest::Approx(scale).epsilon(1e-12));
  CHECK(only.input.delay[0] == doctest::Approx(1.0).epsilon(1e-12));
  // Both time constants scaled together scale the time.
  CHECK(only.tau_m[0] * tau_m + only.tau_syn[0] * tau_m / 2.0 ==
        doctest::Approx(-tau_m * std::log(x)).epsilon(1e-12));
}

TEST_CASE("EventProp: one spike where tau_m = tau_syn, by Lambert's W, and nearly so") {
  const double tau = 10.0;
  const double w = 4.0;
  const double theta = 0.9;
  // V = w s exp(-s), s = t / tau; s = -W(-theta / w), the smaller root, by iteration.
  double s = 0.0;
  for (int i = 0; i < 200; ++i) s = theta / w * std::exp(s);
  for (const double ratio : {1.0, 1.0 + 1e-15, 1.0 - 1e-12, 1.0 + 1e-9, 1.0 - 1e-7}) {
    CAPTURE(ratio - 1.0);
    Run run(one_neuron(tau, tau * ratio, theta, {w}), {{0.0, 0}}, {.duration = 1.2 * tau * s});
    REQUIRE(run.tape().spikes == 1);
    const double near = std::abs(ratio - 1.0) + 1e-13;
    CHECK(std::abs(run.tape().records[0].time - tau * s) < 10.0 * tau * near);
    const double slope = w * (1.0 - s) * std::exp(-s) / tau;  // dV/dt
    const auto close = [&](double found, double wanted) {
      CHECK(std::abs(found - wanted) < 20.0 * near * std::abs(wanted));
    };
    close(run.gradient.input.weight[0], -s * std::exp(-s) / slope);
    close(run.gradient.threshold[0], 1.0 / slope);
    // dV/dtau_m at equal ones: w exp(-s) (s^2/2 - s) / tau; dV/dtau_syn: w exp(-s) s^2/2 / tau.
    close(run.gradient.tau_m[0], -w * std::exp(-s) * (0.5 * s * s - s) / tau / slope);
    close(run.gradient.tau_syn[0], -w * std::exp(-s) * 0.5 * s * s / tau / slope);
  }
}

TEST_CASE("EventProp: a silent neuron has no gradient, and its largest potential where it is watched") {
  Run run(one_neuron(20.0, 5.0, 1.0, {0.5}), {{1.0, 0}}, {.duration = 50.0, .watched = {0}});
  CHECK(run.tape().spikes == 0);
  CHECK(run.tape().count[0] == 0);
  for (const auto* g : {&run.gradient.input.weight, &run.gradient.input.delay, &run.gradient.tau_m,
                        &run.gradient.tau_syn, &run.gradient.threshold})
    CHECK(g->at(0) == 0.0);
  const std::uint32_t probe = run.tape().probe(0);
  REQUIRE(probe != EventPropTape::none);
  // Where exp(-t/20) and exp(-t/5) decay equally fast: t = ln(4) / (1/5 - 1/20).
  const double t = std::log(4.0) / 0.15;
  CHECK(run.tape().records[probe].time == doctest::Approx(1.0 + t).epsilon(1e-12));
  CHECK(run.tape().records[probe].potential ==
        doctest::Approx(0.5 / 3.0 * (std::exp(-t / 20.0) - std::exp(-t / 5.0))).epsilon(1e-12));
}

TEST_CASE("EventProp: bounds on rates push where counts are decided") {
  const EventPropNetwork network = one_neuron(20.0, 5.0, 1.0, {0.5});
  Run silent(network, {{1.0, 0}}, {.duration = 50.0, .watched = {0}});
  silent.credit.clear(silent.tape());
  CHECK(EventPropRateBounds{.lower = 2.0, .below = 0.25}.add(silent.tape(), 0, silent.credit) == 0.5);
  CHECK(silent.credit.potential[0] == -0.5);
  event_prop_backward(EventPropPlan(network, {.duration = 50.0, .watched = {0}}), silent.credit,
                      silent.workspace, silent.gradient);
  CHECK(silent.gradient.input.weight[0] ==
        doctest::Approx(-silent.tape().records[0].potential).epsilon(1e-12));  // -0.5 V / w
  CHECK(silent.gradient.threshold[0] == doctest::Approx(0.5).epsilon(1e-12));

  Run busy(one_neuron(20.0, 5.0, 1.0, {40.0}), {{1.0, 0}}, {.duration = 50.0});
  REQUIRE(busy.tape().count[0] > 3);
  busy.credit.clear(busy.tape());
  CHECK(EventPropRateBounds{.upper = 1.0, .above = 1.0}.add(busy.tape(), 0, busy.credit) > 0.0);
  CHECK(busy.credit.potential[0] == busy.tape().count[0] - 1.0);
  CHECK(EventPropRateBounds{.lower = 0.0, .upper = 1e9, .below = 1.0, .above = 1.0}.add(busy.tape(), 0,
                                                                                        busy.credit) == 0.0);
}

TEST_CASE("EventProp: simultaneous arrivals are one, in any order") {
  const std::vector<Spike> input{{2.0, 0}, {2.0, 1}, {2.0, 2}};
  Run together(one_neuron(20.0, 5.0, 1.0, {5.0, 4.0, -1.0}), input, {.duration = 40.0});
  Run alone(one_neuron(20.0, 5.0, 1.0, {8.0}), {{2.0, 0}}, {.duration = 40.0});
  Run other(one_neuron(20.0, 5.0, 1.0, {5.0, 4.0, -1.0}), {input[2], input[0], input[1]}, {.duration = 40.0});
  REQUIRE(together.tape().spikes >= 1);
  REQUIRE(together.tape().spikes == alone.tape().spikes);
  for (std::uint32_t k = 0; k < alone.tape().spikes; ++k) {
    CHECK(together.tape().records[k].time == alone.tape().records[k].time);
    CHECK(together.tape().records[k].time == other.tape().records[k].time);
  }
  for (const double g : together.gradient.input.weight)
    CHECK(g == doctest::Approx(alone.gradient.input.weight[0]).epsilon(1e-12));
  CHECK(together.gradient.tau_m[0] == doctest::Approx(alone.gradient.tau_m[0]).epsilon(1e-12));
}

TEST_CASE("EventProp: a grazing spike is clipped and counted") {
  // The peak of the response to a unit of current at tau_m = 2 tau_syn is 1/4.
  EventPropOptions options{.duration = 60.0};
  Run exact(one_neuron(20.0, 10.0, 0.25 * (1.0 - 1e-9), {1.0}), {{0.0, 0}}, options);
  REQUIRE(exact.tape().spikes == 1);
  CHECK(exact.gradient.clipped == 0);
  options.smallest_slope = 0.01;
  Run clipped(one_neuron(20.0, 10.0, 0.25 * (1.0 - 1e-9), {1.0}), {{0.0, 0}}, options);
  CHECK(clipped.gradient.clipped == 1);
  CHECK(clipped.gradient.threshold[0] == doctest::Approx(20.0 / (0.01 * 0.25)));
  CHECK(exact.gradient.threshold[0] > 10.0 * clipped.gradient.threshold[0]);
}

TEST_CASE("EventProp: a long silence leaves nothing behind") {
  const EventPropNetwork network = one_neuron(20.0, 5.0, 1.0, {8.0});
  Run late(network, {{0.0, 0}, {1e6, 0}}, {.duration = 2e6});
  Run early(network, {{0.0, 0}}, {.duration = 2e6});
  REQUIRE(late.tape().spikes == 2 * early.tape().spikes);
  CHECK(late.tape().records[early.tape().spikes].time - 1e6 ==
        doctest::Approx(early.tape().records[0].time).epsilon(1e-9));
  CHECK(late.gradient.input.weight[0] == doctest::Approx(2.0 * early.gradient.input.weight[0]).epsilon(1e-9));
  CHECK(late.gradient.tau_syn[0] == doctest::Approx(2.0 * early.gradient.tau_syn[0]).epsilon(1e-9));
}

TEST_CASE("EventProp: no input, no spikes, no gradient") {
  Run run(one_neuron(20.0, 5.0, 1.0, {1.0}), {}, {.duration = 10.0});
  CHECK(run.tape().records.empty());
  CHECK(run.gradient.input.weight[0] == 0.0);
}

TEST_CASE("EventProp: what a workspace held before leaves no trace") {
  const testing::EventPropRandom a(3);
  const testing::EventPropRandom b(4);
  EventPropOptions options;
  options.duration = a.duration;
  options.watched = {a.spiking - 1};
  Run fresh(a.network, a.input, options);
  const EventPropPlan plan(a.network, options);
  const EventPropPlan other(b.network, {.duration = b.duration});
  EventPropWorkspace used;
  EventPropGradient gradient;
  gradient.clear(b.network);
  event_prop_forward(other, b.input, used);
  EventPropCredit credit;
  credit.clear(used.tape);
  event_prop_backward(other, credit, used, gradient);
  event_prop_forward(plan, a.input, used);
  gradient.clear(a.network);
  event_prop_backward(plan, fresh.credit, used, gradient);
  CHECK(gradient.input.weight == fresh.gradient.input.weight);
  CHECK(gradient.recurrent.delay == fresh.gradient.recurrent.delay);
  CHECK(gradient.tau_syn == fresh.gradient.tau_syn);
}

TEST_CASE("EventProp: what cannot be is refused by name") {
  const EventPropNetwork good = one_neuron(20.0, 5.0, 1.0, {1.0});
  EventPropWorkspace w;
  const auto refused = [](const EventPropNetwork& n, EventPropOptions o = {}) {
    CHECK_THROWS_AS(EventPropPlan(n, std::move(o)), UsageError);
  };
  EventPropNetwork bad = good;
  bad.tau_m[0] = 0.0;
  refused(bad);
  bad = good;
  bad.threshold[0] = -1.0;
  refused(bad);
  bad = good;
  bad.tau_syn.push_back(1.0);
  refused(bad);
  bad = good;
  bad.t_ref = {-1.0};
  refused(bad);
  bad.t_ref = {never};
  refused(bad);
  bad.t_ref = {1.0, 1.0};
  refused(bad);
  bad = good;
  bad.input.target[0] = 7;
  refused(bad);
  bad = good;
  bad.input.weight[0] = std::nan("");
  refused(bad);
  bad = good;
  bad.input.delay[0] = -1.0;
  refused(bad);
  bad = good;
  bad.input.delay.clear();
  refused(bad);
  bad = good;
  bad.recurrent = EventPropSynapses::rows(1, std::array{EventPropSynapse{0, 0, 1.0, 0.0}});
  CHECK_THROWS_WITH_AS(
      EventPropPlan(bad, {}),
      "EventProp network: the delay from neuron 0 to neuron 0 is 0; within a cycle it must be > 0",
      UsageError);
  bad.recurrent.delay[0] = 1e-9;
  refused(bad);
  bad.threshold[0] = never;
  refused(bad);
  refused(good, {.duration = 0.0});
  refused(good, {.readout = {.decay = 0.0}});
  refused(good, {.watched = {3}});
  refused(good, {.smallest_slope = 0.0});
  CHECK_THROWS_AS((void)EventPropSynapses::rows(1, std::array{EventPropSynapse{2, 0, 1.0, 0.0}}), UsageError);
  const EventPropPlan plan(good, {});
  CHECK_THROWS_AS(event_prop_forward(plan, std::array{Spike{1.0, 3}}, w), UsageError);
  CHECK_THROWS_AS(event_prop_forward(plan, std::array{Spike{-1.0, 0}}, w), UsageError);
}

}  // namespace
}  // namespace flurry
