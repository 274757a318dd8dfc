// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/simulation.hpp"
#include "io/checkpoint/checkpoint.hpp"
#include "io/network_file/record_reader.hpp"
#include "io/spikes/spike_file.hpp"

namespace flurry {

/// What a run writes, and how.
struct OutputRequest {
  std::filesystem::path path;  // of the spike file
  std::vector<RecordDescription> records;
  bool drop_when_slow = false;  // samples that the disk does not keep up with, instead of waiting
  Provenance provenance;
  const Checkpoint* from = nullptr;  // goes on with the files as they were then
  /// By record, where files of an earlier leg hold them.
  std::vector<std::uint64_t> samples_before;
  std::uint64_t dropped_before = 0;  // samples
};

/// A report of the run: its name after that of the spike file, and when it samples.
struct NamedReport {
  std::string name;
  SampleTimes times;
};

/// The files of a run: spikes in OUT.h5, and for each record of states and variable a report beside it,
/// OUT.NAME.h5 (OUT.NAME.VARIABLE.h5 where a record has several). One thread writes them all; what waits for
/// it is bounded.
class RunOutput final : public SpikeRecorder {
 public:
  /// Makes the files and has `simulation` record into them. UsageError for what cannot be recorded.
  RunOutput(const OutputRequest& request, const Network& network, const Catalogue& catalogue,
            Simulation& simulation);
  /// Removes what was never finished, unless it was sealed.
  ~RunOutput() override;

  /// Writes all there is and makes the files a place to go on from, for the checkpoint of this number. The
  /// spike file comes first.
  [[nodiscard]] std::vector<OutputPosition> seal(std::uint64_t number);

  void record(std::span<const Spike> spikes) override;
  /// Writes what is left and gives all files their names.
  void finish(double until, bool complete, const std::string& counts_json);
  /// After a failure: keeps what is whole, marked incomplete. Tells how far the files go, for the message.
  [[nodiscard]] std::string keep_what_there_is(const std::string& counts_json) noexcept;

  /// Paths of the reports.
  [[nodiscard]] std::vector<std::string> reports() const;
  /// All of the run, also where this rank has none of their neurons.
  [[nodiscard]] const std::vector<NamedReport>& named_reports() const;
  /// Samples of neurons that were dropped, since the run began.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace flurry
