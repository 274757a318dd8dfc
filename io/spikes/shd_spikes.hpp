// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// The samples of a file in the layout of SHD, each a population named "sample_000012" with a time 0 of its
/// own. Labels and speakers are left out: `Dataset` has them. Errors as ShdDataset's.
[[nodiscard]] SpikeFile read_shd_spikes(const std::filesystem::path& path);

/// Each population as a sample, in order of their names and of time, without label; times in single
/// precision, as the layout has them. UsageError for ids beyond 16 bits.
void write_shd_spikes(const std::filesystem::path& path, const SpikeFile& file);

}  // namespace flurry
