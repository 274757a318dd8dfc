// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/document.hpp"

namespace flurry {

/// Parses JSON. FormatError with line and column for what is not JSON; SystemError for a file that cannot be
/// read.
[[nodiscard]] Document parse_json(const std::string& text, const std::string& origin);
[[nodiscard]] Document read_json(const std::filesystem::path& path);

}  // namespace flurry
