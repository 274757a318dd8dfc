// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_simulation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "core/base/version.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "tools/cli/counts_json.hpp"
#include "tools/cli/interrupt.hpp"
#include "tools/cli/progress_bar.hpp"
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

double duration_of(const NetworkDescription& network, const RunRequest& request) {
  const std::optional<double> until = request.until ? request.until : network.duration;
  if (!until)
    throw UsageError(
        "how long to simulate is not said; add --until '1 s', or until = \"1 s\" to [run] of the network");
  if (!(*until > 0.0) || *until > 1e15)
    throw UsageError("--until is " + shortest(*until) + " ms; allowed: > 0 ms");
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
  return request.threads.value_or(std::max(1U, std::thread::hardware_concurrency()));
}

Network build_network(const NetworkDescription& network, Executor& executor, const RunRequest& request) {
  ProgressBar bar("building  ", request.progress);
  return build(network, executor, [&](std::string_view projection, double done) {
    bar.update(done, projection);
    if (InterruptGuard::requested()) throw Interrupted("interrupted while building; nothing was written");
  });
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
Checkpoint common_part(const RunRequest& request, const NetworkDescription& network,
                       const Simulation& simulation) {
  Checkpoint common;
  if (request.from) common = {{}, {}, request.from->network_text, 0, request.from->number, {}, {}, {}};
  if (!request.from) common.network_text = network.text;
  if (!request.checkpoints.every) return common;
  common.version = std::string(version);
  common.run = run_texts(request, network.seed);
  common.fingerprint = simulation.fingerprint();
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

  ThreadExecutor executor(result.threads);
  const Clock::time_point start = Clock::now();
  const Network built = build_network(network, executor, request);
  Simulation simulation(built, catalogue, executor);
  result.build_seconds = seconds_since(start);
  for (const Population& population : built.populations())
    if (!catalogue.info(population.description.model, population.description.where).is_source)
      result.neurons += population.size();
  result.synapses = built.synapses();

  if (request.from) expect_outputs(request.output.parent_path(), *request.from);
  expect_same_network(request, simulation);
  const std::uint64_t known = request.from ? request.from->number + 1 : 0;
  remove_checkpoints(request.output, 0, known);
  RunOutput output({request.output, request.records, request.drop_when_slow,
                    provenance_of(network, request, result.until), request.from.get()},
                   built, catalogue, simulation);
  result.reports = output.reports();
  if (request.from) simulation.restore(request.from->state);
  RunCheckpoints checkpoints(request.checkpoints, request.output, common_part(request, network, simulation));
  const Clock::time_point began = Clock::now();
  write_or_keep(output, simulation, [&] { simulate(simulation, request, checkpoints, output, result); });
  result.counts = simulation.counts();
  result.memory_bytes = simulation.memory_bytes();
  for (const Projection& projection : built.projections())
    result.memory_bytes += projection.synapses() * projection.bytes_per_synapse();
  result.complete = simulation.now() >= result.until;
  result.reached = std::min(simulation.now(), result.until);
  result.counts.duration = result.reached;
  write_or_keep(output, simulation,
                [&] { output.finish(result.reached, result.complete, counts_text(result.counts)); });
  result.dropped = output.dropped();
  result.run_seconds = seconds_since(began);
  return result;
}

}  // namespace flurry
