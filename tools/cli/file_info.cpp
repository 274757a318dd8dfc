// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/file_info.hpp"

#include <algorithm>

#include "io/network_file/network_file.hpp"
#include "io/report/report_file.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "io/spikes/spike_formats.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

Document::Table description_table(const NetworkDescription& network, const Catalogue& catalogue) {
  Document::Array populations;
  for (const PopulationDescription& population : network.populations) {
    Document::Table parameters;
    for (const auto& [name, distribution] : population.parameters)
      parameters[name] = json(distribution.describe());
    populations.push_back(json(
        Document::Table{{"name", json(population.name)},
                        {"model", json(population.model)},
                        {"is_source", json(catalogue.info(population.model, population.where).is_source)},
                        {"size", json(population.size)},
                        {"parameters", json(std::move(parameters))}}));
  }
  Document::Array projections;
  for (const ProjectionDescription& projection : network.projections)
    projections.push_back(json(Document::Table{{"name", json(projection.name)},
                                               {"source", json(projection.source)},
                                               {"target", json(projection.target)},
                                               {"rule", json(describe(projection.rule))},
                                               {"weight", json(projection.weight.describe())},
                                               {"delay", json(projection.delay.describe())}}));
  return {{"seed", json(network.seed)},
          {"until_ms", json(network.duration)},
          {"populations", json(std::move(populations))},
          {"projections", json(std::move(projections))}};
}

const char* status_text(const SpikeFileStatus& status) {
  if (!status.known) return "unknown";
  return status.complete ? "complete" : "incomplete";
}

Document population_info(const std::string& name, const PopulationSpikes& spikes) {
  Document::Table table{{"name", json(name)}, {"spikes", json(spikes.times.size())}};
  if (!spikes.times.empty()) {
    const auto [first, last] = std::minmax_element(spikes.times.begin(), spikes.times.end());
    table["t_first_ms"] = json(*first);
    table["t_last_ms"] = json(*last);
    const auto [low, high] = std::minmax_element(spikes.ids.begin(), spikes.ids.end());
    table["id_min"] = json(*low);
    table["id_max"] = json(*high);
  }
  return json(std::move(table));
}

}  // namespace

Document report_info(const std::filesystem::path& path) {
  const ReportFile file(path);
  Document::Array populations;
  for (const ReportInfo& report : file.populations()) {
    Document::Table table{{"population", json(report.population)},
                          {"variable", json(report.variable)},
                          {"units", json(report.units)},
                          {"elements", json(report.node_ids.size())},
                          {"times", json(report.times.size())},
                          {"status", json(report.status.empty() ? "unknown" : report.status)},
                          {"completed_until_ms", json(report.completed_until)},
                          {"dropped_times", json(report.dropped)}};
    if (!report.node_ids.empty()) {
      const auto [low, high] = std::minmax_element(report.node_ids.begin(), report.node_ids.end());
      table["id_min"] = json(*low);
      table["id_max"] = json(*high);
    }
    if (!report.times.empty()) {
      table["t_first_ms"] = json(report.times.front());
      table["t_last_ms"] = json(report.times.back());
    }
    populations.push_back(json(std::move(table)));
  }
  return json(Document::Table{{"format", json("SONATA report")}, {"reports", json(std::move(populations))}});
}

Document spike_file_info(const std::filesystem::path& path) {
  const SpikeFormat* format = recognise_spikes(path);
  const SpikeFile file = read_spikes(path);
  Document::Table table{{"kind", json("spikes")}, {"status", json(status_text(file.status))}};
  if (format != nullptr) table["format"] = json(format->name);
  if (file.status.known) table["until_ms"] = json(file.status.until);
  std::uint64_t spikes = 0;
  Document::Array populations;
  for (const auto& [name, population] : file.populations) {
    populations.push_back(population_info(name, population));
    spikes += population.times.size();
  }
  table["spikes"] = json(spikes);
  table["populations"] = json(std::move(populations));
  Document::Table provenance;
  for (const auto& [key, text] : file.provenance) provenance[key] = json(text);
  if (!provenance.empty()) table["provenance"] = json(std::move(provenance));
  return json(std::move(table));
}

Document network_info(const std::filesystem::path& path, const Catalogue& catalogue) {
  Document::Table table = description_table(read_network_file(path, catalogue), catalogue);
  table["kind"] = json("network");
  return json(std::move(table));
}

Document sonata_info(const std::filesystem::path& path, const Catalogue& catalogue) {
  const SonataCircuit circuit = read_sonata(path, catalogue);
  Document::Table table = description_table(circuit.network, catalogue);
  table["kind"] = json("sonata");
  table["notes"] = json(circuit.notes);
  return json(std::move(table));
}

}  // namespace flurry
