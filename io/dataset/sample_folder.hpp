// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/dataset/dataset.hpp"

namespace flurry {

/// The files of a folder as labelled samples, in order of their paths.
struct SampleFolder {
  std::vector<std::filesystem::path> files;
  std::vector<SampleEntry> samples;  // of files
  std::vector<std::string> classes;  // in order: by number where all are numbers, else by letter
  std::vector<std::string> speakers;
};

/// All regular files below `folder`, sorted; without those whose own name or whose folder's begins with '.'
/// or '_' (as _background_noise_ of the speech commands does). SystemError if a folder cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

/// Labels `files` of `folder`. Where they lie in several folders, the class is the name of a file's own
/// folder, and a name like "0a7c2a8d_nohash_0" (speech commands) also tells the speaker. Where all lie in
/// one, their names must tell: "7_jackson_32", class, speaker and number. FormatError for a name that does
/// not.
[[nodiscard]] SampleFolder label_files(const std::filesystem::path& folder,
                                       std::vector<std::filesystem::path> files);

}  // namespace flurry
