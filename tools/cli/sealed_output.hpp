// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "io/checkpoint/checkpoint.hpp"

namespace flurry {

/// Of checkpoint `number` of the run that writes `output`: OUT.NUMBER.checkpoint.
[[nodiscard]] std::filesystem::path checkpoint_path(const std::filesystem::path& output,
                                                    std::uint64_t number);
/// Checkpoints of the same run before this one that are there, the last first.
[[nodiscard]] std::vector<std::filesystem::path> checkpoints_before(const std::filesystem::path& checkpoint);
/// What was overwritten in a file of a run since checkpoint `number`: FILE.NUMBER.undo.
[[nodiscard]] std::filesystem::path log_path(const std::filesystem::path& file, std::uint64_t number);

/// Throws as lead_back() where a file of the run in `folder` cannot be led back.
void expect_outputs(const std::filesystem::path& folder, const Checkpoint& checkpoint);
/// Makes a file of a run what it was when the checkpoint was taken, and FILE.partial again. What was kept of
/// later times is removed. SystemError where the file or what was kept is missing; FormatError where the file
/// is another.
void lead_back(const std::filesystem::path& file, const Checkpoint& checkpoint);

/// Removes what was kept of `file`, which is about to be written anew; `before`: only of checkpoints before.
void forget_seals(const std::filesystem::path& file, std::uint64_t before = UINT64_MAX);
/// Removes checkpoints of a run before `first` or from `end` on.
void remove_checkpoints(const std::filesystem::path& output, std::uint64_t first, std::uint64_t end);

}  // namespace flurry
