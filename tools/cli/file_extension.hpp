// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

namespace flurry {

/// Whether a list of extensions for people, ".csv .txt" or ".h5, .hdf5", names this one.
[[nodiscard]] inline bool names_extension(std::string_view extensions, std::string_view wanted) {
  constexpr std::string_view between = " ,;/()|";
  while (!extensions.empty()) {
    const std::size_t end = std::min(extensions.find_first_of(between), extensions.size());
    if (extensions.substr(0, end) == wanted) return true;
    extensions.remove_prefix(std::min(end + 1, extensions.size()));
  }
  return false;
}

}  // namespace flurry
