// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/run_checkpoints.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/collective.hpp"
#include "io/checkpoint/checkpoint_file.hpp"
#include "tools/cli/sealed_output.hpp"

namespace flurry {

RunCheckpoints::RunCheckpoints(const CheckpointPlan& plan, std::filesystem::path output, Checkpoint common,
                               Communicator& communicator)
    : plan_(plan), output_(std::move(output)), common_(std::move(common)), communicator_(communicator) {}

double RunCheckpoints::next_stop(double now, double until) const {
  if (!plan_.every || plan_.wall) return until;
  const double every = *plan_.every;
  double count = std::floor(now / every);
  while (count * every <= now) count += 1.0;
  return std::min(until, count * every);
}

bool RunCheckpoints::is_late() const {
  return plan_.wall &&
         std::chrono::duration<double, std::milli>(Clock::now() - last_time_).count() >= *plan_.every;
}

void RunCheckpoints::run(Simulation& simulation, RunOutput& output, double until,
                         const Simulation::Progress& progress) {
  bool stopped = false;
  do {
    const double stop = next_stop(simulation.now(), until);
    simulation.run(stop, [&](double now) {
      stopped = !progress(now) || stopped;
      return !stopped && !is_late();
    });
    stopped = any_rank(communicator_, stopped);
    if (!plan_.every && !(stopped && plan_.when_stopped)) return;
    // Stopped between two windows: what is on its way is known a largest delay later.
    if (simulation.saved_from() > simulation.now()) simulation.run(std::min(stop, simulation.saved_from()));
    write(simulation, output);
  } while (!stopped && simulation.now() < until);
}

void RunCheckpoints::write(Simulation& simulation, RunOutput& output) {
  const Clock::time_point begin = Clock::now();
  if (common_.fingerprint == 0) common_.fingerprint = simulation.fingerprint();
  ++common_.number;
  common_.outputs = output.seal(common_.number);
  common_.dropped = output.dropped();
  common_.state = simulation.state();
  // The first rank's comes last: where it is there, all are.
  if (common_.rank == 0) (void)any_rank(communicator_, false);
  bytes_ = write_checkpoint(last(), common_);
  if (common_.rank != 0) (void)any_rank(communicator_, false);
  common_.state = {};
  ++written_;
  (void)any_rank(communicator_, false);  // only now may older ones go
  const std::uint64_t first = first_kept();
  remove_checkpoints(output_, first, common_.number + 1);
  for (const OutputPosition& file : common_.outputs) forget_seals(output_.parent_path() / file.name, first);
  last_time_ = Clock::now();
  seconds_ += std::chrono::duration<double>(last_time_ - begin).count();
}

std::uint64_t RunCheckpoints::first_kept() const {
  return common_.number - std::min(common_.number, plan_.keep) + 1;
}

std::filesystem::path RunCheckpoints::last() const {
  return common_.number == 0 ? std::filesystem::path() : checkpoint_path(output_, common_.number);
}

}  // namespace flurry
