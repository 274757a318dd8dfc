// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/process_ranks.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/rank_files.hpp"
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

std::filesystem::path output_of(const Checkpoint& checkpoint, const std::filesystem::path& file) {
  for (const auto& [name, value] : checkpoint.run)
    if (name == "output") return file.parent_path() / value;
  throw FormatError("the checkpoint '" + file.string() + "' does not say what its run writes");
}

// Throws unless the parts of all ranks can be read.
void expect_whole(const std::filesystem::path& file) {
  const Checkpoint one = read_checkpoint(file);
  for (const std::filesystem::path& path : checkpoints_of_all(output_of(one, file), one))
    if (path.filename() != file.filename()) (void)read_checkpoint(path);
}

// The last whole checkpoint of the same run before this one; empty where there is none.
std::string one_before(const std::filesystem::path& file) {
  for (const std::filesystem::path& path : checkpoints_before(file)) {
    try {
      expect_whole(path);
      return path.string();
    } catch (const Error&) {  // no better
    }
  }
  return "";
}

template <class Work>
auto offering_one_before(const std::filesystem::path& file, const Work& work) {
  try {
    return work();
  } catch (const FormatError& error) {
    const std::string before = one_before(file);
    throw FormatError(error.what() +
                      (before.empty() ? std::string() : "; " + before + " is whole: go on with that one"));
  }
}

int run(const ResumeOptions& options) {
  const auto one = offering_one_before(
      options.file, [&] { return std::make_shared<const Checkpoint>(read_checkpoint(options.file)); });
  RunRequest request = request_from(one, std::filesystem::path(options.file).parent_path());
  RunInput input = load_run_input(request.input, catalogue(), request.settings, one->network_text);
  Communicator& ranks = process_ranks();
  if (ranks.ranks() != one->ranks) request.over = one;
  request.from = offering_one_before(options.file, [&] {
    return std::make_shared<const Checkpoint>(
        checkpoint_for(ranks, input.network, request.partition, request.output, *one));
  });
  if (!request.over && ranks.ranks() == 1) undo_close(request.output, *one);
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
      "resume",
      "Go on with a run from a checkpoint",
      "Examples:\n"
      "  flurry run network.toml -o run.h5 --checkpoint '5 min wall'    killed after a while\n"
      "  flurry resume run.3.checkpoint\n"
      "  flurry resume run.3.checkpoint --threads 8 --until '20 s'\n"
      "  mpirun -n 3 flurry resume run.rank0of4.3.checkpoint     any rank's; the number of ranks may change\n"
      "The checkpoint holds the network and what was asked for; files of the run are expected beside it, "
      "and\n"
      "those the network is read from where they were. Spikes and reports become what they would be had the\n"
      "run never been stopped, to the bit. A run that is complete goes on where --until asks for more.\n",
      [](Arguments& arguments) { return bind_verb<ResumeOptions>(arguments, &declare, &run); },
      {},
      true};
}

}  // namespace flurry
