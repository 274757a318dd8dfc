// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/trainer.hpp"

#include <doctest/doctest.h>

#include "core/parallel/thread_executor.hpp"
#include "models/learning/event_prop_learner.hpp"
#include "models/learning/surrogate_learner.hpp"
#include "tests/models/learning/learning_cases.hpp"

namespace flurry {
namespace {

using testing::all_trained;
using testing::random_samples;
using testing::small_network;

struct Setting {
  explicit Setting(bool is_exact) : exact(is_exact), network(small_network(1, is_exact ? 0.0 : 0.5)) {
    network.decision = LearnedNetwork::Decision::sum_over_time;
    training = random_samples(network, 60);
    validation = random_samples(network, 30);
    options.epochs = 8;
    options.batch = 16;
    options.optimizer.rate = 0.02;
    options.rate.schedule = LearningRate::Schedule::cosine;
    options.augmentation.jitter = 1.0;
    options.augmentation.drop = 0.05;
  }
  [[nodiscard]] std::unique_ptr<Learner> learner() const {
    EventPropLearning event_prop;
    event_prop.score_scale = 10.0;
    SurrogateOptions surrogate;
    surrogate.score_scale = 10.0;
    surrogate.derivative.steepness = 10.0;
    return exact ? event_prop_learner(network, all_trained(network), {}, event_prop)
                 : surrogate_learner(network, all_trained(network), {}, surrogate);
  }

  bool exact;
  LearnedNetwork network;
  LabelledSpikes training;
  LabelledSpikes validation;
  TrainerOptions options;
};

TrainerState run(const Setting& setting, std::size_t threads) {
  ThreadExecutor executor(threads);
  const auto learner = setting.learner();
  Trainer trainer(*learner, setting.training, setting.validation, setting.options, executor);
  while (!trainer.done()) CHECK(trainer.epoch());
  return trainer.state();
}

void check_same(const TrainerState& a, const TrainerState& b) {
  CHECK(a.epoch == b.epoch);
  CHECK(a.parameters == b.parameters);
  CHECK(a.best_parameters == b.best_parameters);
  CHECK(a.best_epoch == b.best_epoch);
  CHECK(a.optimizer == b.optimizer);
  REQUIRE(a.log.size() == b.log.size());
  for (std::size_t i = 0; i < a.log.size(); ++i) {
    CHECK(a.log[i].training.loss == b.log[i].training.loss);
    CHECK(a.log[i].validation.accuracy == b.log[i].validation.accuracy);
  }
}

}  // namespace

TEST_CASE(
    "both kinds of gradient learn three easy classes, with time constants, the same bits on any threads") {
  for (const bool exact : {false, true}) {
    const Setting setting(exact);
    const TrainerState state = run(setting, 1);
    CHECK(state.log.back().training.loss < 0.7 * state.log.front().training.loss);
    CHECK(state.best_accuracy > 0.85);
    check_same(state, run(setting, 3));
  }
}

TEST_CASE("training that is stopped, kept and restored goes on to the same bits") {
  for (const bool exact : {false, true}) {
    const Setting setting(exact);
    const TrainerState whole = run(setting, 2);
    Executor executor;
    TrainerState kept;
    {
      const auto learner = setting.learner();
      Trainer trainer(*learner, setting.training, setting.validation, setting.options, executor);
      for (int i = 0; i < 3; ++i) CHECK(trainer.epoch());
      // Stopped within the fourth: nothing of it counts.
      CHECK_FALSE(trainer.epoch([](double done, const PassTotals&) { return done < 0.5; }));
      CHECK(learner->parameters().values == trainer.state().parameters);
      kept = trainer.state();
      CHECK(kept.epoch == 3);
    }
    const auto learner = setting.learner();
    Trainer trainer(*learner, setting.training, setting.validation, setting.options, executor);
    trainer.restore(kept);
    while (!trainer.done()) CHECK(trainer.epoch());
    check_same(whole, trainer.state());
    kept.parameters.pop_back();
    CHECK_THROWS_AS(trainer.restore(kept), UsageError);
  }
}

TEST_CASE("numbers that run away are named, and the last good epoch stands") {
  Setting setting(false);
  setting.options.augmentation = {};
  Executor executor;
  const auto learner = setting.learner();
  Trainer good(*learner, setting.training, setting.validation, setting.options, executor);
  CHECK(good.epoch());
  setting.options.optimizer.rate = 1e308;
  setting.options.optimizer.kind = OptimizerOptions::Kind::sgd;
  Trainer bad(*learner, setting.training, setting.validation, setting.options, executor);
  bad.restore(good.state());
  CHECK_THROWS_WITH_AS(bad.epoch(), doctest::Contains("'hidden.w_in'"), DivergedError);
  CHECK(learner->parameters().values == good.state().parameters);
  CHECK(bad.state().epoch == 1);
}

TEST_CASE("patience ends training, and the best network is kept") {
  Setting setting(false);
  setting.options.optimizer.rate = 0.0;  // nothing ever gets better
  setting.options.patience = 2;
  setting.options.epochs = 50;
  const TrainerState state = run(setting, 1);
  CHECK(state.epoch == 3);
  CHECK(state.best_epoch == 1);
  CHECK(state.best_parameters == state.parameters);
}

TEST_CASE("with nothing to validate on the last epoch is the best") {
  Setting setting(false);
  setting.validation = LabelledSpikes{};
  setting.options.epochs = 2;
  const TrainerState state = run(setting, 1);
  CHECK(state.best_epoch == 2);
  CHECK(state.best_accuracy < 0.0);
  CHECK(state.best_parameters == state.parameters);
}

TEST_CASE("the trainer refuses to learn from nothing") {
  const Setting setting(false);
  Executor executor;
  const auto learner = setting.learner();
  const LabelledSpikes none;
  CHECK_THROWS_AS(Trainer(*learner, none, none, setting.options, executor), UsageError);
}

}  // namespace flurry
