// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/projection_reader.hpp"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/error.hpp"
#include "io/network_file/distribution_reader.hpp"
#include "io/network_file/quantity_reader.hpp"
#include "io/network_file/rule_reader.hpp"

namespace flurry {
namespace {

const PopulationDescription& read_end(std::string_view key, const Document& table,
                                      std::span<const PopulationDescription> populations,
                                      const std::string& what) {
  const Document& value = table.at(key, what);
  const std::string label = std::string(key) + " of " + what;
  const std::string& name = value.text(label);
  std::vector<std::string> names;
  for (const PopulationDescription& population : populations) {
    if (population.name == name) return population;
    names.push_back(population.name);
  }
  throw UsageError(unknown_name("population", name, placed(label, value), names));
}

// How many connections an explicit rule makes; nothing where that is drawn or a size is not known yet.
std::optional<std::size_t> listed_connections(const RuleReading& reading, const RuleContext& context) {
  if (const auto* list = std::get_if<ConnectionList>(&reading.rule)) return list->sources->size();
  if (std::holds_alternative<OneToOne>(reading.rule) && context.source_size != 0) return context.source_size;
  const auto* all = std::get_if<AllToAll>(&reading.rule);
  const std::size_t pairs = std::size_t{context.source_size} * context.target_size;
  if (all != nullptr && all->autapses && pairs != 0) return pairs;
  return std::nullopt;
}

Distribution read_synapse_values(const Document& value, Dimension dimension, const Range& range,
                                 std::optional<std::size_t> connections, const std::string& what) {
  Distribution values = read_distribution(value, dimension, range, what);
  if (!values.is_list()) return values;
  if (!connections) {
    refuse(
        value, what,
        "is a list, but the rule does not say how many connections there are; allowed with { list = ... }, "
        "{ sources = ..., targets = ... }, \"one_to_one\" and \"all_to_all\" between known sizes");
  }
  if (values.list_values().size() != *connections) {
    refuse(value, what,
           "lists " + std::to_string(values.list_values().size()) + " values for " +
               std::to_string(*connections) + " connections; the two must be equal");
  }
  return values;
}

void check_ends(const RuleReading& reading, const PopulationDescription& source,
                const PopulationDescription& target, const std::string& where) {
  if (std::holds_alternative<OneToOne>(reading.rule) && source.size != 0 && target.size != 0 &&
      source.size != target.size) {
    throw UsageError(where + " is one_to_one between sizes " + std::to_string(source.size) + " and " +
                     std::to_string(target.size) + "; they must be equal");
  }
  if (!std::holds_alternative<DistanceDependent>(reading.rule)) return;
  for (const PopulationDescription* end : {&source, &target})
    if (!end->layout)
      throw UsageError(where + " connects by distance, but population '" + end->name + "' has no 'layout'");
}

}  // namespace

ProjectionDescription read_projection(const std::string& name, const Document& table,
                                      std::span<const PopulationDescription> populations,
                                      const Catalogue& catalogue) {
  const std::string what = "projection '" + name + "'";
  table.expect_keys(what, {"source", "target", "rule", "weight", "delay"});
  const PopulationDescription& source = read_end("source", table, populations, what);
  const PopulationDescription& target = read_end("target", table, populations, what);
  const ModelInfo& model = catalogue.info(target.model, what);
  if (model.is_source) {
    refuse(table.at("target", what), "target of " + what,
           "is '" + target.name + "', a " + target.model +
               " source, which receives nothing; expected a population of neurons");
  }
  const RuleContext context{"rule of " + what, source.size, target.size, model.weight};
  RuleReading reading = read_rule(table.at("rule", what), context);
  check_ends(reading, source, target, placed(what, table));

  const auto values = [&](const std::string& key, std::optional<Distribution>& listed, Dimension dimension,
                          const Range& range) -> std::optional<Distribution> {
    const Document* value = table.find(key);
    if (value == nullptr) return std::move(listed);
    if (listed)
      refuse(*value, key + " of " + what,
             "stands beside a list of connections with its own " + key + "s; expected one of the two");
    return read_synapse_values(*value, dimension, range, listed_connections(reading, context),
                               key + " of " + what);
  };
  std::optional<Distribution> weight = values("weight", reading.weight, model.weight, any_value);
  if (!weight) refuse(table, what, "has no 'weight'");
  const std::optional<Distribution> delay = values("delay", reading.delay, Dimension::time, positive);

  ProjectionDescription projection;
  projection.name = name;
  projection.source = source.name;
  projection.target = target.name;
  projection.weight = *std::move(weight);
  if (delay) projection.delay = *delay;
  projection.rule = std::move(reading.rule);
  projection.where = table.where();
  return projection;
}

}  // namespace flurry
