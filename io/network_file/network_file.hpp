// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// Reads a network file (TOML; io/network_file/README.md is its manual). `settings` are "key=value" from
/// --set, where key is a dotted path into the file ("populations.E.tau_m", "run.until") and value is TOML; a
/// text with a unit needs no quotes. Paths in the file are relative to it. UsageError with file:line for
/// anything unknown or out of range.
[[nodiscard]] NetworkDescription read_network_file(const std::filesystem::path& path,
                                                   const Catalogue& catalogue,
                                                   const std::vector<std::string>& settings = {});

/// The same from text; `origin` names it in messages and anchors relative paths.
[[nodiscard]] NetworkDescription parse_network_file(const std::string& text,
                                                    const std::filesystem::path& origin,
                                                    const Catalogue& catalogue,
                                                    const std::vector<std::string>& settings = {});

}  // namespace flurry
