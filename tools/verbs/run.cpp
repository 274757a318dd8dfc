// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/process_ranks.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/run_input.hpp"
#include "tools/cli/run_simulation.hpp"
#include "tools/cli/run_texts.hpp"
#include "tools/cli/verb.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/learning/model_run.hpp"

namespace flurry {
namespace {

struct RunOptions {
  std::string input;
  std::string output;
  RunRequest request;
  std::vector<std::string> settings;
  std::vector<std::string> records;
  std::string data;
  std::optional<std::uint64_t> sample;
  std::string checkpoint;
  std::string partition;
  std::optional<std::uint64_t> keep;
  bool quiet = false;
  bool progress = false;
  bool as_json = false;
};

void declare(Arguments& arguments, RunOptions& options) {
  arguments.positional("INPUT", options.input,
                       "network file (.toml), SONATA configuration (.json) or trained model (.h5)");
  arguments.required_option("-o,--output", options.output, "OUT.h5",
                            "spike file to write (SONATA layout in HDF5)");
  arguments.whole_number("-t,--threads", options.request.threads,
                         "threads; the result is the same for any number");
  arguments.whole_number("-s,--seed", options.request.seed,
                         "seed of everything random, instead of the network's");
  arguments.quantity("-u,--until", options.request.until, Dimension::time,
                     "time to simulate, instead of the network's");
  arguments.quantity("--resolution", options.request.resolution, Dimension::time,
                     "simulate on a grid of this step, as NEST's iaf_psc_* models do; default: exact time");
  arguments.repeated("--set", options.settings, "KEY=VALUE",
                     "change one value of the network file, e.g. populations.E.tau_m=20ms");
  arguments.repeated(
      "--record", options.records, "POPULATION.VARIABLE[,KEY=VALUE...]",
      "record besides what the network file says: a variable of the model (flurry models NAME) "
      "or spikes; keys as in [record]: neurons, sample, seed, interval, start, stop, times, "
      "precision");
  arguments.option("--data", options.data, "DATA",
                   "of a trained model: the data set to take the sample from; default: its test samples");
  arguments.whole_number("--sample", options.sample, "of a trained model: which sample to run, from 0");
  arguments.flag("--drop", options.request.drop_when_slow,
                 "where the disk is slower than the run, leave samples out instead of waiting");
  arguments.option(
      "--partition", options.partition, "HOW",
      "under mpirun, how neurons are dealt out to ranks: round-robin (default), or locality, which "
      "keeps together what is connected");
  arguments.option(
      "--checkpoint", options.checkpoint, "EVERY",
      "write a checkpoint every so often, and at the end: simulated time ('10 s') or time on the "
      "clock ('5 min wall'); flurry resume goes on from it");
  arguments.whole_number("--keep", options.keep, "checkpoints that stay, the last ones; default: 2");
  arguments.flag("-q,--quiet", options.quiet, "print nothing but errors");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
  arguments.flag("--json", options.as_json, "print the summary and all counts as JSON");
  arguments.keep_command(options.request.command);
}

RunInput load_input(const RunOptions& options, bool progress) {
  if (is_model(options.input)) {
    if (!options.settings.empty())
      throw UsageError("--set works on network files (TOML); '" + options.input + "' is a trained model");
    if (!options.checkpoint.empty())
      throw UsageError("--checkpoint is for long runs; one sample of a trained model takes a moment");
    return model_run_input(options.input, {options.data, options.sample.value_or(0)}, progress);
  }
  if (!options.data.empty() || options.sample)
    throw UsageError("--data and --sample choose what a trained model is run on; '" + options.input +
                     "' is none");
  return load_run_input(options.input, catalogue(), options.settings);
}

int run(const RunOptions& options) {
  const bool progress = progress_wanted(options.progress, options.quiet);
  RunInput input = load_input(options, progress);
  RunRequest request = options.request;
  request.output = options.output;
  request.input = options.input;
  request.settings = options.settings;
  request.record_texts = options.records;
  if (!options.partition.empty()) request.partition = parse_partition(options.partition);
  if (!options.checkpoint.empty())
    request.checkpoints = parse_checkpoint_plan(options.checkpoint, options.keep);
  request.checkpoints.when_stopped = !is_model(options.input);
  add_records(request, input, catalogue());
  request.progress = progress;
  if (!options.quiet && process_ranks().rank() == 0)
    for (const std::string& note : input.notes) fmt::print(stderr, "note: {}\n", note);
  const RunResult result = run_simulation(std::move(input.network), catalogue(), request);
  return tell_result(result, options.as_json, options.quiet);
}

}  // namespace

Verb run_verb() {
  return {
      "run",
      "Simulate a network and write its spikes",
      "Examples:\n"
      "  flurry run network.toml -o run.h5\n"
      "  flurry run network.toml -o slow.h5 --set populations.E.tau_m=40ms --until '2 s' --seed 7\n"
      "  flurry run simulation_config.json -o run.h5 --threads 8 --json\n"
      "  flurry run simulation_config.json -o grid.h5 --resolution '0.1 ms'\n"
      "  flurry run network.toml -o run.h5 --record E.V_m,sample=100,interval=0.1ms   writes run.E.V_m.h5\n"
      "  flurry run network.toml -o run.h5 --record E.spikes,neurons=0-99\n"
      "  flurry run digits.h5 --sample 17 -o run.h5 --record readout.V_m,interval=2ms\n"
      "  flurry run network.toml -o run.h5 --checkpoint '5 min wall' --keep 3   writes run.1.checkpoint, "
      "...\n"
      "  mpirun -n 4 flurry run network.toml -o run.h5   on four ranks (built with MPI): run.h5 reads as one "
      "file,\n"
      "                                                  each rank writes its part, run.rank0of4.h5, ...\n"
      "While it runs, run.h5.partial and run.E.V_m.h5.partial can be read (h5py: swmr=True).\n"
      "Ctrl-C stops cleanly: the file keeps the spikes so far and is marked incomplete, and a\n"
      "checkpoint beside it says how to go on. A run that is killed goes on from its last one: flurry "
      "resume.\n",
      [](Arguments& arguments) { return bind_verb<RunOptions>(arguments, &declare, &run); },
      {},
      true};
}

}  // namespace flurry
