// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"
#include "core/network/partition.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/network_file/record_reader.hpp"
#include "tools/cli/checkpoint_plan.hpp"
#include "tools/cli/rank_report.hpp"
#include "tools/cli/run_input.hpp"

namespace flurry {

/// How to run a network.
struct RunRequest {
  std::filesystem::path output;       // spike file
  std::optional<std::uint64_t> seed;  // instead of the network's own
  std::optional<double> until;        // ms, instead of the network's own
  std::optional<double> resolution;   // ms, instead of the network's own
  std::optional<std::uint64_t> threads;
  std::vector<RecordDescription> records;
  bool drop_when_slow = false;  // samples, where the disk is slower than the run
  Partition::Kind partition = Partition::Kind::round_robin;
  std::string command;                    // provenance
  std::filesystem::path input;            // for a checkpoint: what was read,
  std::vector<std::string> settings;      // --set
  std::vector<std::string> record_texts;  // and --record, as typed
  CheckpointPlan checkpoints;
  std::shared_ptr<const Checkpoint> from;  // goes on from there, with no outputs where a leg begins:
  std::shared_ptr<const Checkpoint> over;  // then any rank's part of the checkpoint that ends the leg before
  bool progress = false;
};

/// What came of it.
struct RunResult {
  ActivityCounts counts;
  std::filesystem::path output;
  std::vector<std::string> reports;  // paths
  std::uint64_t dropped = 0;         // samples
  std::filesystem::path checkpoint;  // the last; empty where there is none
  std::uint64_t checkpoints = 0;     // written
  std::uint64_t checkpoint_bytes = 0;
  double checkpoint_seconds = 0.0;   // all together
  bool complete = false;             // false: stopped by the user
  double until = 0.0;                // ms asked for
  double reached = 0.0;              // ms simulated
  std::optional<double> resolution;  // ms; none: exact time
  double build_seconds = 0.0;
  double run_seconds = 0.0;
  std::uint64_t seed = 0;
  std::uint64_t threads = 0;      // of each rank
  std::vector<RankReport> ranks;  // nothing where the run was one process
  std::uint64_t neurons = 0;
  std::uint64_t synapses = 0;
  std::uint64_t memory_bytes = 0;
};

/// Builds, simulates and writes the spike file; Ctrl-C stops cleanly and leaves a file marked incomplete.
/// UsageError where neither the network nor the request says how long; SystemError where the disk is full:
/// what was written by then stays, marked incomplete. Ranks that mpirun started call it together: each writes
/// its part, the first one the files that put them together.
[[nodiscard]] RunResult run_simulation(NetworkDescription network, const Catalogue& catalogue,
                                       const RunRequest& request);

/// Adds what is recorded: by the network file, and by --record.
void add_records(RunRequest& request, const RunInput& input, const Catalogue& catalogue);
/// Prints the summary, and how to go on with a run that was stopped. Returns the exit code.
int tell_result(const RunResult& result, bool as_json, bool quiet);

/// Six to ten lines for people; the same for programs.
[[nodiscard]] std::string summary_text(const RunResult& result);
[[nodiscard]] Document summary_document(const RunResult& result);

}  // namespace flurry
