// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/run_simulation.hpp"
#include "tools/cli/run_texts.hpp"
#include "tools/cli/sealed_output.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct ResumeOptions {
  std::string file;
  std::optional<std::uint64_t> threads;
  std::optional<double> until;
  bool quiet = false;
  bool progress = false;
  bool as_json = false;
};

void declare(Arguments& arguments, ResumeOptions& options) {
  arguments.positional("FILE", options.file, "checkpoint of a run, as in run.3.checkpoint");
  arguments.whole_number("-t,--threads", options.threads,
                         "threads; the result is the same for any number, whatever it was before");
  arguments.quantity("-u,--until", options.until, Dimension::time,
                     "time to simulate, counted from the beginning, instead of what the run was asked for");
  arguments.flag("-q,--quiet", options.quiet, "print nothing but errors");
  arguments.flag("--progress", options.progress, "show progress even where stderr is not a terminal");
  arguments.flag("--json", options.as_json, "print the summary and all counts as JSON");
}

// The last whole checkpoint of the same run before this one; empty where there is none.
std::string one_before(const std::filesystem::path& file) {
  for (const std::filesystem::path& path : checkpoints_before(file)) {
    try {
      (void)read_checkpoint(path);
      return path.string();
    } catch (const Error&) {  // no better
    }
  }
  return "";
}

std::shared_ptr<const Checkpoint> load(const std::filesystem::path& file) {
  try {
    return std::make_shared<const Checkpoint>(read_checkpoint(file));
  } catch (const FormatError& error) {
    const std::string before = one_before(file);
    throw FormatError(error.what() +
                      (before.empty() ? std::string() : "; " + before + " is whole: go on with that one"));
  }
}

int run(const ResumeOptions& options) {
  const std::shared_ptr<const Checkpoint> checkpoint = load(options.file);
  RunRequest request = request_from(checkpoint, std::filesystem::path(options.file).parent_path());
  RunInput input = load_run_input(request.input, catalogue(), request.settings, checkpoint->network_text);
  request.threads = options.threads;
  if (options.until) request.until = options.until;
  add_records(request, input, catalogue());
  request.progress = progress_wanted(options.progress, options.quiet);
  return tell_result(run_simulation(std::move(input.network), catalogue(), request), options.as_json,
                     options.quiet);
}

}  // namespace

Verb resume_verb() {
  return {
      "resume", "Go on with a run from a checkpoint",
      "Examples:\n"
      "  flurry run network.toml -o run.h5 --checkpoint '5 min wall'    killed after a while\n"
      "  flurry resume run.3.checkpoint\n"
      "  flurry resume run.3.checkpoint --threads 8 --until '20 s'\n"
      "The checkpoint holds the network and what was asked for; files of the run are expected beside it, "
      "and\n"
      "those the network is read from where they were. Spikes and reports become what they would be had the\n"
      "run never been stopped, to the bit. A run that is complete goes on where --until asks for more.\n",
      [](Arguments& arguments) { return bind_verb<ResumeOptions>(arguments, &declare, &run); }};
}

}  // namespace flurry
