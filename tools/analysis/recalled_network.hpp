// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"
#include "io/spikes/spike_file.hpp"

namespace flurry {

/// The network of a run, as its spike file tells it.
struct RecalledNetwork {
  std::optional<NetworkDescription> network;
  std::string missing;  // why there is none
};

/// Reads the network back from a spike file's provenance, with the settings and the seed of the run.
[[nodiscard]] RecalledNetwork recall_network(const SpikeFile& file, const Catalogue& catalogue);

/// The settings kept at the end of a network's text as lines "# --set key=value".
[[nodiscard]] std::vector<std::string> kept_settings(const std::string& text);

/// A parameter of every neuron of population `index` as the run drew it, in inside units; empty for a
/// parameter that is not the population's own or the same for all.
[[nodiscard]] std::vector<double> recalled_values(const NetworkDescription& network, std::size_t index,
                                                  std::uint64_t size, const std::string& parameter,
                                                  const Catalogue& catalogue);

}  // namespace flurry
