// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_circuit.hpp"

#include "core/base/error.hpp"
#include "io/sonata/sonata_config.hpp"
#include "io/sonata/sonata_edges.hpp"
#include "io/sonata/sonata_inputs.hpp"
#include "io/sonata/sonata_nodes.hpp"
#include "io/text/json.hpp"

namespace flurry {
namespace {

constexpr std::uintmax_t largest_config = 16U << 20U;  // bytes; a bigger file is no configuration

template <class Described>
void expect_new_name(const std::vector<Described>& others, const std::string& name,
                     const std::string& where) {
  for (const Described& other : others)
    if (other.name == name)
      throw UsageError("'" + where + "' has the name of another population, '" + other.where +
                       "'; expected each once");
}

PopulationDescription describe(SonataPopulation& population, std::vector<std::string>& notes) {
  PopulationDescription described;
  described.name = population.name;
  described.size = static_cast<std::uint32_t>(population.ids.size());
  described.where = population.where;
  if (population.is_virtual()) {
    described.model = "spike_train";
    described.spikes = std::make_shared<const SpikeTrain>(std::move(population.spikes));
    return described;
  }
  described.model = population.model->name;
  std::vector<std::string> not_following;
  described.parameters = population.parameters->distributions(not_following);
  for (const std::string& name : not_following)
    notes.push_back("population " + population.name + ": " + name +
                    " is not given for all nodes and gets NEST's default");
  return described;
}

}  // namespace

SonataCircuit read_sonata(const std::filesystem::path& config_path, const Catalogue& catalogue) {
  const SonataConfig config = read_sonata_config(config_path);
  SonataCircuit circuit;
  circuit.notes = config.notes;
  std::vector<SonataPopulation> populations;
  for (const SonataFilePair& files : config.nodes) {
    for (SonataPopulation& population : read_sonata_nodes(files, config, catalogue, circuit.notes)) {
      expect_new_name(populations, population.name, population.where);
      populations.push_back(std::move(population));
    }
  }
  apply_sonata_inputs(config, populations, circuit.notes);
  NetworkDescription& network = circuit.network;
  for (const SonataFilePair& files : config.edges) {
    for (ProjectionDescription& projection : read_sonata_edges(files, config, populations, circuit.notes)) {
      expect_new_name(network.projections, projection.name, projection.where);
      network.projections.push_back(std::move(projection));
    }
  }
  for (SonataPopulation& population : populations)
    network.populations.push_back(describe(population, circuit.notes));
  network.duration = config.duration;
  if (config.seed) network.seed = *config.seed;
  network.text = config.text;
  network.origin = config_path.string();
  return circuit;
}

bool is_sonata_config(const std::filesystem::path& path) {
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  if (problem || size > largest_config) return false;
  try {
    const Document document = read_json(path);
    const auto has = [&](const char* name) { return document.find(name) != nullptr; };
    return has("networks") || has("network") || has("simulation") ||
           (has("run") && (has("inputs") || has("manifest")));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace flurry
