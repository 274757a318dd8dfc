// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/sonata/sonata_config.hpp"
#include "io/sonata/sonata_nodes.hpp"

namespace flurry {

/// Applies all inputs of a configuration: spikes go to the virtual nodes that play them, ordered by time; a
/// constant current becomes part of I_e. UsageError for inputs that are not supported; FormatError for files
/// that do not fit.
void apply_sonata_inputs(const SonataConfig& config, std::span<SonataPopulation> populations,
                         std::vector<std::string>& notes);

}  // namespace flurry
