// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "core/base/executor.hpp"
#include "core/network/network.hpp"
#include "core/network/partition.hpp"

namespace flurry {

/// Called while building with the projection at hand and how much of the whole is done (0 to 1).
using BuildProgress = std::function<void(std::string_view projection, double done)>;

/// Builds all rows. The same network, to the bit, for any executor. Two passes over the connections (count,
/// place), so that no second copy of a projection ever exists. Throws UsageError for what cannot be built.
[[nodiscard]] Network build(const NetworkDescription& description, Executor& executor,
                            const BuildProgress& progress = {});
/// The same for one rank's part of the network, called by all ranks: elements that the partition gives it and
/// the synapses onto them, no others.
[[nodiscard]] Network build(const NetworkDescription& description, Executor& executor,
                            const BuildProgress& progress, const Share& share);

/// Expected number of synapses of a projection, without building it.
[[nodiscard]] double expected_synapses(const ProjectionDescription& projection, std::uint32_t source_size,
                                       std::uint32_t target_size);

/// Bytes the synapses of a projection will take, without building it.
[[nodiscard]] double expected_bytes(const ProjectionDescription& projection, std::uint32_t source_size,
                                    std::uint32_t target_size);

}  // namespace flurry
