// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/network/network.hpp"

namespace flurry {

/// What a stimulus can reach, and how many parts of a network have nothing to do with each other.
struct Reach {
  std::uint64_t neurons_reached = 0;    // by a directed path from some source element that has a synapse
  std::uint64_t neurons_unreached = 0;  // only their own drive can make them spike
  std::uint64_t parts = 0;              // weakly connected components that hold at least one synapse
  std::uint64_t largest_part = 0;       // neurons and sources in the largest of them
};

/// Breadth-first search from all source elements, and components, by Boost.Graph on the rows as they are.
[[nodiscard]] Reach reach_from_sources(const Network& network, const std::vector<bool>& population_is_source);

/// Per neuron and source element: whether a directed path leads there from some source.
[[nodiscard]] std::vector<bool> reached_from_sources(const Network& network,
                                                     const std::vector<bool>& population_is_source);

}  // namespace flurry
