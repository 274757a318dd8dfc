// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace flurry {

/// All vertices in an order that keeps neighbours close: reverse Cuthill & McKee (1969), by Boost.Graph.
/// Edges have no direction.
[[nodiscard]] std::vector<std::uint32_t> locality_order(
    std::uint32_t vertices, std::span<const std::pair<std::uint32_t, std::uint32_t>> edges);

}  // namespace flurry
