// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "io/checkpoint/checkpoint.hpp"

namespace flurry {

/// Writes a checkpoint under another name and renames it: a file of this name is always whole. Returns its
/// size in bytes. SystemError where the disk refuses.
std::uint64_t write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

/// Reads a checkpoint. SystemError: missing; FormatError, in one sentence: no checkpoint, of a newer version,
/// cut short, damaged.
[[nodiscard]] Checkpoint read_checkpoint(const std::filesystem::path& path);

/// The same from the bytes of a file; `name` is for messages.
[[nodiscard]] Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name);

}  // namespace flurry
