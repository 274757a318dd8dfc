// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"
#include "io/sonata/node_parameters.hpp"
#include "io/sonata/sonata_config.hpp"
#include "io/sonata/types_table.hpp"

namespace flurry {

/// The nodes of one SONATA population. Neuron i is the node with the i-th smallest id, so that where the ids
/// are 0..N-1, as they nearly always are, neuron i is node i.
struct SonataPopulation {
  std::string name;
  std::string where;                    // "v1_nodes.h5:/nodes/v1"
  std::vector<std::uint64_t> ids;       // by neuron, ascending
  std::vector<std::uint64_t> type_ids;  // by neuron
  TypesTable types;
  const ModelInfo* model = nullptr;  // nullptr: virtual nodes, which only play spikes
  std::string dialect;               // "nest", "nrn", ...
  std::optional<NodeParameters> parameters;
  SpikeTrain spikes;  // what virtual nodes play

  [[nodiscard]] bool is_virtual() const { return model == nullptr; }
  /// The neuron of a node id; nothing if there is no such node.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t id) const;
};

/// Reads all populations of a nodes file, in alphabetical order. FormatError / UsageError naming file and
/// place.
[[nodiscard]] std::vector<SonataPopulation> read_sonata_nodes(const SonataFilePair& files,
                                                              const SonataConfig& config,
                                                              const Catalogue& catalogue,
                                                              std::vector<std::string>& notes);

}  // namespace flurry
