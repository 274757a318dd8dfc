// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace flurry {

/// What an index says of the run as a whole.
struct SpikeIndexStatus {
  double completed_until = 0.0;  // ms
  bool complete = false;
  std::string counts_json;
};

/// Writes a spike file that reads as one but holds no spikes itself: the lists of every population are those
/// of the parts one after the other (virtual data sets), so that they are sorted within parts only. Parts are
/// spike files of one run in the same folder; where the run came from is copied from the last. SystemError,
/// FormatError as for reading them.
void write_spike_index(const std::filesystem::path& path, std::span<const std::filesystem::path> parts,
                       const SpikeIndexStatus& status);

}  // namespace flurry
