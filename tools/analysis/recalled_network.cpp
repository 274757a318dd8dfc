// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/recalled_network.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/engine/parameters.hpp"
#include "io/network_file/network_file.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "tools/learning/engine_network.hpp"
#include "tools/learning/model_file.hpp"

namespace flurry {
namespace {

constexpr std::string_view setting_mark = "# --set ";

std::string provenance(const SpikeFile& file, const std::string& key) {
  const auto found = file.provenance.find(key);
  return found == file.provenance.end() ? "" : found->second;
}

NetworkDescription read_again(const std::string& text, const std::string& path, const Catalogue& catalogue) {
  if (path.ends_with(".json")) return read_sonata(path, catalogue).network;
  if (is_model(path)) {
    const LearnedNetwork learned = read_model(path).network;
    return engine_description(learned, learned.on_grid(), {});
  }
  return parse_network_file(text, path, catalogue, kept_settings(text));
}

}  // namespace

std::vector<std::string> kept_settings(const std::string& text) {
  std::vector<std::string> settings;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = std::string_view(text).substr(begin, end - begin);
    if (line.starts_with(setting_mark)) settings.emplace_back(line.substr(setting_mark.size()));
    begin = end + 1;
  }
  return settings;
}

RecalledNetwork recall_network(const SpikeFile& file, const Catalogue& catalogue) {
  const std::string text = provenance(file, "network_text");
  const std::string path = provenance(file, "network_path");
  if (text.empty()) return {std::nullopt, "the file does not say which network it came from"};
  try {
    RecalledNetwork recalled{read_again(text, path.empty() ? "network.toml" : path, catalogue), ""};
    if (const std::string seed = provenance(file, "seed"); !seed.empty())
      recalled.network->seed = std::stoull(seed);
    return recalled;
  } catch (const Error& error) {
    return {std::nullopt, std::string("the network it came from cannot be read again: ") + error.what()};
  }
}

std::vector<double> recalled_values(const NetworkDescription& network, std::size_t index, std::uint64_t size,
                                    const std::string& parameter, const Catalogue& catalogue) {
  Population population;
  population.description = network.populations.at(index);
  const auto given = population.description.parameters.find(parameter);
  if (given == population.description.parameters.end() || given->second.is_constant()) return {};
  population.description.size = static_cast<std::uint32_t>(size);
  population.index = static_cast<std::uint32_t>(index);
  const ModelInfo& info = catalogue.info(population.description.model, population.description.where);
  return parameter_values(population, info, parameter, network.seed);
}

}  // namespace flurry
