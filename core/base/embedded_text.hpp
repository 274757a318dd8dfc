// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace flurry {

/// A text file that travels inside the program, put there by the build.
struct EmbeddedText {
  std::string_view name;  // file name without extension
  std::string_view path;  // within the project
  std::string_view text;
};

}  // namespace flurry
