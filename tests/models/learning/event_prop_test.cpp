// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// One-spike solutions by hand, degenerate cases, refusals.
#include <algorithm>
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/event_prop_rate_bounds.hpp"
#include "tests/models/learning/event_prop_random.hpp"

namespace flurry {
namespace {

// Channels straight to one neuron.
EventPropNetwork one_neuron(double tau_m, double tau_syn, double threshold, std::vector<double> weights) {
  EventPropNetwork network;
  network.tau_m = {tau_m};
  network.tau_syn = {tau_syn};
  network.threshold = {threshold};
  std::vector<EventPropSynapse> list;
  for (std::uint32_t c = 0; c < weights.size(); ++c) list.push_back({c, 0, weights[c], 0.0});
  network.input = EventPropSynapses::rows(static_cast<std::uint32_t>(weights.size()), list);
  network.recurrent = EventPropSynapses::rows(1, {});
  return network;
}

struct Run {
  EventPropNetwork network;
  EventPropWorkspace workspace;
  EventPropCredit credit;
  EventPropGradient gradient;

  // The gradient of the sum of all spike times.
  Run(EventPropNetwork n, const std::vector<Spike>& input, EventPropOptions options = {})
      : network(std::move(n)) {
    const EventPropPlan plan(network, options);
    event_prop_forward(plan, input, workspace);
    credit.clear(workspace.tape);
    for (std::uint32_t k = 0; k < workspace.tape.spikes; ++k) credit.time[k] = 1.0;
    gradient.clear(network);
    event_prop_backward(plan, credit, workspace, gradient);
  }
  [[nodiscard]] const EventPropTape& tape() const { return workspace.tape; }
};

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

TEST_CASE("EventProp: rows of neurons side by side give the gradients of rows in any order") {
  RandomSequence random(5, Purpose::test, 32, 0);
  constexpr std::uint32_t neurons = 37;
  EventPropNetwork network;
  std::vector<EventPropSynapse> in;
  std::vector<EventPropSynapse> rec;
  for (std::uint32_t n = 0; n < 2 * neurons; ++n) {
    network.tau_m.push_back(5.0 + 25.0 * random.uniform());
    network.tau_syn.push_back(n % 5 == 0 ? network.tau_m[n] : 2.0 + 8.0 * random.uniform());
    network.threshold.push_back(0.7 + 0.5 * random.uniform());
  }
  for (std::uint32_t c = 0; c < 4; ++c)
    for (std::uint32_t n = 0; n < neurons; ++n)
      in.push_back({c, n, 4.0 * random.uniform() - 0.5, 5.0 * random.uniform()});
  for (std::uint32_t from = 0; from < neurons; ++from)
    for (std::uint32_t n = 0; n < neurons; ++n)
      rec.push_back({from, neurons + n, 0.7 * random.uniform() - 0.1, 5.0 * random.uniform()});
  std::vector<Spike> input;
  for (std::uint32_t k = 0; k < 20; ++k) input.push_back({2.0 * k, k % 4});
  network.input = EventPropSynapses::rows(4, in);
  network.recurrent = EventPropSynapses::rows(2 * neurons, rec);
  REQUIRE(EventPropPlan(network, {}).input_row(0).side_by_side);
  REQUIRE(EventPropPlan(network, {}).recurrent_row(0).side_by_side);
  const Run side_by_side(network, input);
  std::reverse(in.begin(), in.end());
  std::reverse(rec.begin(), rec.end());
  network.input = EventPropSynapses::rows(4, in);
  network.recurrent = EventPropSynapses::rows(2 * neurons, rec);
  REQUIRE(!EventPropPlan(network, {}).input_row(0).side_by_side);
  const Run reversed(network, input);
  REQUIRE(side_by_side.tape().spikes == reversed.tape().spikes);
  CHECK(side_by_side.tape().spikes > 4 * neurons);
  const auto same = [](const std::vector<double>& a, const std::vector<double>& b, std::uint32_t row) {
    double largest = 0.0;
    for (const double x : a) largest = std::max(largest, std::abs(x));
    CHECK(largest > 0.0);
    for (std::size_t i = 0; i < a.size(); ++i) {
      const std::size_t other = row == 0 ? i : i / row * row + row - 1 - i % row;
      CHECK(std::abs(a[i] - b[other]) <= 1e-12 * largest);
    }
  };
  const EventPropGradient& a = side_by_side.gradient;
  const EventPropGradient& b = reversed.gradient;
  same(a.input.weight, b.input.weight, neurons);
  same(a.input.delay, b.input.delay, neurons);
  same(a.recurrent.weight, b.recurrent.weight, neurons);
  same(a.recurrent.delay, b.recurrent.delay, neurons);
  same(a.tau_m, b.tau_m, 0);
  same(a.tau_syn, b.tau_syn, 0);
  same(a.threshold, b.threshold, 0);
  same(side_by_side.workspace.input_by_time, reversed.workspace.input_by_time, 0);
}

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
