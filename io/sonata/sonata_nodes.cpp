// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/sonata_nodes.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "io/hdf5/hdf5_file.hpp"
#include "io/sonata/dynamics_file.hpp"
#include "io/sonata/group_columns.hpp"

namespace flurry {
namespace {

// What the row of a node type says.
struct NodeType {
  const ModelInfo* model = nullptr;  // nullptr: virtual
  std::string dialect;
  std::vector<std::pair<const ParameterInfo*, double>> parameters;
};

struct NodeReading {
  const SonataConfig& config;
  const Catalogue& catalogue;
  std::vector<std::string>& notes;
};

const std::vector<std::string> point_types{"point_neuron", "point_process", "point_soma"};

std::pair<std::string, std::string> split_template(const std::string& text, const std::string& where) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos)
    throw UsageError(where + ": model_template is '" + text +
                     "'; expected simulator:model, such as nest:iaf_psc_exp");
  return {lower_case(std::string_view(text).substr(0, colon)), text.substr(colon + 1)};
}

void find_model(NodeType& type, const std::string& text, const std::string& where,
                const Catalogue& catalogue) {
  const auto [dialect, name] = split_template(text, where);
  type.dialect = dialect;
  type.model = catalogue.find_foreign(dialect, name);
  if (type.model != nullptr) return;
  const std::vector<std::string> known = catalogue.foreign_names(dialect);
  if (known.empty())
    throw UsageError(where + ": model_template '" + text + "' is of the simulator '" + dialect +
                     "', of which no model is known; allowed: nest, nrn, pynn");
  throw UsageError(unknown_name(dialect + " model", name, where, known));
}

NodeType read_type(const SonataPopulation& population, std::uint64_t id, const NodeReading& reading) {
  const std::string where = population.types.where(id);
  if (!population.types.has(id))
    throw FormatError("'" + population.where + "' has nodes of type " + std::to_string(id) +
                      ", which the node types file does not list; expected a row with node_type_id " +
                      std::to_string(id));
  const std::string* kind = population.types.text(id, "model_type");
  const std::string* model = population.types.text(id, "model_template");
  NodeType type;
  if (kind != nullptr && *kind == "virtual") return type;
  if (kind != nullptr && std::find(point_types.begin(), point_types.end(), *kind) == point_types.end())
    throw UsageError(
        where + ": node type " + std::to_string(id) + " has model_type '" + *kind +
        "'; Flurry runs point neurons only (allowed: virtual, point_neuron, point_process, point_soma)");
  if (model == nullptr)
    throw FormatError(where + ": node type " + std::to_string(id) +
                      " has no model_template; expected simulator:model, such as nest:iaf_psc_exp");
  find_model(type, *model, where, reading.catalogue);
  const std::string* file = population.types.text(id, "dynamics_params");
  if (file == nullptr) return type;
  const DynamicsFile dynamics = read_dynamics_file(reading.config.neuron_models, *file, where);
  for (const auto& [name, value] : dynamics.numbers({"type", "level_of_detail", "name", "model"})) {
    const ForeignParameter found = find_parameter(*type.model, type.dialect, name, dynamics.path.string());
    type.parameters.emplace_back(found.info, value * found.factor);
  }
  return type;
}

