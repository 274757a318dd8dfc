// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/run_report.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/units.hpp"
#include "io/text/json.hpp"
#include "tools/analysis/recalled_network.hpp"
#include "tools/cli/counts_json.hpp"

namespace flurry {
namespace {

const PopulationCounts* counts_of(const std::optional<ActivityCounts>& counts,
                                  const std::string& population) {
  if (!counts) return nullptr;
  for (const PopulationCounts& candidate : counts->populations)
    if (candidate.name == population) return &candidate;
  return nullptr;
}

double last_spike(const SpikeFile& file) {
  double last = 0.0;
  for (const auto& [name, spikes] : file.populations)
    for (const double time : spikes.times) last = std::max(last, time);
  return last;
}

void take_duration(const SpikeFile& file, RunReport& report) {
  if (file.status.known) {
    report.duration = file.status.until;
    return;
  }
  report.duration = last_spike(file);
  report.notes.emplace_back("the file does not say how long the run was; rates are up to its last spike");
}

void take_counts(const SpikeFile& file, RunReport& report) {
  if (file.counts_json.empty()) {
    report.notes.emplace_back("the file carries no activity counts, so there is no energy estimate");
    return;
  }
  report.counts = parse_counts(parse_json(file.counts_json, report.path + ":counts"));
}

// The membrane tells fast from slow; a model without tau_m is told by its first individual time constant.
const ParameterReport* telling(const PopulationReport& population) {
  for (const ParameterReport& parameter : population.parameters)
    if (parameter.name == "tau_m") return &parameter;
  for (const ParameterReport& parameter : population.parameters)
    if (parameter.name.starts_with("tau")) return &parameter;
  return nullptr;
}

void take_parameters(const NetworkDescription& network, std::size_t index, const Catalogue& catalogue,
                     double duration, PopulationReport& population) {
  const ModelInfo& info = catalogue.info(population.model, network.populations[index].where);
  for (const ParameterInfo& parameter : info.parameters) {
    ParameterReport entry;
    entry.name = std::string(parameter.name);
    entry.unit = std::string(unit_name(parameter.dimension));
    entry.values = recalled_values(network, index, population.trains.size(), entry.name, catalogue);
    if (entry.values.empty()) continue;
    entry.bins = bin_by_parameter(entry.values, population.trains, duration, parameter_bin_count);
    entry.rate_correlation = rank_correlation(entry.values, rates(population.trains, duration));
    if (!entry.bins.empty()) population.parameters.push_back(std::move(entry));
  }
  const ParameterReport* tau = telling(population);
  if (tau == nullptr) return;
  population.tau = tau->name;
  population.profile = temporal_profile(tau->values, population.trains, duration, round_bin(duration, 100.0));
}

// Neurons in the order of the network, also those without a spike; then what else the file holds.
std::vector<std::string> population_names(const SpikeFile& file, const RunReport& report) {
  std::vector<std::string> names;
  if (report.counts)
    for (const PopulationCounts& counts : report.counts->populations)
      if (!counts.is_source) names.push_back(counts.name);
  for (const auto& [name, spikes] : file.populations)
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

void take_populations(const SpikeFile& file, const RecalledNetwork& recalled, const Catalogue& catalogue,
                      RunReport& report) {
  for (const std::string& name : population_names(file, report)) {
    PopulationReport population;
    population.name = name;
    const PopulationCounts* counts = counts_of(report.counts, name);
    if (counts != nullptr) population.model = counts->model;
    const auto spikes = file.populations.find(name);
    population.trains = trains_of(spikes == file.populations.end() ? PopulationSpikes{} : spikes->second,
                                  counts != nullptr ? counts->size : 0, name);
    population.statistics = spike_statistics(population.trains, report.duration);
    for (std::size_t i = 0; recalled.network && i < recalled.network->populations.size(); ++i)
      if (recalled.network->populations[i].name == name && counts != nullptr)
        take_parameters(*recalled.network, i, catalogue, report.duration, population);
    report.populations.push_back(std::move(population));
  }
}

// Every arrival a projection delivered must have been received by a population, and the other way round.
void check_conservation(const ActivityCounts& counts, RunReport& report) {
  const std::uint64_t delivered = counts.total(&ProjectionCounts::arrivals);
  const std::uint64_t received = counts.total(&PopulationCounts::arrivals);
  if (delivered != received)
    report.notes.push_back("self-check failed: projections delivered " + std::to_string(delivered) +
                           " arrivals, populations received " + std::to_string(received));
}

}  // namespace

double round_bin(double duration, double points) {
  const double wanted = std::max(duration / points, 1e-3);
  const double decade = std::pow(10.0, std::floor(std::log10(wanted)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if (factor * decade >= wanted * (1.0 - 1e-9)) return factor * decade;
  return 10.0 * decade;
}

RunReport make_report(const std::string& path, const SpikeFile& file, const Catalogue& catalogue,
                      const std::vector<EnergyProfile>& profiles, double step) {
  RunReport report;
  report.path = path;
  report.status = file.status;
  report.step = step;
  if (const auto seed = file.provenance.find("seed"); seed != file.provenance.end())
    report.seed = seed->second;
  if (const auto command = file.provenance.find("command"); command != file.provenance.end())
    report.command = command->second;
  take_duration(file, report);
  take_counts(file, report);
  const RecalledNetwork recalled = recall_network(file, catalogue);
  if (!recalled.network) report.notes.push_back(recalled.missing + "; there is no analysis by time constant");
  take_populations(file, recalled, catalogue, report);
  if (!report.counts) return report;
  check_conservation(*report.counts, report);
  const Workload event = event_driven(*report.counts);
  const Workload sparse = sparse_time_stepped(*report.counts, step);
  const Workload dense = dense_time_stepped(*report.counts, step);
  for (const EnergyProfile& profile : profiles)
    report.energies.push_back(
        {profile, price(event, profile), price(sparse, profile), price(dense, profile)});
  return report;
}

}  // namespace flurry
