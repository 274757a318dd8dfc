// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/document.hpp"

namespace flurry {

/// A nodes or edges file and the table of types beside it.
struct SonataFilePair {
  std::filesystem::path data;
  std::optional<std::filesystem::path> types;
};

/// One entry of "inputs".
struct SonataInput {
  std::string name;
  std::string type;    // "spikes", "current_clamp"
  std::string module;  // "h5", "sonata", "csv", "IClamp"
  std::filesystem::path file;
  Document node_set;  // nothing: all nodes
  Document settings;  // the entry as written
};

/// A SONATA configuration with all paths resolved.
struct SonataConfig {
  std::filesystem::path origin;
  std::string text;                // all configuration files, one after another
  std::optional<double> duration;  // ms
  std::optional<std::uint64_t> seed;
  std::optional<std::filesystem::path> neuron_models;   // components.point_neuron_models_dir
  std::optional<std::filesystem::path> synapse_models;  // components.synaptic_models_dir
  std::vector<SonataFilePair> nodes;
  std::vector<SonataFilePair> edges;
  Document node_sets;  // a table, or nothing
  std::vector<SonataInput> inputs;
  std::vector<std::string> notes;
};

/// Reads a simulation, circuit or joint configuration and the files it names. UsageError for unknown keys,
/// variables and values; FormatError for what is not JSON; SystemError for missing files.
[[nodiscard]] SonataConfig read_sonata_config(const std::filesystem::path& path);

}  // namespace flurry
