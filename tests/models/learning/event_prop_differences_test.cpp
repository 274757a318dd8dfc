// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Gradients against differences of the loss, for every kind of parameter and every loss that has a gradient.
#include <array>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_first_spike.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/event_prop_readout_loss.hpp"
#include "models/learning/event_prop_target_times.hpp"
#include "tests/models/learning/event_prop_random.hpp"

namespace flurry {
namespace {

using testing::EventPropRandom;

enum class Loss { target_times, first_spike, integral, weighted_integral, maximum };
constexpr std::array losses{Loss::target_times, Loss::first_spike, Loss::integral, Loss::weighted_integral,
                            Loss::maximum};

class Differences {
 public:
  Differences(std::uint64_t seed, bool refractory) : sample_(seed, refractory), first_(seed % 4) {}

  std::uint64_t compared = 0;
  std::uint64_t skipped = 0;
  std::uint64_t silent = 0;  // labels
  double worst = 0.0;

  void compare(Loss loss) {
    loss_ = loss;
    EventPropGradient g;
    g.clear(sample_.network);
    const double here = evaluate(&g);
    CHECK(std::isfinite(here));
    hidden_by_rounding_ = 1e-5 * std::abs(here);
    counts_ = workspace_.tape.count;
    silent += loss == Loss::first_spike && counts_[outputs()[0]] == 0;
    EventPropNetwork& n = sample_.network;
    compare("input weight", n.input.weight, g.input.weight);
    compare("input delay", n.input.delay, g.input.delay);
    compare("recurrent weight", n.recurrent.weight, g.recurrent.weight);
    compare("recurrent delay", n.recurrent.delay, g.recurrent.delay);
    compare("tau_m", n.tau_m, g.tau_m);
    compare("tau_syn", n.tau_syn, g.tau_syn);
    compare("threshold", n.threshold, g.threshold);
    compare("t_ref", n.t_ref, g.t_ref);
    compare_input_times();
  }

 private:
  // The label is the neuron that is hard to make spike.
  [[nodiscard]] std::vector<std::uint32_t> outputs() const {
    return {sample_.spiking - 1, sample_.spiking - 2, sample_.spiking - 3};
  }
  double evaluate(EventPropGradient* gradient) {
    EventPropOptions options;
    options.duration = sample_.duration;
    if (loss_ == Loss::weighted_integral) options.readout.decay = 25.0;
    if (loss_ == Loss::maximum) options.readout.kind = EventPropReadout::Kind::maximum;
    options.watched = outputs();
    const EventPropPlan plan(sample_.network, options);
    event_prop_forward(plan, sample_.input, workspace_);
    credit_.clear(workspace_.tape);
    const double loss = value(plan);
    if (gradient != nullptr) event_prop_backward(plan, credit_, workspace_, *gradient);
    return loss;
  }
  double value(const EventPropPlan& plan) {
    const EventPropTape& tape = workspace_.tape;
    if (loss_ == Loss::target_times) {
      const std::array targets{8.0, 21.0, 40.0};
      double sum = 0.0;
      for (const std::uint32_t n : outputs()) sum += event_prop_target_times(tape, n, targets, credit_);
      return sum;
    }
    if (loss_ == Loss::first_spike)
      return EventPropFirstSpike{8.0, 20.0, 0.1, 2.0}.add(plan, tape, outputs(), 0, credit_);
    const double scale = loss_ == Loss::maximum ? 0.3 : 0.02;
    return event_prop_readout_loss(tape, sample_.readouts, 1, scale, credit_);
  }

