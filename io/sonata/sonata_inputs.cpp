// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/sonata/node_sets.hpp"
#include "io/sonata/text_table.hpp"
#include "io/spikes/spike_file.hpp"

namespace flurry {
namespace {

using SpikesByPopulation = std::map<std::string, PopulationSpikes>;

SpikesByPopulation read_spike_table(const std::filesystem::path& path) {
  const TextTable table = TextTable::read(path);
  const std::size_t times = table.column("timestamps");
  const std::size_t ids = table.column(table.find_column("gids") ? "gids" : "node_ids");
  const auto populations = table.find_column("population");
  SpikesByPopulation result;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string* name = populations ? table.cell(row, *populations) : nullptr;
    PopulationSpikes& spikes = result[name == nullptr ? "" : *name];
    spikes.times.push_back(table.number(row, times));
    spikes.ids.push_back(table.natural(row, ids));
  }
  return result;
}

SpikesByPopulation read_spikes(const SonataInput& input) {
  if (input.file.empty())
    throw UsageError("inputs." + input.name + " has no input_file; expected the path of a spike file");
  if (input.module == "csv") return read_spike_table(input.file);
  if (input.module == "h5" || input.module == "sonata") return read_spike_file(input.file).populations;
  throw UsageError("inputs." + input.name + " has module '" + input.module +
                   "'; allowed for spikes: h5, sonata, csv");
}

void append(const PopulationSpikes& spikes, const SonataInput& input, const std::vector<bool>& chosen,
            SonataPopulation& population) {
  for (std::size_t i = 0; i < spikes.times.size(); ++i) {
    const auto neuron = population.find(spikes.ids[i]);
    if (!neuron)
      throw FormatError("'" + input.file.string() + "': spike " + std::to_string(i) + " is of node " +
                        std::to_string(spikes.ids[i]) + ", which population " + population.name +
                        " does not have");
    if (!(spikes.times[i] >= 0.0))
      throw FormatError("'" + input.file.string() + "': spike " + std::to_string(i) + " of node " +
                        std::to_string(spikes.ids[i]) + " is at " + shortest(spikes.times[i]) +
                        " ms; allowed: >= 0 ms");
    if (chosen[*neuron]) population.spikes.push_back({spikes.times[i], *neuron});
  }
}

// The virtual ones among the chosen populations.
NodeSelection playing_nodes(const SonataInput& input, const NodeSets& sets,
                            std::span<const SonataPopulation> all) {
  NodeSelection chosen = sets.select(input.node_set, "inputs." + input.name + ".node_set");
  std::erase_if(chosen, [&](const auto& entry) { return !all[entry.first].is_virtual(); });
  if (chosen.empty())
    throw UsageError("inputs." + input.name +
                     " selects no virtual nodes; spikes can only be played by virtual nodes");
  return chosen;
}

void apply_spikes(const SonataInput& input, const NodeSets& sets, std::span<SonataPopulation> populations,
                  std::vector<std::string>& notes) {
  input.settings.expect_keys("inputs." + input.name,
                             {"input_type", "module", "input_file", "node_set", "enabled"});
  const NodeSelection chosen = playing_nodes(input, sets, populations);
  const SpikesByPopulation spikes = read_spikes(input);
  bool any = false;
  for (const auto& [index, mask] : chosen) {
    const auto named = spikes.find(populations[index].name);
    if (named == spikes.end()) continue;
    append(named->second, input, mask, populations[index]);
    any = true;
  }
  if (any || spikes.empty()) return;
  // Old files name no population, and some name another one: clear only where one meets one.
  const auto& [name, only] = *spikes.begin();
  if (spikes.size() > 1 || chosen.size() > 1)
    throw UsageError(
        "inputs." + input.name + ": '" + input.file.string() + "' " +
        (name.empty() ? "names no population" : "has no population of the node set's names") +
        ", and there is more than one it could be for; expected a node_set with one virtual population");
  SonataPopulation& population = populations[chosen.begin()->first];
  append(only, input, chosen.begin()->second, population);
  if (!name.empty())
    notes.push_back("inputs." + input.name + ": population '" + name + "' of the file is played by '" +
                    population.name + "'");
}

double setting(const SonataInput& input, const char* name, double otherwise) {
  const Document* value = input.settings.find(name);
  return value == nullptr ? otherwise : value->number("inputs." + input.name + "." + name);
}

void apply_current(const SonataInput& input, const NodeSets& sets, const SonataConfig& config,
                   std::span<SonataPopulation> populations, std::vector<std::string>& notes) {
  const std::string what = "inputs." + input.name;
  input.settings.expect_keys(what,
                             {"input_type", "module", "node_set", "enabled", "amp", "delay", "duration"});
  const double amplitude = input.settings.at("amp", what).number(what + ".amp");
  const double start = setting(input, "delay", 0.0);
  const double length = setting(input, "duration", std::numeric_limits<double>::infinity());
  if (input.module != "IClamp" || start != 0.0 || !(length >= config.duration.value_or(length)))
    throw UsageError(
        what + " (" + input.settings.where() + ") is a current clamp of module " + input.module +
        " that does not last for the whole run; allowed: IClamp with delay 0 and a duration up to run.tstop");
  for (const auto& [index, mask] : sets.select(input.node_set, what + ".node_set")) {
    SonataPopulation& population = populations[index];
    if (population.is_virtual()) continue;
    const ForeignParameter drive = find_parameter(*population.model, population.dialect,
                                                  population.dialect == "pynn" ? "i_offset" : "I_e", what);
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i]) population.parameters->add(*drive.info, i, amplitude * drive.factor);
    notes.push_back(what + ": amp " + shortest(amplitude) +
                    " is taken in the unit of the target simulator (" + population.dialect +
                    ") and added to the constant current of " + population.name);
  }
}

}  // namespace

void apply_sonata_inputs(const SonataConfig& config, std::span<SonataPopulation> populations,
                         std::vector<std::string>& notes) {
  const NodeSets sets(config.node_sets, populations);
  for (const SonataInput& input : config.inputs) {
    if (input.type == "spikes") {
      apply_spikes(input, sets, populations, notes);
    } else if (input.type == "current_clamp") {
      apply_current(input, sets, config, populations, notes);
    } else {
      throw UsageError("inputs." + input.name + " (" + input.settings.where() + ") has input_type '" +
                       input.type + "'; allowed: spikes, current_clamp");
    }
  }
  for (SonataPopulation& population : populations) {
    std::sort(population.spikes.begin(), population.spikes.end());
    if (population.is_virtual() && population.spikes.empty())
      notes.push_back("virtual population " + population.name + " is given no spikes and stays silent");
  }
}

}  // namespace flurry
