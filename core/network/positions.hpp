// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/network/network_description.hpp"

namespace flurry {

/// (x, y) of every element of a population, in the layout's length unit. Grid: element i stands in the middle
/// of its cell, rows from y = 0. `stream` keys the random layout.
[[nodiscard]] std::vector<std::pair<double, double>> positions(const PopulationDescription& population,
                                                               std::uint64_t seed, std::uint32_t stream);

}  // namespace flurry
