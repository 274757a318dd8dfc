// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_edges.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/sonata/dynamics_file.hpp"
#include "io/sonata/group_columns.hpp"

namespace flurry {
namespace {

constexpr double default_weight = 1.0;  // NEST's
constexpr double default_delay = 1.0;   // ms, NEST's and NEURON's

// What the row of an edge type says.
struct EdgeType {
  std::optional<double> weight;
  std::optional<double> delay;
  double synapses = 1.0;
  double sign = 1.0;
};

struct Reading {
  const SonataConfig& config;
  std::span<const SonataPopulation> populations;
  std::vector<std::string>& notes;
};

void expect_static(const TypesTable& types, std::uint64_t id) {
  const std::string* model = types.text(id, "model_template");
  if (model != nullptr && *model != "static_synapse" && *model != "nest:static_synapse")
    throw UsageError(types.where(id) + ": edge type " + std::to_string(id) + " has model_template '" +
                     *model + "'; allowed: static_synapse or none");
  const std::string* function = types.text(id, "weight_function");
  if (function != nullptr && *function != "wmax")
    throw UsageError(types.where(id) + ": edge type " + std::to_string(id) + " has weight_function '" +
                     *function + "'; allowed: wmax or none");
}

double read_sign(const SonataConfig& config, const std::string& name, const std::string& where) {
  const DynamicsFile file = read_dynamics_file(config.synapse_models, name, where);
  file.document.expect_keys("the synapse", {"sign", "level_of_detail", "type"});
  const Document* sign = file.document.find("sign");
  if (sign == nullptr) return 1.0;
  const double value = sign->number("sign");
  if (value != 1.0 && value != -1.0)
    throw UsageError("sign (" + sign->where() + ") is " + shortest(value) + "; allowed: 1, -1");
  return value;
}

EdgeType read_type(const TypesTable& types, std::uint64_t id, const std::string& edges,
                   const SonataConfig& config) {
  if (!types.has(id))
    throw FormatError("'" + edges + "' has edges of type " + std::to_string(id) +
                      ", which the edge types file does not list; expected a row with edge_type_id " +
                      std::to_string(id));
  expect_static(types, id);
  EdgeType type;
  type.weight = types.number(id, "syn_weight");
  type.delay = types.number(id, "delay");
  type.synapses = types.number(id, "nsyns").value_or(1.0);
  if (const std::string* name = types.text(id, "dynamics_params"))
    type.sign = read_sign(config, *name, types.where(id));
  return type;
}

const SonataPopulation& find_population(const Hdf5Dataset& ends, const Reading& reading) {
  const auto name = ends.find_text("node_population");
  if (!name)
    throw FormatError("'" + ends.where() +
                      "' has no attribute node_population; expected the name of a population");
  std::vector<std::string> names;
  for (const SonataPopulation& population : reading.populations) {
    if (population.name == *name) return population;
    names.push_back(population.name);
  }
  throw FormatError(unknown_name("population", *name, "'" + ends.where() + "'", names));
}

std::shared_ptr<const std::vector<std::uint32_t>> read_ends(const Hdf5Dataset& ends,
                                                            const SonataPopulation& nodes) {
  const std::vector<std::uint64_t> ids = ends.read_list<std::uint64_t>();
  auto neurons = std::make_shared<std::vector<std::uint32_t>>(ids.size());
  for (std::size_t edge = 0; edge < ids.size(); ++edge) {
    const auto neuron = nodes.find(ids[edge]);
    if (!neuron)
      throw FormatError("'" + ends.where() + "': edge " + std::to_string(edge) + " ends at node " +
                        std::to_string(ids[edge]) + ", which population " + nodes.name + " does not have");
    (*neurons)[edge] = *neuron;
  }
  return neurons;
}

// The values of all edges: a column of the HDF5 file, else of the edge types, else `otherwise`.
struct EdgeValues {
  std::vector<double> weights;
  std::vector<double> delays;
  std::size_t without_weight = 0;
  std::size_t without_delay = 0;
};

double at(const std::optional<std::vector<double>>& column, std::size_t edge, double otherwise) {
  return column && !std::isnan((*column)[edge]) ? (*column)[edge] : otherwise;
}

EdgeValues read_values(const Hdf5Group& group, const TypesTable& types, bool typed, std::size_t size,
                       const SonataConfig& config) {
  const std::vector<std::uint64_t> ids = group.dataset("edge_type_id").read_list<std::uint64_t>();
  if (ids.size() != size)
    throw FormatError("'" + group.where() + "' has " + std::to_string(ids.size()) +
                      " values of edge_type_id for " + std::to_string(size) + " edges; expected one each");
  const GroupColumns columns(group, "edge", size);
  for (const std::string& name : columns.names())
    if (name == "model_template" || name.starts_with("dynamics_params"))
      throw UsageError("'" + group.where() + "' has a column '" + name +
                       "' per edge, which is not read; static synapses have syn_weight, delay and nsyns");
  const auto weights = columns.find("syn_weight");
  const auto delays = columns.find("delay");
  const auto synapses = columns.find("nsyns");
  std::unordered_map<std::uint64_t, EdgeType> known;
  EdgeValues values{std::vector<double>(size), std::vector<double>(size)};
  for (std::size_t edge = 0; edge < size; ++edge) {
    auto type = known.find(ids[edge]);
    if (type == known.end())
      type = known.emplace(ids[edge], typed ? read_type(types, ids[edge], group.where(), config) : EdgeType{})
                 .first;
    const double missing = std::nan("");
    double weight = at(weights, edge, type->second.weight.value_or(missing));
    double delay = at(delays, edge, type->second.delay.value_or(missing));
    if (std::isnan(weight)) ++values.without_weight, weight = default_weight;
    if (std::isnan(delay)) ++values.without_delay, delay = default_delay;
    if (!(delay > 0.0))
      throw UsageError("'" + group.where() + "': edge " + std::to_string(edge) + " has a delay of " +
                       shortest(delay) + " ms; allowed: > 0 ms");
    values.weights[edge] = weight * at(synapses, edge, type->second.synapses) * type->second.sign;
    values.delays[edge] = delay;
  }
  return values;
}

Distribution as_distribution(std::vector<double> values, double otherwise) {
  if (values.empty()) return Distribution::constant(otherwise);
  const bool equal =
      std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; });
  return equal ? Distribution::constant(values[0]) : Distribution::list(std::move(values));
}

