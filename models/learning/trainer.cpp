// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>

namespace flurry {
namespace {

/// A permutation of 0 .. count - 1 (Fisher & Yates), a pure function of seed and epoch.
std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed, std::uint32_t epoch) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  RandomSequence random(seed, Purpose::sample_order, 0, epoch);
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
  return order;
}

const ParameterGroup* first_not_finite(const ParameterSet& parameters, const std::vector<double>& values) {
  for (const ParameterGroup& group : parameters.groups)
    for (std::size_t i = group.begin; i < group.begin + group.size; ++i)
      if (!std::isfinite(values[i])) return &group;
  return nullptr;
}

}  // namespace

Score score_of(const PassTotals& totals, const LearnedNetwork& network) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (totals.samples == 0) return {none, none, none, none, none, none};
  Score score;
  const auto samples = static_cast<double>(totals.samples);
  score.loss = totals.loss / samples;
  score.accuracy = static_cast<double>(totals.correct) / samples;
  std::size_t neurons = 0;
  for (const LearnedLayer& layer : network.layers) neurons += layer.spiking ? layer.size : 0;
  std::uint64_t spikes = 0;
  std::size_t silent = 0;
  for (std::size_t n = 0; n < neurons; ++n) {
    spikes += totals.spikes[n];
    silent += totals.spikes[n] == 0 ? 1 : 0;
  }
  if (neurons > 0) {
    score.spikes_per_neuron = static_cast<double>(spikes) / (samples * static_cast<double>(neurons));
    score.silent = static_cast<double>(silent) / static_cast<double>(neurons);
  }
  score.synaptic_operations = static_cast<double>(totals.synaptic_operations(network)) / samples;
  score.undecided = static_cast<double>(totals.undecided) / samples;
  return score;
}

SampleBatch all_of(const LabelledSpikes& samples) {
  return {samples.size(), [&samples](std::size_t i, SpikeInput& input) { samples.copy(i, input); }};
}

Trainer::Trainer(Learner& learner, const LabelledSpikes& training, const LabelledSpikes& validation,
                 TrainerOptions options, Executor& executor)
    : learner_(learner),
      training_(training),
      validation_(validation),
      options_(options),
      executor_(executor),
      optimizer_(options.optimizer) {
  if (training.size() == 0) throw UsageError("there is no sample to learn from");
  if (options.batch == 0 || options.epochs == 0) throw UsageError("a batch and an epoch must be at least 1");
  state_.parameters = learner_.parameters().values;
  state_.best_parameters = state_.parameters;
}

bool Trainer::done() const {
  return state_.epoch >= options_.epochs ||
         (options_.patience > 0 && state_.epoch >= state_.best_epoch + options_.patience);
}

void Trainer::restore(TrainerState state) {
  const std::size_t count = learner_.parameters().values.size();
  const bool fits = state.parameters.size() == count && state.best_parameters.size() == count &&
                    (state.optimizer.first.size() == count || state.optimizer.first.empty()) &&
                    state.optimizer.first.size() == state.optimizer.second.size();
  if (!fits)
    throw UsageError("the checkpoint is of a network with " + std::to_string(state.parameters.size()) +
                     " numbers; this one has " + std::to_string(count));
  state_ = std::move(state);
  go_back();
}

void Trainer::go_back() {
  learner_.parameters().values = state_.parameters;
  learner_.refresh();
  optimizer_.restore(state_.optimizer);
}

SampleBatch Trainer::part_of(const std::vector<std::uint32_t>& order, std::size_t begin,
                             std::size_t end) const {
  return {end - begin, [this, &order, begin](std::size_t i, SpikeInput& input) {
            const std::uint32_t sample = order[begin + i];
            training_.copy(sample, input);
            options_.augmentation.apply(
                input, training_.channels, learner_.shape().duration,
                RandomSequence(options_.seed, Purpose::augmentation, state_.epoch + 1, sample));
          }};
}

void Trainer::expect_finite(double loss, const std::vector<double>& gradient) const {
  const ParameterGroup* numbers = first_not_finite(learner_.parameters(), learner_.parameters().values);
  const ParameterGroup* slopes = first_not_finite(learner_.parameters(), gradient);
  if (std::isfinite(loss) && numbers == nullptr && slopes == nullptr) return;
  const std::string when = " in epoch " + std::to_string(state_.epoch + 1);
  const std::string advice = "; a smaller learning rate, or a bound on the gradient's norm, may help";
  if (numbers != nullptr)
    throw DivergedError("'" + numbers->name + "' is no finite number any more" + when + advice);
  if (slopes != nullptr)
    throw DivergedError("the gradient by '" + slopes->name + "' is not finite" + when + advice);
  throw DivergedError("the loss is not finite" + when + advice);
}

void Trainer::learn(PassTotals& totals, const Progress& progress, bool& stopped) {
  const std::vector<std::uint32_t> order = shuffled(training_.size(), options_.seed, state_.epoch + 1);
  std::vector<double> gradient;
  for (std::size_t begin = 0; begin < order.size() && !stopped; begin += options_.batch) {
    const std::size_t end = std::min<std::size_t>(order.size(), begin + options_.batch);
    const PassTotals part = learner_.pass(part_of(order, begin, end), executor_, &gradient, {});
    const double divisor =
        options_.loss_divisor > 0.0 ? options_.loss_divisor : static_cast<double>(end - begin);
    for (double& g : gradient) g /= divisor;
    expect_finite(part.loss, gradient);
    const double done = static_cast<double>(end) / static_cast<double>(order.size());
    optimizer_.step(learner_.parameters(), gradient, options_.rate.at(state_.epoch + done, options_.epochs),
                    executor_);
    learner_.refresh();
    totals.add(part);
    if (progress && !progress(done, totals)) stopped = true;
  }
  if (!stopped) expect_finite(0.0, gradient);
}

bool Trainer::epoch(const Progress& progress) {
  const auto started = std::chrono::steady_clock::now();
  PassTotals totals;
  bool stopped = false;
  try {
    learn(totals, progress, stopped);
  } catch (const DivergedError&) {
    go_back();
    throw;
  }
  if (stopped) {
    go_back();
    return false;
  }
  EpochRecord record;
  record.validation = score_of(learner_.look(all_of(validation_), executor_), learner_.shape());
  record.training = score_of(totals, learner_.shape());
  record.epoch = ++state_.epoch;
  record.rate = options_.optimizer.rate * options_.rate.at(state_.epoch, options_.epochs);
  record.penalty = totals.penalty / static_cast<double>(totals.samples);
  if (totals.neuron_steps > 0)
    record.active = static_cast<double>(totals.active) / static_cast<double>(totals.neuron_steps);
  record.clipped = totals.clipped;
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  state_.parameters = learner_.parameters().values;
  state_.optimizer = optimizer_.state();
  const Score& v = record.validation;
  const bool better = validation_.size() == 0 || v.accuracy > state_.best_accuracy ||
                      (v.accuracy == state_.best_accuracy && v.loss < state_.best_loss);
  if (better) {
    state_.best_epoch = state_.epoch;
    if (validation_.size() > 0) {
      state_.best_accuracy = v.accuracy;
      state_.best_loss = v.loss;
    }
    state_.best_parameters = state_.parameters;
  }
  state_.log.push_back(record);
  return true;
}

}  // namespace flurry
