// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

namespace flurry {

/// Sound as numbers; full scale is 1. Several channels are averaged into one.
struct Sound {
  std::vector<float> samples;
  double rate = 0.0;  // Hz
};

/// Whether the content begins as sound does (WAV, AIFF, AU, FLAC, Ogg); false also where it cannot be read.
[[nodiscard]] bool is_sound(const std::filesystem::path& path);

/// Reads a whole sound file. SystemError: missing, unreadable; FormatError: no sound, or a sample that is
/// no finite number. Of a file cut short, the whole samples.
[[nodiscard]] Sound read_sound(const std::filesystem::path& path);

}  // namespace flurry
