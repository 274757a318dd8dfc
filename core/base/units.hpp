// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/quantity.hpp"

namespace flurry {

/// The unit in which a bare number of this dimension is read and printed: ms, Hz, mV, pA, nS, pF, or "".
[[nodiscard]] std::string_view unit_name(Dimension dimension);

/// Inside value = bare number x this factor. 1 for all but rates, which users write in Hz and we keep in kHz.
[[nodiscard]] double bare_factor(Dimension dimension);

/// Reads "20 ms", "0.02 s", "20ms" or a bare "20" (in unit_name) and returns the value in the inside unit.
/// Throws UsageError naming `where` for a missing number, trailing text or a unit of another dimension.
[[nodiscard]] double parse_quantity(std::string_view text, Dimension dimension, std::string_view where);

/// Shortest text that reads back to the same double.
[[nodiscard]] std::string shortest(double value);

}  // namespace flurry
