// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/learner.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/learning/event_prop_learner.hpp"
#include "models/learning/initial_network.hpp"
#include "models/learning/surrogate_learner.hpp"
#include "tests/models/learning/learning_cases.hpp"

namespace flurry {
namespace {

using testing::all_trained;
using testing::random_samples;
using testing::small_network;

/// The loss of all samples with value i of the parameters changed by `by`.
double loss_with(Learner& learner, const LabelledSpikes& samples, std::size_t i, double by) {
  Executor executor;
  const double before = learner.parameters().values[i];
  learner.parameters().values[i] = before + by;
  learner.refresh();
  const double loss = learner.look(all_of(samples), executor).loss;
  learner.parameters().values[i] = before;
  learner.refresh();
  return loss;
}

void check_differences(Learner& learner, const LabelledSpikes& samples, const std::string& only, double step,
                       double tolerance) {
  Executor executor;
  std::vector<double> gradient;
  learner.pass(all_of(samples), executor, &gradient, {});
  for (const ParameterGroup& group : learner.parameters().groups) {
    if (group.name.find(only) == std::string::npos) continue;
    double largest = 0.0;
    for (std::size_t i = group.begin; i < group.begin + group.size; ++i)
      largest = std::max(largest, std::abs(gradient[i]));
    CHECK(largest > 0.0);
    for (std::size_t i = group.begin; i < group.begin + group.size; i += 1 + group.size / 12) {
      CAPTURE(group.name);
      CAPTURE(i - group.begin);
      const double difference =
          (loss_with(learner, samples, i, step) - loss_with(learner, samples, i, -step)) / (2.0 * step);
      CHECK(std::abs(gradient[i] - difference) <= tolerance * std::max(largest, std::abs(difference)));
    }
  }
}

}  // namespace

TEST_CASE("the surrogate learner's readout gradient is the loss's own slope, time constants included") {
  for (const auto decision : {LearnedNetwork::Decision::sum_over_time, LearnedNetwork::Decision::last}) {
    LearnedNetwork network = small_network(1, 0.5);
    network.decision = decision;
    SurrogateOptions options;
    options.in_double = true;
    options.score_scale = 5.0;
    const auto learner = surrogate_learner(network, all_trained(network), {}, options);
    check_differences(*learner, random_samples(network, 6), "readout.", 1e-4, 1e-6);
  }
}

TEST_CASE("the EventProp learner's gradient is the loss's own slope for every kind of parameter") {
  for (const bool first_spike : {true, false}) {
    LearnedNetwork network = small_network(2, 0.0);
    if (first_spike) testing::make_spiking(network.layers.back(), 0.6);
    network.decision =
        first_spike ? LearnedNetwork::Decision::first_spike : LearnedNetwork::Decision::sum_over_time;
    EventPropLearning options;
    options.first_spike.tau_0 = 5.0;
    options.score_scale = 5.0;
    options.smallest_slope = 1e-9;
    TrainingScales scales;
    scales.shortest_delay = 0.5;
    const auto learner = event_prop_learner(network, all_trained(network), scales, options);
    const LabelledSpikes samples = random_samples(network, 6);
    check_differences(*learner, samples, ".", 1e-6, 2e-4);
  }
}

TEST_CASE("rate bounds push counts the right way") {
  const LearnedNetwork network = small_network(3, 0.5);
  const LabelledSpikes samples = random_samples(network, 8);
  Executor executor;
  for (const bool exact : {false, true})
    for (const bool more : {true, false}) {
      LearnedNetwork shape = network;
      if (exact) {
        shape.resolution = 0.0;
        shape.decision = LearnedNetwork::Decision::sum_over_time;
      }
      RateBounds bounds;
      bounds.lower = 100.0;
      bounds.upper = 0.0;
      (more ? bounds.below : bounds.above) = 0.1;
      SurrogateOptions surrogate;
      surrogate.rates = bounds;
      surrogate.score_scale = 1e-9;
      EventPropLearning event_prop;
      event_prop.rates = bounds;
      event_prop.score_scale = 1e-9;
      const auto learner = exact ? event_prop_learner(shape, all_trained(shape), {}, event_prop)
                                 : surrogate_learner(shape, all_trained(shape), {}, surrogate);
      const auto hidden_spikes = [&] {
        const PassTotals totals = learner->look(all_of(samples), executor);
        std::uint64_t sum = 0;
        for (std::uint32_t n = 0; n < network.layers[0].size; ++n) sum += totals.spikes[n];
        return sum;
      };
      const std::uint64_t before = hidden_spikes();
      std::vector<double> gradient;
      CHECK(learner->pass(all_of(samples), executor, &gradient, {}).penalty > 0.0);
      double norm = 0.0;
      for (const double g : gradient) norm += g * g;
      for (std::size_t i = 0; i < gradient.size(); ++i)
        if (learner->parameters().groups[0].size > i)
          learner->parameters().values[i] -= 0.5 * gradient[i] / std::sqrt(norm);
      learner->refresh();
      CAPTURE(exact);
      if (more)
        CHECK(hidden_spikes() > before);
      else
        CHECK(hidden_spikes() < before);
    }
}

TEST_CASE("a pass has the same bits on any number of threads") {
  for (const bool exact : {false, true}) {
    LearnedNetwork network = small_network(4, exact ? 0.0 : 0.5);
    if (exact) network.decision = LearnedNetwork::Decision::sum_over_time;
    const auto learner = exact ? event_prop_learner(network, all_trained(network), {}, {})
                               : surrogate_learner(network, all_trained(network), {}, {});
    const LabelledSpikes samples = random_samples(network, 53);
    std::vector<std::vector<double>> gradients;
    std::vector<double> losses;
    for (const std::size_t threads : {1, 2, 4}) {
      ThreadExecutor executor(threads);
      std::vector<std::uint32_t> answers(samples.size());
      const PassTotals totals = learner->pass(all_of(samples), executor, &gradients.emplace_back(), answers);
      losses.push_back(totals.loss);
      std::uint64_t correct = 0;
      for (std::size_t i = 0; i < samples.size(); ++i) correct += answers[i] == samples.label(i) ? 1 : 0;
      CHECK(correct == totals.correct);
      CHECK(totals.samples == samples.size());
    }
    CHECK(gradients[0] == gradients[1]);
    CHECK(gradients[0] == gradients[2]);
    CHECK(losses[0] == losses[1]);
    CHECK(losses[0] == losses[2]);
  }
}

TEST_CASE("with a wide band the sparse backward pass is the dense one; with a narrow one it does less") {
  const LearnedNetwork network = small_network(5, 0.5);
  const LabelledSpikes samples = random_samples(network, 8);
  Executor executor;
  std::vector<std::vector<double>> gradients;
  std::vector<std::uint64_t> active;
  for (const double band : {std::numeric_limits<double>::infinity(), 1e6, 0.1}) {
    SurrogateOptions options;
    options.derivative.band = band;
    const auto learner = surrogate_learner(network, all_trained(network), {}, options);
    active.push_back(learner->pass(all_of(samples), executor, &gradients.emplace_back(), {}).active);
  }
  CHECK(gradients[0] == gradients[1]);
  CHECK(active[0] == active[1]);
  CHECK(active[2] < active[0] / 2);
  CHECK(active[2] > 0);
}

TEST_CASE("what a learner cannot train it refuses in a sentence") {
  const LearnedNetwork network = small_network(6, 0.5);
  LearnedNetwork exact = network;
  exact.resolution = 0.0;
  CHECK_THROWS_WITH_AS(surrogate_learner(exact, all_trained(exact), {}, {}), doctest::Contains("need a grid"),
                       UsageError);
  CHECK_THROWS_WITH_AS(event_prop_learner(network, all_trained(network), {}, {}),
                       doctest::Contains("exact time"), UsageError);
  std::vector<LayerTraining> training = all_trained(network);
  training.back().threshold = Fit::individual;
  CHECK_THROWS_WITH_AS(surrogate_learner(network, training, {}, {}), doctest::Contains("readout has none"),
                       UsageError);
  LearnedNetwork broken = network;
  broken.layers[0].tau_m[1] = -1.0;
  CHECK_THROWS_WITH_AS(surrogate_learner(broken, all_trained(network), {}, {}),
                       doctest::Contains("layer 'hidden': tau_m"), UsageError);
  broken = network;
  broken.layers[0].w_in.pop_back();
  CHECK_THROWS_WITH_AS(surrogate_learner(broken, all_trained(network), {}, {}), doctest::Contains("w_in has"),
                       UsageError);
}

TEST_CASE("weights are scaled to the activity asked for") {
  for (const double resolution : {0.5, 0.0}) {
    LearnedNetwork network = small_network(7, resolution);
    if (resolution == 0.0) network.decision = LearnedNetwork::Decision::sum_over_time;
    const LabelledSpikes samples = random_samples(network, 16);
    Executor executor;
    scale_to_activity(network, 3.0, all_of(samples), executor);
    const std::vector<LayerTraining> training(network.layers.size());
    const auto learner = resolution > 0.0 ? surrogate_learner(network, training, {}, {})
                                          : event_prop_learner(network, training, {}, {});
    const PassTotals totals = learner->look(all_of(samples), executor);
    double spikes = 0.0;
    for (std::uint32_t n = 0; n < network.layers[0].size; ++n)
      spikes += static_cast<double>(totals.spikes[n]);
    CHECK(spikes / (16.0 * network.layers[0].size) == doctest::Approx(3.0).epsilon(0.11));
    CHECK_THROWS_AS(scale_to_activity(network, 1e3, all_of(samples), executor), UsageError);
  }
}

}  // namespace flurry
