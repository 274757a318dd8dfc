// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/document.hpp"
#include "core/engine/model_info.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

/// A quantity, a list of them, or a random distribution, none of whose values may lie outside `range`.
/// UsageError with file:line otherwise.
[[nodiscard]] Distribution read_distribution(const Document& value, Dimension dimension, const Range& range,
                                             const std::string& what);

}  // namespace flurry
