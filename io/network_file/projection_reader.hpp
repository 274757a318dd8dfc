// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// One table of [projections] between `populations`. Weights are in the unit of the target's model.
/// UsageError with file:line for an unknown population, rule or key, and for a value of the wrong type, unit
/// or range.
[[nodiscard]] ProjectionDescription read_projection(const std::string& name, const Document& table,
                                                    std::span<const PopulationDescription> populations,
                                                    const Catalogue& catalogue);

}  // namespace flurry
