// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tools/cli/run_simulation.hpp"

namespace flurry {

/// "round-robin" or "locality". UsageError for anything else.
[[nodiscard]] Partition::Kind parse_partition(const std::string& text);

/// What a run was asked for, as names and values for its checkpoints: input, output, seed, until, resolution,
/// drop, partition, command, checkpoint, keep, and set and record as often as they were given.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> run_texts(const RunRequest& request,
                                                                         std::uint64_t seed);

/// The request that goes on from a checkpoint; files of the run lie beside it, in `folder`. FormatError for
/// names or values that are none.
[[nodiscard]] RunRequest request_from(std::shared_ptr<const Checkpoint> checkpoint,
                                      const std::filesystem::path& folder);

}  // namespace flurry
