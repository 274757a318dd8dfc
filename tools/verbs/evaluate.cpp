// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/parallel/thread_executor.hpp"
#include "tools/analysis/profile_choice.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/verb.hpp"
#include "tools/learning/evaluation.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/learning/training_data.hpp"
#include "tools/plot/learning_pictures.hpp"

namespace flurry {
namespace {

struct EvaluateOptions {
  std::string model;
  std::string data;
  std::string part;
  std::optional<double> stretch;
  std::vector<std::string> settings;
  std::vector<std::string> profiles;
  std::string pictures;
  std::optional<std::uint64_t> threads;
  bool quiet = false;
  bool progress = false;
  bool as_json = false;
};

void declare(Arguments& arguments, EvaluateOptions& options) {
  arguments.positional("MODEL", options.model, "trained model that `flurry train` wrote");
  arguments.optional_positional("DATA", options.data,
                                "data set to take all samples of; default: the test samples of its task");
  arguments.option("--part", options.part, "test|validation|training",
                   "which samples of the task, instead of the test's");
  arguments.quantity("--stretch", options.stretch, Dimension::number,
                     "multiply all input times, and with more than 1 the duration");
  arguments.repeated("--set", options.settings, "KEY=VALUE",
                     "change one value of its task, e.g. data.file=digits.h5");
  arguments.repeated("-p,--profile", options.profiles, "NAME|FILE", "energy profile to price with, or 'all'");
  arguments.option("-o,--output", options.pictures, "DIR", "folder for a picture of the confusion");
  arguments.whole_number("-t,--threads", options.threads, "threads; the result is the same for any number");
  arguments.flag("-q,--quiet", options.quiet, "no progress");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
  arguments.flag("--json", options.as_json, "print as JSON");
}

DataPart part_of(const std::string& name) {
  const std::vector<std::string> names{"test", "validation", "training"};
  if (name.empty() || name == "test") return DataPart::test;
  if (name == "validation") return DataPart::validation;
  if (name == "training") return DataPart::training;
  throw UsageError(unknown_name("part", name, "--part", names));
}

int run(const EvaluateOptions& options) {
  TrainedModel model = read_model(options.model);
  std::vector<std::string> settings = model.task.settings;
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  model.task = parse_task(model.task.text, model.task.origin, settings);
  const double stretch = options.stretch.value_or(1.0);
  if (!(stretch > 0.0)) throw UsageError(fmt::format("--stretch is {}; allowed: above 0", stretch));
  if (!options.data.empty() && !options.part.empty())
    throw UsageError("--part chooses among the samples of the task; all of DATA are taken");
  const bool progress = progress_wanted(options.progress, options.quiet);
  const std::vector<EnergyProfile> profiles = choose_profiles(options.profiles);
  const LabelledSpikes samples = options.data.empty()
                                     ? read_part(model.task, part_of(options.part), progress)
                                     : read_other_data(model.task, options.data, model.network, progress);
  ThreadExecutor executor(options.threads.value_or(0));
  const Evaluation evaluation = evaluate(model.task, model.network, samples, stretch, executor, progress);
  if (!options.pictures.empty()) draw(confusion_picture(evaluation), options.pictures);
  if (options.as_json)
    fmt::print("{}\n", json_text(evaluation_document(evaluation, profiles)));
  else
    fmt::print("{}", evaluation_text(evaluation, profiles));
  return 0;
}

}  // namespace

Verb evaluate_verb() {
  return {"evaluate", "Run a trained model on samples: accuracy, confusion, spikes, energy, latency",
          "Examples:\n"
          "  flurry evaluate digits.h5                     on the test samples of its task\n"
          "  flurry evaluate digits.h5 others.h5 --json    on all samples of another data set\n"
          "  flurry evaluate digits.h5 --part validation --stretch 1.5\n"
          "Samples run through the event engine, on the model's grid and in exact time.\n",
          [](Arguments& arguments) { return bind_verb<EvaluateOptions>(arguments, &declare, &run); }};
}

}  // namespace flurry
