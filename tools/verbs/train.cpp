// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/parallel/thread_executor.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/text_output.hpp"
#include "tools/cli/verb.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/learning/training_data.hpp"
#include "tools/learning/training_log.hpp"

namespace flurry {
namespace {

struct TrainOptions {
  std::string task;
  std::string output;
  std::string resume;
  std::vector<std::string> settings;
  std::string condition;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> epochs;
  std::optional<std::uint64_t> threads;
  bool quiet = false;
  bool progress = false;
  bool as_json = false;
};

void declare(Arguments& arguments, TrainOptions& options) {
  arguments.optional_positional("TASK", options.task, "task file (.toml): data, network and how to train");
  arguments.option("-o,--output", options.output, "MODEL.h5",
                   "trained model to write, and MODEL.csv, its log; default: the task's name");
  arguments.option("--resume", options.resume, "MODEL.h5",
                   "go on where this one stopped, to the same bits as if it had not");
  arguments.repeated("--set", options.settings, "KEY=VALUE",
                     "change one value of the task file, e.g. training.epochs=20");
  arguments.option(
      "--condition", options.condition, "NAME",
      "time constants of the hidden layers: homogeneous-fixed, heterogeneous-fixed (gamma, shape 3), "
      "homogeneous-trained or heterogeneous-trained; default: as the task describes them");
  arguments.whole_number("-s,--seed", options.seed, "seed of weights, order of samples and augmentation");
  arguments.whole_number("-e,--epochs", options.epochs, "epochs, instead of the task's");
  arguments.whole_number("-t,--threads", options.threads, "threads; the result is the same for any number");
  arguments.flag("-q,--quiet", options.quiet, "print nothing but errors");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
  arguments.flag("--json", options.as_json, "print the result as JSON");
}

std::vector<std::string> settings_of(const TrainOptions& options) {
  std::vector<std::string> settings = options.settings;
  if (!options.condition.empty()) settings.push_back("training.condition='" + options.condition + "'");
  if (options.seed) settings.push_back(fmt::format("training.seed={}", *options.seed));
  if (options.epochs) settings.push_back(fmt::format("training.epochs={}", *options.epochs));
  return settings;
}

/// A model to begin with, or the one to go on with.
TrainedModel begin(const TrainOptions& options) {
  if (options.task.empty() == options.resume.empty())
    throw UsageError("give a task file to begin, or --resume MODEL.h5 to go on; not both");
  TrainedModel model;
  if (options.resume.empty()) {
    model.task = read_task(options.task, settings_of(options));
    return model;
  }
  model = read_model(options.resume);
  std::vector<std::string> settings = model.task.settings;
  for (const std::string& setting : settings_of(options)) settings.push_back(setting);
  model.task = parse_task(model.task.text, model.task.origin, settings);
  return model;
}

std::filesystem::path output_of(const TrainOptions& options) {
  if (!options.output.empty()) return options.output;
  if (!options.resume.empty()) return options.resume;
  return std::filesystem::path(options.task).stem().string() + ".h5";
}

void save(const std::filesystem::path& output, const Learner& learner, const Trainer& trainer,
          TrainedModel& model) {
  model.state = trainer.state();
  model.network = learner.network_of(model.state.best_parameters);
  write_model(output, model);
  std::filesystem::path log = output;
  write_text(log.replace_extension(".csv"), log_text(model.state.log));
}

/// Epoch after epoch, each saved. False where the user stopped it.
bool train_on(const TrainOptions& options, const std::filesystem::path& output, const Learner& learner,
              Trainer& trainer, TrainedModel& model) {
  const InterruptGuard guard;
  const double epochs = model.task.trainer.epochs;
  ProgressBar bar("training", progress_wanted(options.progress, options.quiet));
  while (!trainer.done()) {
    const TrainerState& state = trainer.state();
    const bool whole = trainer.epoch([&](double done, const PassTotals& so_far) {
      bar.update(
          (state.epoch + done) / epochs,
          fmt::format("epoch {} of {}: {:.1f} % right, best validation {:.1f} %", state.epoch + 1, epochs,
                      100.0 * static_cast<double>(so_far.correct) / static_cast<double>(so_far.samples),
                      100.0 * std::max(0.0, state.best_accuracy)));
      return !InterruptGuard::requested();
    });
    if (!whole) return false;
    save(output, learner, trainer, model);
    if (!options.quiet && !options.as_json) {
      bar.clear();
      fmt::print("{}\n", log_line(trainer.state().log.back()));
      std::fflush(stdout);
    }
    if (InterruptGuard::requested()) return trainer.done();
  }
  return true;
}

int train(const TrainOptions& options) {
  TrainedModel model = begin(options);
  const bool progress = progress_wanted(options.progress, options.quiet);
  const std::filesystem::path output = output_of(options);
  ThreadExecutor executor(options.threads.value_or(0));
  const TrainingData data = read_training_data(model.task, progress);
  const bool resumed = !options.resume.empty();
  if (!resumed) model.network = first_network(model.task, data.training, executor);
  const std::unique_ptr<Learner> learner = make_learner(model.task, model.network);
  if (!resumed) model.initial = learner->network().layers;  // within their bounds
  Trainer trainer(*learner, data.training, data.validation, model.task.trainer, executor);
  if (resumed) trainer.restore(model.state);
  if (!options.quiet && !options.as_json)
    fmt::print("{} samples to learn from, {} for validation, {} numbers to train\n",
               grouped(data.training.size()), grouped(data.validation.size()),
               grouped(learner->parameters().trained()));
  bool whole = false;
  try {
    whole = train_on(options, output, *learner, trainer, model);
  } catch (const DivergedError& error) {
    const bool any = trainer.state().epoch > 0;
    throw UsageError(std::string(error.what()) +
                     (any ? fmt::format("; {} holds epoch {} and the best before it", output.string(),
                                        trainer.state().epoch)
                          : "; nothing was written"));
  }
  if (options.as_json)
    fmt::print("{}\n", json_text(training_document(model, output)));
  else if (!options.quiet)
    fmt::print("{}", training_text(model, output));
  if (whole) return ExitCode::ok;
  if (trainer.state().epoch == 0)
    fmt::print(stderr, "flurry: interrupted within the first epoch; nothing was written\n");
  else
    fmt::print(stderr, "flurry: interrupted after epoch {} of {}; flurry train --resume {} goes on\n",
               trainer.state().epoch, model.task.trainer.epochs, output.string());
  return ExitCode::interrupted;
}

}  // namespace

Verb train_verb() {
  return {"train", "Train a network on labelled spikes, time constants and all",
          "Examples:\n"
          "  flurry train examples/learning/yin_yang.toml -o yin_yang.h5\n"
          "  flurry train digits.toml --condition heterogeneous-trained --seed 3 --set training.epochs=30\n"
          "  flurry train --resume digits.h5 --epochs 60\n"
          "After every epoch MODEL.h5 holds the network that did best on the validation samples, and all it\n"
          "takes to go on; Ctrl-C loses the epoch under way at most. Then:\n"
          "  flurry evaluate digits.h5\n"
          "  flurry plot digits.h5 -o pictures\n",
          [](Arguments& arguments) { return bind_verb<TrainOptions>(arguments, &declare, &train); }};
}

}  // namespace flurry
