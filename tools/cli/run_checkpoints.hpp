// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>

#include "core/base/communicator.hpp"
#include "core/engine/simulation.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "tools/cli/checkpoint_plan.hpp"
#include "tools/cli/run_output.hpp"

namespace flurry {

/// The checkpoints of a run: when the next one is due, what they have in common, which ones stay.
class RunCheckpoints {
 public:
  /// `common`: all but what is the engine's and the positions of files; its number is that of the last one.
  /// Where ranks share the run, `output` is this one's part of it, and all call run() together.
  RunCheckpoints(const CheckpointPlan& plan, std::filesystem::path output, Checkpoint common,
                 Communicator& communicator);

  /// Runs to `until` (ms), with a checkpoint whenever one is due and at the end, and where `progress` stops
  /// the run.
  void run(Simulation& simulation, RunOutput& output, double until, const Simulation::Progress& progress);

  /// The last one; nothing where none has been written.
  [[nodiscard]] std::filesystem::path last() const;
  /// Number of the first one that stays.
  [[nodiscard]] std::uint64_t first_kept() const;
  [[nodiscard]] std::uint64_t written() const { return written_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // of the last one
  [[nodiscard]] double seconds() const { return seconds_; }     // all took together

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double next_stop(double now, double until) const;
  [[nodiscard]] bool is_late() const;
  void write(Simulation& simulation, RunOutput& output);

  CheckpointPlan plan_;
  std::filesystem::path output_;
  Checkpoint common_;
  Communicator& communicator_;
  Clock::time_point last_time_ = Clock::now();
  std::uint64_t written_ = 0;
  std::uint64_t bytes_ = 0;
  double seconds_ = 0.0;
};

}  // namespace flurry