void note_defaults(const std::string& name, const EdgeValues& values, std::vector<std::string>& notes) {
  if (values.without_delay > 0)
    notes.push_back("edges " + name + ": " + std::to_string(values.without_delay) +
                    " have no delay and get the default of NEST and NEURON, " + shortest(default_delay) +
                    " ms");
  if (values.without_weight > 0)
    notes.push_back("edges " + name + ": " + std::to_string(values.without_weight) +
                    " have no syn_weight and get NEST's default, " + shortest(default_weight));
}

ProjectionDescription read_projection(const Hdf5Group& group, const SonataFilePair& files,
                                      const std::string& name, const Reading& reading) {
  const Hdf5Dataset source_ids = group.dataset("source_node_id");
  const Hdf5Dataset target_ids = group.dataset("target_node_id");
  const SonataPopulation& source = find_population(source_ids, reading);
  const SonataPopulation& target = find_population(target_ids, reading);
  if (target.is_virtual())
    throw UsageError("'" + group.where() + "' ends at the virtual population " + target.name +
                     "; virtual nodes receive nothing");
  const ConnectionList list{read_ends(source_ids, source), read_ends(target_ids, target)};
  if (list.sources->size() != list.targets->size())
    throw FormatError("'" + group.where() + "' has " + std::to_string(list.sources->size()) +
                      " sources but " + std::to_string(list.targets->size()) +
                      " targets; expected the same number");
  const TypesTable types = files.types ? TypesTable(*files.types, "edge_type_id", name) : TypesTable();
  EdgeValues values =
      read_values(group, types, files.types.has_value(), list.sources->size(), reading.config);
  note_defaults(name, values, reading.notes);
  ProjectionDescription projection;
  projection.name = name;
  projection.source = source.name;
  projection.target = target.name;
  projection.rule = list;
  projection.weight = as_distribution(std::move(values.weights), default_weight);
  projection.delay = as_distribution(std::move(values.delays), default_delay);
  projection.where = group.where();
  return projection;
}

}  // namespace

std::vector<ProjectionDescription> read_sonata_edges(const SonataFilePair& files, const SonataConfig& config,
                                                     std::span<const SonataPopulation> populations,
                                                     std::vector<std::string>& notes) {
  const Hdf5File file = Hdf5File::open(files.data);
  const Hdf5Group edges = file.root().group("edges");
  std::vector<ProjectionDescription> projections;
  for (const std::string& name : edges.members())
    if (edges.has_group(name))
      projections.push_back(read_projection(edges.group(name), files, name, {config, populations, notes}));
  if (projections.empty())
    throw FormatError("'" + edges.where() + "' holds no population; expected at least one");
  return projections;
}

}  // namespace flurry
