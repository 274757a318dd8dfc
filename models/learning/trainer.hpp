// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "models/learning/augmentation.hpp"
#include "models/learning/learner.hpp"
#include "models/learning/learning_rate.hpp"
#include "models/learning/optimizer.hpp"

namespace flurry {

struct TrainerOptions {
  std::uint32_t epochs = 100;
  std::uint32_t batch = 64;
  std::uint64_t seed = 1;      // of the order of samples and of augmentation
  std::uint32_t patience = 0;  // epochs without a better validation after which to stop; 0: never
  OptimizerOptions optimizer{};
  LearningRate rate{};
  Augmentation augmentation{};
  double loss_divisor = 0.0;  // what the sum of a batch's losses is divided by; 0: its samples
};

/// How a network did on some samples, per sample; of none, not a number.
struct Score {
  double loss = 0.0;
  double accuracy = 0.0;
  double spikes_per_neuron = 0.0;
  double synaptic_operations = 0.0;
  double silent = 0.0;     // share of neurons without a spike on any sample
  double undecided = 0.0;  // share of samples without an answer
};
[[nodiscard]] Score score_of(const PassTotals& totals, const LearnedNetwork& network);

/// One line of a training log.
struct EpochRecord {
  std::uint32_t epoch = 0;  // from 1
  double rate = 0.0;        // learning rate at its end
  Score training;           // while learning, with augmentation
  Score validation;
  double penalty = 0.0;  // of rate bounds, per sample
  double active = 0.0;   // share of neurons and steps that carried gradient
  std::uint64_t clipped = 0;
  double seconds = 0.0;
};

/// A loss or a number that is none any more. The message says which parameters went first.
class DivergedError : public Error {
 public:
  using Error::Error;
};

/// Everything that decides how training goes on.
struct TrainerState {
  std::uint32_t epoch = 0;  // done
  std::vector<double> parameters;
  Optimizer::State optimizer;
  std::uint32_t best_epoch = 0;  // 0: none yet
  double best_accuracy = -1.0;   // below 0: there is nothing to validate on, and the last epoch is the best
  double best_loss = 0.0;
  std::vector<double> best_parameters;
  std::vector<EpochRecord> log;
};

/// Trains a learner epoch by epoch and keeps what did best on samples it does not learn from. It never sees
/// any other: a test set is for whoever looks at the result. The same bits for any executor, and for
/// training that was interrupted and restored.
class Trainer {
 public:
  /// Called with the share of an epoch that is done and the totals so far; returning false stops the epoch.
  using Progress = std::function<bool(double done, const PassTotals& so_far)>;

  /// `training` and `validation` must stay. UsageError where there is nothing to learn from.
  Trainer(Learner& learner, const LabelledSpikes& training, const LabelledSpikes& validation,
          TrainerOptions options, Executor& executor);

  /// One epoch. False where it was stopped: the state is then that of its beginning again. DivergedError
  /// where a loss or number is not finite; the state then is that of the last epoch that was well.
  bool epoch(const Progress& progress = {});
  /// Whether all epochs are done, or patience is over.
  [[nodiscard]] bool done() const;

  [[nodiscard]] const TrainerState& state() const { return state_; }
  /// UsageError where it does not fit the learner.
  void restore(TrainerState state);

 private:
  void go_back();
  void learn(PassTotals& totals, const Progress& progress, bool& stopped);
  void expect_finite(double loss, const std::vector<double>& gradient) const;
  [[nodiscard]] SampleBatch part_of(const std::vector<std::uint32_t>& order, std::size_t begin,
                                    std::size_t end) const;

  Learner& learner_;
  const LabelledSpikes& training_;
  const LabelledSpikes& validation_;
  TrainerOptions options_;
  Executor& executor_;
  Optimizer optimizer_;
  TrainerState state_;
};

/// All of `samples` as they are.
[[nodiscard]] SampleBatch all_of(const LabelledSpikes& samples);

}  // namespace flurry
