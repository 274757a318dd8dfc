// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/base/executor.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Arrivals beyond one per synapse that must fit as well: sources may spike more than once per grid point.
inline constexpr std::uint32_t spare_arrivals = 1023;

/// The quantum for weights of at most `largest_weight` into neurons of at most `in_degree` synapses: 2^-40 of
/// the largest for up to 1,024 of them, and so small a part for more that the sum of one arrival per synapse
/// and their number still fit a signed 64-bit integer side by side (2^-37 for 5,000; 2^-31 for 60,000).
[[nodiscard]] GridWeights grid_weights(double largest_weight, std::uint64_t in_degree);

/// Rounds all weights to multiples of their target population's quantum, in place, and fills in the
/// in-degrees it takes to know it. Sums of such weights are exact in double precision: 2^13 of the largest at
/// least. Called by all ranks that share a network.
std::vector<GridWeights> round_weights(const std::vector<Population>& populations,
                                       std::vector<Projection>& projections, Executor& executor,
                                       Communicator& communicator);

}  // namespace flurry
