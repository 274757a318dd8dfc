// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "core/base/collective.hpp"
#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "core/base/version.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "io/report/report_index.hpp"
#include "io/spikes/spike_index.hpp"
#include "tools/cli/counts_json.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/process_ranks.hpp"
#include "tools/cli/progress_bar.hpp"
#include "tools/cli/rank_files.hpp"
#include "tools/cli/rank_report.hpp"
#include "tools/cli/run_checkpoints.hpp"
#include "tools/cli/run_output.hpp"
#include "tools/cli/run_texts.hpp"
#include "tools/cli/sealed_output.hpp"

namespace flurry {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// ms
double duration_of(const NetworkDescription& network, const RunRequest& request) {
  const std::optional<double> until = request.until ? request.until : network.duration;
  if (!until)
    throw UsageError(
        "how long to simulate is not said; add --until '1 s', or until = \"1 s\" to [run] of the network");
  if (!(*until > 0.0) || *until > 1e15)
    throw UsageError("--until is " + shortest(*until) + " ms; allowed: > 0 ms");
  if (request.from && *until < request.from->state.reached_ms)
    throw UsageError("--until is " + shortest(*until) + " ms, but the checkpoint was taken at " +
                     shortest(request.from->state.reached_ms) + " ms; allowed: that or later");
  return *until;
}

double checked_resolution(double resolution) {
  if (!(resolution > 0.0) || !std::isfinite(resolution))
    throw UsageError("--resolution is " + shortest(resolution) + " ms; allowed: > 0 ms");
  return resolution;
}

std::size_t thread_count(const RunRequest& request) {
  if (request.threads && (*request.threads == 0 || *request.threads > 4096))
    throw UsageError("--threads is " + std::to_string(*request.threads) + "; allowed: 1 to 4096");
  return request.threads.value_or(
      std::max<std::size_t>(1, std::thread::hardware_concurrency() / ranks_on_this_machine()));
}

Network build_network(const NetworkDescription& network, Executor& executor, const RunRequest& request,
                      const Share& share) {
  ProgressBar bar("building  ", request.progress);
  const BuildProgress progress = [&](std::string_view projection, double done) {
    bar.update(done, projection);
    if (InterruptGuard::requested()) throw Interrupted("interrupted while building; nothing was written");
  };
  return share.communicator.ranks() > 1 ? build(network, executor, progress, share)
                                        : build(network, executor, progress);
}

Provenance provenance_of(const NetworkDescription& network, const RunRequest& request, double until) {
  Provenance provenance;
  provenance.version = std::string(version);
  provenance.command = request.command;
  provenance.network_text = network.text;
  // Absolute, so that files named within it are found again from anywhere.
  provenance.network_path = network.origin.empty() ? "" : std::filesystem::absolute(network.origin).string();
  provenance.seed = network.seed;
  provenance.until = until;
  provenance.resolution = network.resolution.value_or(0.0);
  return provenance;
}

void simulate(Simulation& simulation, const RunRequest& request, RunCheckpoints& checkpoints,
              RunOutput& output, RunResult& result) {
  ProgressBar bar("simulating", request.progress);
  checkpoints.run(simulation, output, result.until, [&](double now) {
    bar.update(now / result.until, shortest(std::round(now)) + " ms");
    return !InterruptGuard::requested();
  });
  result.checkpoint = checkpoints.last();
  result.checkpoints = checkpoints.written();
  result.checkpoint_bytes = checkpoints.bytes();
  result.checkpoint_seconds = checkpoints.seconds();
}

// What checkpoints of this run have in common.
Checkpoint common_part(const RunRequest& request, const NetworkDescription& network, const RunPart& part) {
  Checkpoint common;
  common.rank = part.rank;
  common.ranks = part.ranks;
  common.earlier = part.earlier;
  common.network_text = request.from ? request.from->network_text : network.text;
  common.number = request.from ? request.from->number : 0;
  if (!request.checkpoints.every && !request.checkpoints.when_stopped) return common;
  common.version = std::string(version);
  common.run = run_texts(request, network.seed);
  return common;
}

void expect_same_network(const RunRequest& request, const Simulation& simulation) {
  if (!request.from || request.from->fingerprint == simulation.fingerprint()) return;
  throw UsageError(
      "the network is not the one that the checkpoint was taken of: a file it is read from has "
      "changed since, or version " +
      request.from->version + " of flurry, which wrote the checkpoint, drew it differently");
}

// A disk that is full ends the run in order: what was written stays.
void write_or_keep(RunOutput& output, const Simulation& simulation, const std::function<void()>& work) {
  try {
    work();
  } catch (const SystemError& error) {
    const std::string kept = output.keep_what_there_is(counts_text(simulation.counts()));
    throw SystemError(
        std::string(error.what()) +
        (kept.empty() ? "" : "; marked incomplete, with the time they reach, are kept: " + kept));
  }
}

// What all ranks had and did.
void count(const Simulation& simulation, const Network& network, const Catalogue& catalogue,
           Communicator& ranks, RunResult& result) {
  result.counts = simulation.counts();
  RankReport here;
  for (const Population& population : network.populations())
    if (!catalogue.info(population.description.model, population.description.where).is_source)
      here.neurons += population.size();
  here.synapses = network.synapses();
  here.memory_bytes = simulation.memory_bytes();
  for (const Projection& projection : network.projections())
    here.memory_bytes += projection.synapses() * projection.bytes_per_synapse();
  here.arrivals = result.counts.total(&ProjectionCounts::arrivals);
  here.spikes_sent = simulation.spikes_sent();
  here.messages = ranks.done().messages;
  here.bytes_sent = ranks.done().bytes;
  here.exchanges = ranks.done().exchanges;
  here.waiting_us = static_cast<std::uint64_t>(ranks.done().waiting * 1e6);
  for (const auto& of_rank : gather_all<RankReport>(ranks, std::span(&here, 1))) {
    result.ranks.push_back(of_rank.at(0));
    result.neurons += of_rank[0].neurons;
    result.synapses += of_rank[0].synapses;
    result.memory_bytes += of_rank[0].memory_bytes;
  }
  sum_counts(ranks, result.counts);
  result.counts.duration = result.reached;
  if (ranks.ranks() == 1) result.ranks.clear();
}

// The files of all parts, of this leg and those before, read as one.
void put_together(const RunRequest& request, const RunPart& part, const RunOutput& output,
                  const RunCheckpoints& checkpoints, Communicator& ranks, RunResult& result) {
  result.reports = output.reports();
  result.dropped = output.dropped();
  sum_all(ranks, std::span(&result.dropped, 1));  // and all have finished their files
  if (part.is_whole()) return;
  result.reports.clear();
  const auto legs = all_parts(request.output, part);
  std::vector<std::filesystem::path> all;
  for (const auto& leg : legs) all.insert(all.end(), leg.begin(), leg.end());
  if (ranks.rank() == 0)
    write_spike_index(request.output, all, {result.reached, result.complete, counts_text(result.counts)});
  std::vector<std::string> names;
  for (const NamedReport& report : output.named_reports()) {
    names.push_back(report.name);
    const std::filesystem::path path = report_path(request.output, report.name);
    result.reports.push_back(path.string());
    if (ranks.rank() != 0) continue;
    std::vector<ReportParts> parts;
    for (const auto& leg : legs) {
      parts.emplace_back();
      for (const std::filesystem::path& spikes : leg)
        if (const auto file = report_path(spikes, report.name); std::filesystem::exists(file))
          parts.back().push_back(file);
    }
    write_report_index(path, parts, report.times, result.until, result.complete);
  }
  if (ranks.rank() == 0) forget_earlier_legs(request.output, part, names, checkpoints.first_kept());
}

}  // namespace

