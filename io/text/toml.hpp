// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/document.hpp"

namespace flurry {

/// Parses TOML 1.0; every value remembers "file:line". FormatError with line and column for what is not TOML;
/// SystemError for a file that cannot be read.
[[nodiscard]] Document parse_toml(const std::string& text, const std::string& origin);
[[nodiscard]] Document read_toml(const std::filesystem::path& path);

}  // namespace flurry
