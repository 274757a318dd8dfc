// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/network/network_description.hpp"
#include "io/sonata/sonata_config.hpp"
#include "io/sonata/sonata_nodes.hpp"

namespace flurry {

/// Reads all edge populations of an edges file, in alphabetical order. The weight of an edge is
/// syn_weight x nsyns x sign. FormatError / UsageError naming file, place and edge.
[[nodiscard]] std::vector<ProjectionDescription> read_sonata_edges(
    const SonataFilePair& files, const SonataConfig& config, std::span<const SonataPopulation> populations,
    std::vector<std::string>& notes);

}  // namespace flurry
