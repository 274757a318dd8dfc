// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "io/dataset/dataset.hpp"
#include "io/hdf5/hdf5_output_file.hpp"

namespace flurry {

/// The layout of the Spiking Heidelberg Digits and Spiking Speech Commands (Cramer, Stradmann, Schemmel &
/// Zenke 2022, IEEE Trans. Neural Netw. Learn. Syst. 33:2744): lists of lists spikes/times (s, half or single
/// precision) and spikes/units, lists labels and extra/speaker, names of the classes in extra/keys.
///
/// The number of channels is the attribute `channels` of spikes/units where it is there (files written by
/// ShdWriter); else 700, or more where a unit is larger (all units are read on opening). Spikes are put in
/// order of time where they are not.
class ShdDataset final : public Dataset {
 public:
  /// FormatError where lists are missing or differ in length.
  explicit ShdDataset(const std::filesystem::path& path);
  /// Whether the file is HDF5 of this layout.
  [[nodiscard]] static bool holds(const std::filesystem::path& path);

  using Dataset::read;
  void read(std::size_t index, SpikeSample& sample) override;

 private:
  void read_entries();
  void count_channels();

  Hdf5File file_;
  Hdf5Dataset times_;
  Hdf5Dataset units_;
};

/// Writes the same layout, sample by sample: times in single precision, units and labels in 16 bits. What the
/// layout does not have stands beside it where other readers do not look: extra/speaker_names,
/// extra/sample_names, and the attribute `channels` of spikes/units. The file depends on what is
/// written alone; it is PATH.partial until close(), and gone without it.
class ShdWriter {
 public:
  /// SystemError if the file cannot be made; UsageError for more channels, classes or speakers than 16 bits
  /// number.
  ShdWriter(std::filesystem::path path, std::uint32_t channels, const std::vector<std::string>& classes,
            const std::vector<std::string>& speakers);

  /// UsageError for a channel, label or speaker out of range.
  void write(const SampleEntry& entry, const SpikeSample& sample);
  /// Completes the file. SystemError if the disk refuses.
  void close();

 private:
  Hdf5OutputFile file_;
  Hdf5Dataset times_;
  Hdf5Dataset units_;
  std::uint32_t channels_;
  std::vector<std::string> classes_;
  std::vector<std::string> speakers_;
  std::vector<SampleEntry> entries_;
  std::vector<float> row_times_;
  std::vector<std::uint16_t> row_units_;
};

}  // namespace flurry
