// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/activity_counts.hpp"
#include "core/base/document.hpp"

namespace flurry {

/// Counts as a document; every key is the name of the field in ActivityCounts.
[[nodiscard]] Document counts_document(const ActivityCounts& counts);

/// Counts as JSON text on one line, as stored in spike files.
[[nodiscard]] std::string counts_text(const ActivityCounts& counts);

/// The way back. UsageError naming a missing, unknown or negative field.
[[nodiscard]] ActivityCounts parse_counts(const Document& document);

}  // namespace flurry