// Reads ids and types; returns the row of the file in which each neuron stands.
std::vector<std::size_t> read_ids(const Hdf5Group& group, SonataPopulation& population) {
  const std::vector<std::uint64_t> types = group.dataset("node_type_id").read_list<std::uint64_t>();
  std::vector<std::uint64_t> ids(types.size());
  std::iota(ids.begin(), ids.end(), std::uint64_t{0});
  if (group.has_dataset("node_id")) ids = group.dataset("node_id").read_list<std::uint64_t>();
  if (ids.size() != types.size())
    throw FormatError("'" + population.where + "' has " + std::to_string(ids.size()) +
                      " values of node_id but " + std::to_string(types.size()) +
                      " of node_type_id; expected the same number");
  if (ids.empty() || ids.size() > std::numeric_limits<std::uint32_t>::max())
    throw FormatError("'" + population.where + "' has " + std::to_string(ids.size()) +
                      " nodes; expected 1 to 4294967295");
  std::vector<std::size_t> row(ids.size());
  std::iota(row.begin(), row.end(), std::size_t{0});
  std::sort(row.begin(), row.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  for (const std::size_t i : row) {
    if (!population.ids.empty() && population.ids.back() == ids[i])
      throw FormatError("'" + population.where + "' has node_id " + std::to_string(ids[i]) +
                        " twice; expected each once");
    population.ids.push_back(ids[i]);
    population.type_ids.push_back(types[i]);
  }
  return row;
}

void set_columns(SonataPopulation& population, const GroupColumns& columns,
                 const std::vector<std::size_t>& row) {
  const std::string prefix = "dynamics_params/";
  for (const std::string& name : columns.names()) {
    if (!name.starts_with(prefix)) continue;
    const ForeignParameter parameter =
        find_parameter(*population.model, population.dialect, name.substr(prefix.size()), population.where);
    const std::vector<double> values = *columns.find(name);
    for (std::size_t neuron = 0; neuron < row.size(); ++neuron) {
      const double value = values[row[neuron]];
      if (value == value) population.parameters->set(*parameter.info, neuron, value * parameter.factor);
    }
  }
}

void expect_readable_columns(const SonataPopulation& population, const GroupColumns& columns) {
  for (const char* name : {"model_type", "model_template", "dynamics_params", "population"})
    if (columns.names().contains(name))
      throw UsageError("'" + population.where + "' has a column '" + name +
                       "' per node, which is not read; put it in the node types file");
}

void set_types(SonataPopulation& population, const NodeReading& reading) {
  std::map<std::uint64_t, NodeType> types;
  const NodeType* first = nullptr;
  for (std::size_t neuron = 0; neuron < population.ids.size(); ++neuron) {
    const std::uint64_t id = population.type_ids[neuron];
    auto known = types.find(id);
    if (known == types.end()) known = types.emplace(id, read_type(population, id, reading)).first;
    const NodeType& type = known->second;
    if (first == nullptr) {
      first = &type;
      population.model = type.model;
      population.dialect = type.dialect;
      if (type.model != nullptr)
        population.parameters.emplace(*type.model, type.dialect, population.ids.size());
    }
    if (type.model != first->model || type.dialect != first->dialect)
      throw UsageError(
          "'" + population.where + "' mixes models: node " + std::to_string(population.ids[neuron]) + " is " +
          (type.model == nullptr ? "virtual" : std::string(type.model->name)) + " but the first is " +
          (first->model == nullptr ? "virtual" : std::string(first->model->name)) +
          "; expected one model in a population");
    for (const auto& [parameter, value] : type.parameters)
      population.parameters->set(*parameter, neuron, value);
  }
}

SonataPopulation read_population(const Hdf5Group& group, const SonataFilePair& files, const std::string& name,
                                 const NodeReading& reading) {
  SonataPopulation population;
  population.name = name;
  population.where = group.where();
  if (files.types) population.types = TypesTable(*files.types, "node_type_id", name);
  const std::vector<std::size_t> row = read_ids(group, population);
  const GroupColumns columns(group, "node", row.size());
  expect_readable_columns(population, columns);
  set_types(population, reading);
  if (!population.is_virtual()) set_columns(population, columns, row);
  if (population.ids.back() != population.ids.size() - 1)
    reading.notes.push_back("population " + name + ": node ids are not 0.." +
                            std::to_string(population.ids.size() - 1) +
                            "; neurons are numbered in the order of their ids");
  return population;
}

}  // namespace

std::optional<std::uint32_t> SonataPopulation::find(std::uint64_t id) const {
  if (id < ids.size() && ids[id] == id) return static_cast<std::uint32_t>(id);
  const auto found = std::lower_bound(ids.begin(), ids.end(), id);
  if (found == ids.end() || *found != id) return std::nullopt;
  return static_cast<std::uint32_t>(found - ids.begin());
}

std::vector<SonataPopulation> read_sonata_nodes(const SonataFilePair& files, const SonataConfig& config,
                                                const Catalogue& catalogue, std::vector<std::string>& notes) {
  const Hdf5File file = Hdf5File::open(files.data);
  const Hdf5Group nodes = file.root().group("nodes");
  std::vector<SonataPopulation> populations;
  for (const std::string& name : nodes.members())
    if (nodes.has_group(name))
      populations.push_back(read_population(nodes.group(name), files, name, {config, catalogue, notes}));
  if (populations.empty())
    throw FormatError("'" + nodes.where() + "' holds no population; expected at least one");
  return populations;
}

}  // namespace flurry
