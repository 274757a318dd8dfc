// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/document.hpp"
#include "core/engine/model_info.hpp"

namespace flurry {

// `what` names the value in messages: "tau_m of population 'E'". Every UsageError carries file:line.

/// "tau_m of population 'E' (network.toml:12)".
[[nodiscard]] std::string placed(const std::string& what, const Document& value);

/// Throws UsageError: the placed value, a space, and `problem`.
[[noreturn]] void refuse(const Document& value, const std::string& what, const std::string& problem);

/// A number in the unit of unit_name() or a text with a unit; the result is in the inside unit.
/// UsageError for another type, another unit, or NaN.
[[nodiscard]] double read_quantity(const Document& value, Dimension dimension, const std::string& what);

/// The same, and UsageError where it lies outside `range`.
[[nodiscard]] double read_quantity_in(const Range& range, const Document& value, Dimension dimension,
                                      const std::string& what);

/// A whole number in [low, high]; UsageError otherwise.
[[nodiscard]] std::int64_t read_whole_number(const Document& value, std::int64_t low, std::int64_t high,
                                             const std::string& what);

/// "20 ms": an inside value in the unit users write.
[[nodiscard]] std::string shown(double value, Dimension dimension);

}  // namespace flurry
