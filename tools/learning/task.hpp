// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/learning/event_prop_learner.hpp"
#include "models/learning/initial_network.hpp"
#include "models/learning/surrogate_learner.hpp"
#include "models/learning/trainer.hpp"
#include "tools/dataset/encoding_options.hpp"

namespace flurry {

/// Where samples come from, and which of them are for what.
struct TaskData {
  enum class Source : std::uint8_t { file, yin_yang };
  enum class Split : std::uint8_t { none, fraction, official, speakers, fold };
  Source source = Source::file;
  std::filesystem::path file;
  std::filesystem::path test_file;  // a data set of its own; empty: `split` decides
  EncodingOptions encoding;
  Split split = Split::none;
  double test = 0.2;                  // fraction of each class
  std::vector<std::string> hold_out;  // speakers
  std::uint32_t folds = 5;
  std::uint32_t fold = 0;             // which of them is the test
  double validation = 0.1;            // of what is not the test, per class
  std::uint32_t limit = 0;            // samples read at most, evenly taken; 0: all
  std::uint64_t seed = 1;             // of splits
  std::uint32_t samples = 5000;       // yin_yang: to learn from
  std::uint32_t test_samples = 1000;  // yin_yang: for validation, and again for the test
};

/// How networks of the 2021 study differ in their time constants.
enum class Condition : std::uint8_t {
  as_described,
  homogeneous_fixed,
  heterogeneous_fixed,
  homogeneous_trained,
  heterogeneous_trained
};

/// A task file, understood.
struct LearningTask {
  enum class Method : std::uint8_t { surrogate, event_prop };
  TaskData data;
  double resolution = 0.0;  // ms; 0: exact time
  double duration = 0.0;    // ms
  double delay = 0.0;       // ms
  Integrator integrator = Integrator::exact;
  LearnedNetwork::Decision decision = LearnedNetwork::Decision::max_over_time;
  std::vector<LayerDescription> layers;
  std::vector<LayerTraining> training;
  double activity = 0.0;  // spikes per neuron and sample that weights are scaled to; 0: as drawn
  Method method = Method::surrogate;
  SurrogateOptions surrogate;
  EventPropLearning event_prop;
  TrainingScales scales;
  TrainerOptions trainer;

  std::string text;                   // as written
  std::filesystem::path origin;       // the file it came from
  std::vector<std::string> settings;  // of --set
};

/// Reads a task file (TOML; tools/learning/README.md is its manual). UsageError with file:line for anything
/// unknown or out of range.
[[nodiscard]] LearningTask read_task(const std::filesystem::path& path,
                                     const std::vector<std::string>& settings);
[[nodiscard]] LearningTask parse_task(const std::string& text, const std::filesystem::path& origin,
                                      const std::vector<std::string>& settings);

/// A network of the task for these channels and classes, its numbers drawn. `samples` are looked at where
/// weights are scaled to an activity.
[[nodiscard]] LearnedNetwork first_network(const LearningTask& task, const LabelledSpikes& samples,
                                           Executor& executor);
/// The learner the task asks for.
[[nodiscard]] std::unique_ptr<Learner> make_learner(const LearningTask& task, LearnedNetwork network);

}  // namespace flurry
