// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// A SONATA circuit read as it is: `simulation_config.json`, `circuit_config.json` or a `config.json` naming
/// both.
struct SonataCircuit {
  NetworkDescription network;
  std::vector<std::string> notes;  // choices made where the files leave one open, for the user to see
};

/// Reads nodes, edges, types and spike inputs. A Flurry population is one SONATA population (neuron i is node
/// id i) where all its nodes share one model; times are exact whatever run.dt says. FormatError / UsageError
/// naming file, HDF5 path and what is allowed.
[[nodiscard]] SonataCircuit read_sonata(const std::filesystem::path& config, const Catalogue& catalogue);

/// True where the file is JSON and looks like a SONATA configuration.
[[nodiscard]] bool is_sonata_config(const std::filesystem::path& path);

}  // namespace flurry
