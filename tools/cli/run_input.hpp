// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"
#include "io/network_file/record_reader.hpp"

namespace flurry {

/// A network ready to be built: sources that play a file hold their spikes.
struct RunInput {
  NetworkDescription network;
  std::vector<RecordDescription> records;  // of a network file
  std::vector<std::string> notes;          // choices and losses the user should see
};

/// Reads a network file (TOML) or a SONATA configuration (JSON), applies --set, loads the files of sources,
/// validates. UsageError where --set is given for SONATA. `known`: the text of the network file, which is
/// then not read.
[[nodiscard]] RunInput load_run_input(const std::filesystem::path& path, const Catalogue& catalogue,
                                      const std::vector<std::string>& settings,
                                      const std::optional<std::string>& known = {});

/// Loads what the sources of `input` play: recordings of event cameras, spike files, tables of times.
void load_sources(RunInput& input, const Catalogue& catalogue);

}  // namespace flurry
