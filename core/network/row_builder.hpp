// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/executor.hpp"
#include "core/network/connections.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Which rows are to be built.
struct RowRequest {
  const ProjectionDescription& description;
  const Connections& connections;
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;  // number of the projection
  TimeUnit unit;
  const Members* targets = nullptr;  // that are here; null: all
};

/// Fills in rows, targets, weights and delays of a projection and their ranges: of all synapses, or of those
/// onto targets that are here. UsageError (without the name of the projection) for values that cannot be.
void build_rows(const RowRequest& request, std::uint32_t source_size, Executor& executor,
                Projection& projection);

/// Bytes that weight or delay will take per synapse.
[[nodiscard]] double bytes_per_value(const Distribution& values);

}  // namespace flurry
