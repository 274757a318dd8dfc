// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// One table of [populations]. Relative paths in it are taken from `folder`. UsageError with file:line for an
/// unknown model or key, and for a value of the wrong type, unit, range or length.
[[nodiscard]] PopulationDescription read_population(const std::string& name, const Document& table,
                                                    const Catalogue& catalogue,
                                                    const std::filesystem::path& folder);

}  // namespace flurry
