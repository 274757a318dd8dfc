// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace flurry {

/// Writes a whole text file: under PATH.partial first, then renamed. SystemError naming the path.
void write_text(const std::filesystem::path& path, std::string_view text);

/// Makes a folder and those above it where they are missing. SystemError naming it.
void make_folder(const std::filesystem::path& folder);

}  // namespace flurry
