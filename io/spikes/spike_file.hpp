// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/engine/spike_recorder.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Where a run came from, stored beside its spikes under /provenance as attributes and text.
struct Provenance {
  std::string program = "flurry";
  std::string version;
  std::string command;       // the command line
  std::string network_text;  // the network as written
  std::string network_path;
  std::uint64_t seed = 0;
  double until = 0.0;       // ms asked for
  double resolution = 0.0;  // ms; 0: exact time
};

/// How far a spike file goes.
struct SpikeFileStatus {
  bool complete = false;  // false: the run was stopped or died, or the file says nothing (see known)
  bool known = false;     // the file carries Flurry's own mark
  double until = 0.0;     // ms: spikes are complete up to here (if known)
};

/// Writes SONATA spikes while a simulation runs: /spikes/<population>/{timestamps, node_ids}, chunked,
/// compressed, flushed about once a second. Written as "<path>.partial" with status "incomplete"; `finish`
/// marks and renames it. An interrupted run calls `finish` with complete = false and keeps what there is.
class SpikeFileWriter final : public SpikeRecorder {
 public:
  /// `is_source`: for each population, whether it is a stimulus source; sources get no group in the file.
  /// SystemError where the file cannot be made; UsageError for a population name HDF5 cannot hold.
  SpikeFileWriter(std::filesystem::path path, const Network& network, const std::vector<bool>& is_source,
                  const Provenance& provenance);
  /// Goes on with "<path>.partial" as it was sealed, now with `until` to be reached (ms); begins the log
  /// anew.
  SpikeFileWriter(std::filesystem::path path, const Network& network, const std::vector<bool>& is_source,
                  double until, const std::filesystem::path& log);
  /// Removes the temporary file if `finish` was never reached and nothing was sealed.
  ~SpikeFileWriter() override;

  /// Writes all that was recorded and makes this a place that can be led back to: Hdf5OutputFile::seal.
  std::uint64_t seal(const std::filesystem::path& log);

  void record(std::span<const Spike> spikes) override;
  /// Ends the file: spikes are complete up to `until` ms. `counts_json`: exact counts of the run as JSON
  /// text. SystemError naming the path if the disk is full.
  void finish(double until, bool complete, const std::string& counts_json);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// The spikes of one population, in the order of the file. Ids are those of the file.
struct PopulationSpikes {
  std::vector<double> times;       // ms
  std::vector<std::uint64_t> ids;  // node ids
};

/// A spike file of any SONATA flavour: populations, or the old flat layout (population "").
struct SpikeFile {
  std::map<std::string, PopulationSpikes> populations;
  SpikeFileStatus status;
  std::map<std::string, std::string> provenance;  // empty where the file carries none
  std::string counts_json;                        // "" where the file carries none
};

/// Reads a whole spike file. Of a run that died while writing, the part up to its last flush. SystemError:
/// missing; FormatError: truncated, not HDF5, no spikes in it, columns of different length, ids that are
/// negative, times that are not finite.
[[nodiscard]] SpikeFile read_spike_file(const std::filesystem::path& path);

/// True where the file is HDF5 and holds /spikes: of SONATA, of other formats see recognise_spikes.
[[nodiscard]] bool is_spike_file(const std::filesystem::path& path);

}  // namespace flurry
