// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace flurry::testing {

/// The folder with other people's recordings and results: $FLURRY_DATA, else ../shared/data beside the
/// project.
inline std::filesystem::path reference_data() {
  const char* folder = std::getenv("FLURRY_DATA");
  return folder != nullptr ? std::filesystem::path(folder)
                           : std::filesystem::path(FLURRY_SOURCE_DIR) / ".." / "shared" / "data";
}

/// Every regular file below `sub` whose name ends with one of `endings`, in order; says so where there is
/// none.
inline std::vector<std::filesystem::path> reference_files(const std::string& sub,
                                                          const std::vector<std::string>& endings) {
  std::vector<std::filesystem::path> found;
  const std::filesystem::path folder = reference_data() / sub;
  std::error_code none;
  for (std::filesystem::recursive_directory_iterator it(folder, none), end; !none && it != end;
       it.increment(none)) {
    const std::string name = it->path().filename().string();
    for (const std::string& ending : endings)
      if (it->is_regular_file() && name.ends_with(ending)) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  if (found.empty()) MESSAGE("skipped: no reference files in " << folder.string());
  return found;
}

}  // namespace flurry::testing