void add_records(RunRequest& request, const RunInput& input, const Catalogue& catalogue) {
  request.records = input.records;
  for (const std::string& record : request.record_texts)
    request.records.push_back(parse_record(record, input.network, catalogue));
}

RunResult run_simulation(NetworkDescription network, const Catalogue& catalogue, const RunRequest& request) {
  const InterruptGuard guard;
  RunResult result;
  result.until = duration_of(network, request);
  result.threads = thread_count(request);
  result.output = request.output;
  if (request.seed) network.seed = *request.seed;
  if (request.resolution) network.resolution = checked_resolution(*request.resolution);
  result.resolution = network.resolution;
  result.seed = network.seed;

  Communicator& ranks = process_ranks();
  const Partition partition = Partition::of(request.partition, network, ranks.ranks());
  const Share share{partition, ranks};
  ThreadExecutor executor(result.threads);
  const Clock::time_point start = Clock::now();
  const Network built = build_network(network, executor, request, share);
  Simulation simulation = ranks.ranks() > 1 ? Simulation(built, catalogue, executor, share)
                                            : Simulation(built, catalogue, executor);
  result.build_seconds = seconds_since(start);

  const bool new_leg = request.over != nullptr;
  if (request.from && !new_leg) expect_outputs(request.output.parent_path(), *request.from);
  expect_same_network(request, simulation);
  if (new_leg && ranks.rank() == 0) close_leg(request.output, *request.over);
  if (ranks.rank() == 0 && request.from)
    remove_later_legs(request.output, request.from->earlier.size() + (new_leg ? 0 : 1));
  if (ranks.rank() == 0 && !request.from) remove_unfinished_parts(request.output);
  (void)any_rank(ranks, false);  // only now may parts of this leg be made
  const RunPart part{ranks.rank(), ranks.ranks(),
                     request.from ? request.from->earlier : std::vector<std::uint64_t>()};
  const std::filesystem::path path = part_path(request.output, part);
  remove_checkpoints(path, 0, request.from ? request.from->number + 1 : 0);
  RunOutput output({path, request.records, request.drop_when_slow,
                    provenance_of(network, request, result.until), new_leg ? nullptr : request.from.get(),
                    new_leg ? request.from->state.samples : std::vector<std::uint64_t>(),
                    request.from ? request.from->dropped : 0},
                   built, catalogue, simulation);
  if (request.from) simulation.restore(request.from->state);
  RunCheckpoints checkpoints(request.checkpoints, path, common_part(request, network, part), ranks);
  const Clock::time_point began = Clock::now();
  write_or_keep(output, simulation, [&] { simulate(simulation, request, checkpoints, output, result); });
  result.complete = simulation.now() >= result.until;
  result.reached = std::min(simulation.now(), result.until);
  count(simulation, built, catalogue, ranks, result);
  write_or_keep(output, simulation,
                [&] { output.finish(result.reached, result.complete, counts_text(result.counts)); });
  put_together(request, part, output, checkpoints, ranks, result);
  result.run_seconds = seconds_since(began);
  return result;
}

}  // namespace flurry
