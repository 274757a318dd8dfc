// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"

namespace flurry {

// What files hold, as documents for `flurry info`.

/// Variables, neurons, times and status of a SONATA report.
[[nodiscard]] Document report_info(const std::filesystem::path& path);
/// Format, populations with spikes and times, status, provenance, of a spike file of any format.
[[nodiscard]] Document spike_file_info(const std::filesystem::path& path);

/// Populations and projections as written; nothing is built and no source's file is read.
[[nodiscard]] Document network_info(const std::filesystem::path& path, const Catalogue& catalogue);
[[nodiscard]] Document sonata_info(const std::filesystem::path& path, const Catalogue& catalogue);

}  // namespace flurry
