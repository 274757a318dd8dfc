// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/catalogue.hpp"

#include <algorithm>
#include <set>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "core/engine/neurons.hpp"
#include "core/engine/sources.hpp"

namespace flurry {
namespace {

std::string at(const std::string& where) { return where.empty() ? "" : " (" + where + ")"; }

void validate_population(const PopulationDescription& population, const Catalogue& catalogue) {
  const std::string what = "population " + population.name + at(population.where);
  const ModelInfo& info = catalogue.info(population.model, what);
  if (population.size == 0) throw UsageError(what + " has size 0; allowed: at least 1");
  for (const auto& [name, values] : population.parameters) {
    const ParameterInfo* parameter = info.find(name);
    if (parameter == nullptr)
      throw UsageError(
          unknown_name("parameter", name, what + ", model " + population.model, info.parameter_names()));
    if (values.is_list() && values.list_values().size() != population.size)
      throw UsageError(what + ": " + name + " lists " + std::to_string(values.list_values().size()) +
                       " values for " + std::to_string(population.size) + " neurons");
  }
}

void validate_projection(const ProjectionDescription& projection, const NetworkDescription& network,
                         const Catalogue& catalogue) {
  const std::string what = "projection " + projection.name + at(projection.where);
  std::vector<std::string> names;
  bool source_known = false;
  const PopulationDescription* target = nullptr;
  for (const PopulationDescription& population : network.populations) {
    names.push_back(population.name);
    source_known = source_known || population.name == projection.source;
    if (population.name == projection.target) target = &population;
  }
  if (!source_known) throw UsageError(unknown_name("source population", projection.source, what, names));
  if (target == nullptr) throw UsageError(unknown_name("target population", projection.target, what, names));
  if (catalogue.find_sources(target->model) != nullptr)
    throw UsageError(what + " targets " + projection.target + ", a " + target->model +
                     " source, which receives nothing; a target must be a population of neurons");
  if (!(projection.delay.lowest() > 0.0) && !projection.delay.is_random())
    throw UsageError(what + " has a delay of " + shortest(projection.delay.lowest()) +
                     " ms; allowed: > 0 ms");
  if (!(projection.delay.lowest() >= 0.0))
    throw UsageError(what + " draws delays from " + projection.delay.describe() +
                     ", which reaches below 0 ms; add a min above 0");
}

}  // namespace

std::unique_ptr<Neurons> NeuronModel::make(const Population& population, std::uint64_t seed,
                                           const TimeUnit& unit) const {
  return create(population, seed, unit);
}

std::unique_ptr<Sources> SourceModel::make(const Population& population, std::uint64_t seed,
                                           const TimeUnit& unit) const {
  return create(population, seed, unit);
}

Catalogue::Catalogue(std::vector<NeuronModel> neurons, std::vector<SourceModel> sources)
    : neurons_(std::move(neurons)), sources_(std::move(sources)) {}

const NeuronModel* Catalogue::find_neurons(std::string_view name) const {
  const auto found = std::find_if(neurons_.begin(), neurons_.end(),
                                  [&](const NeuronModel& m) { return m.info.name == name; });
  return found == neurons_.end() ? nullptr : &*found;
}

const SourceModel* Catalogue::find_sources(std::string_view name) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const SourceModel& m) { return m.info.name == name; });
  return found == sources_.end() ? nullptr : &*found;
}

const ModelInfo& Catalogue::info(std::string_view name, std::string_view where) const {
  if (const NeuronModel* model = find_neurons(name)) return model->info;
  if (const SourceModel* model = find_sources(name)) return model->info;
  throw UsageError(unknown_name("model", name, where, names()));
}

const ModelInfo* Catalogue::find_foreign(std::string_view dialect, std::string_view name) const {
  for (const NeuronModel& model : neurons_)
    for (const ForeignName& other : model.info.foreign)
      if (other.dialect == dialect && other.name == name) return &model.info;
  return nullptr;
}

std::vector<std::string> Catalogue::foreign_names(std::string_view dialect) const {
  std::vector<std::string> result;
  for (const NeuronModel& model : neurons_)
    for (const ForeignName& other : model.info.foreign)
      if (other.dialect == dialect) result.emplace_back(other.name);
  return result;
}

std::vector<std::string> Catalogue::names() const {
  std::vector<std::string> result;
  for (const NeuronModel& model : neurons_) result.emplace_back(model.info.name);
  for (const SourceModel& model : sources_) result.emplace_back(model.info.name);
  return result;
}

void validate(const NetworkDescription& description, const Catalogue& catalogue) {
  if (description.populations.empty())
    throw UsageError((description.origin.empty() ? std::string("the network") : description.origin) +
                     " has no population; add at least one [populations.NAME]");
  std::set<std::string> names;
  for (const PopulationDescription& population : description.populations) {
    if (!names.insert(population.name).second)
      throw UsageError("population " + population.name + at(population.where) + " is defined twice");
    validate_population(population, catalogue);
  }
  for (const ProjectionDescription& projection : description.projections)
    validate_projection(projection, description, catalogue);
}

}  // namespace flurry