  // Fourth-order central difference; false where a spike appears or vanishes.
  bool difference(double& parameter, double step, double& result) {
    const double kept = parameter;
    std::array<double, 4> at{};
    bool same = true;
    for (const int i : {0, 1, 2, 3}) {
      parameter = kept + step * std::array{-2, -1, 1, 2}[static_cast<std::size_t>(i)];
      at[static_cast<std::size_t>(i)] = evaluate(nullptr);
      same = same && workspace_.tape.count == counts_;
    }
    parameter = kept;
    result = (8.0 * (at[2] - at[1]) - (at[3] - at[0])) / (12.0 * step);
    return same;
  }
  void compare(const char* kind, std::vector<double>& parameters, const std::vector<double>& gradient) {
    double largest = 0.0;
    for (const double x : gradient) largest = std::max(largest, std::abs(x));
    // Every parameter for one loss, every fourth for the others.
    const std::size_t stride = loss_ == Loss::target_times ? 1 : 4;
    for (std::size_t i = first_ % stride; i < parameters.size(); i += stride)
      if (std::isfinite(parameters[i]) && parameters[i] != 0.0)
        compare_one(kind, parameters[i], gradient[i], largest);
  }
  void compare_one(const char* kind, double& parameter, double gradient, double largest) {
    double wanted = 0.0;
    double error = never;
    // Small steps drown in rounding, large ones in curvature.
    for (const double relative : {5e-6, 4e-5, 8e-7, 2e-4}) {
      if (error <= 1e-5) break;
      double found = 0.0;
      if (!difference(parameter, relative * std::max(1.0, std::abs(parameter)), found)) {
        ++skipped;
        return;
      }
      const double scale = std::max({std::abs(found), 1e-3 * largest, hidden_by_rounding_});
      if (std::abs(gradient - found) / scale >= error) continue;
      error = std::abs(gradient - found) / scale;
      wanted = found;
    }
    ++compared;
    worst = std::max(worst, error);
    CHECK_MESSAGE(error <= 1e-5, std::string(kind) << " " << gradient << ", by differences " << wanted
                                                   << ", loss " << static_cast<int>(loss_));
  }
  void compare_input_times() {
    const std::vector<double> gradient = workspace_by_time();
    double largest = 0.0;
    for (const double x : gradient) largest = std::max(largest, std::abs(x));
    for (std::size_t k = 0; k < sample_.input.size(); ++k)
      compare_one("input time", sample_.input[k].time, gradient[k], largest);
  }
  std::vector<double> workspace_by_time() {
    EventPropGradient g;
    g.clear(sample_.network);
    evaluate(&g);
    return workspace_.input_by_time;
  }

  EventPropRandom sample_;
  std::size_t first_;
  Loss loss_ = Loss::target_times;
  double hidden_by_rounding_ = 0.0;  // of 2^-52 of the loss in a difference, seen at 1e-5
  EventPropWorkspace workspace_;
  EventPropCredit credit_;
  std::vector<std::uint32_t> counts_;
};

// Sanitizers are slow, and see a wrong access in a few networks as in many.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t networks = 4;
#else
constexpr std::uint64_t networks = 60;
#endif

struct Totals {
  std::uint64_t compared = 0;
  std::uint64_t skipped = 0;
  std::uint64_t silent = 0;
};

Totals compare_all(bool refractory) {
  Totals totals;
  double worst = 0.0;
  for (std::uint64_t seed = 1; seed <= networks; ++seed) {
    CAPTURE(seed);
    Differences d(seed, refractory);
    for (const Loss loss : losses) d.compare(loss);
    totals.compared += d.compared;
    totals.skipped += d.skipped;
    totals.silent += d.silent;
    worst = std::max(worst, d.worst);
  }
  MESSAGE(totals.compared << " gradients within " << worst << ", " << totals.skipped << " skipped, "
                          << totals.silent << " silent labels");
  CHECK(static_cast<double>(totals.skipped) < 0.005 * static_cast<double>(totals.compared));
  return totals;
}

TEST_CASE("EventProp gradients equal differences of the loss") {
  const Totals totals = compare_all(false);
  if (networks < 60) return;
  CHECK(totals.silent >= 15);
  CHECK(totals.silent <= 50);
}

TEST_CASE("EventProp gradients equal differences of the loss, refractory times and all") {
  CHECK(compare_all(true).compared > 100 * networks);
}

}  // namespace
}  // namespace flurry
