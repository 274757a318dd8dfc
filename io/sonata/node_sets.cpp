// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/node_sets.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

constexpr int most_names = 32;  // names of names; more is a circle

std::string as_text(const Document& value, const std::string& what) {
  return value.is_number() ? shortest(value.number(what)) : value.text(what);
}

}  // namespace

NodeSelection NodeSets::select(const Document& rule, const std::string& what, int depth) const {
  if (depth > most_names) throw UsageError(what + ": node sets name one another in a circle");
  if (rule.is_text()) return select_named(rule, what, depth);
  if (rule.is_table()) return select_by_attributes(rule, what);
  NodeSelection result;
  if (rule.is_null()) {
    for (std::size_t i = 0; i < populations_.size(); ++i) result[i].assign(populations_[i].ids.size(), true);
    return result;
  }
  for (const Document& part : rule.array(what)) {
    for (const auto& [population, chosen] : select(part, what, depth + 1)) {
      std::vector<bool>& all = result[population];
      all.resize(chosen.size());
      for (std::size_t i = 0; i < chosen.size(); ++i) all[i] = all[i] || chosen[i];
    }
  }
  return result;
}

NodeSelection NodeSets::select_named(const Document& rule, const std::string& what, int depth) const {
  const std::string& name = rule.text(what);
  if (const Document* set = sets_.find(name)) return select(*set, "node set " + name, depth + 1);
  if (name == "all") return select(Document{}, what, depth);
  std::vector<std::string> names{"all"};
  for (std::size_t i = 0; i < populations_.size(); ++i) {
    if (populations_[i].name == name) return {{i, std::vector<bool>(populations_[i].ids.size(), true)}};
    names.push_back(populations_[i].name);
  }
  if (sets_.is_table())
    for (const auto& [known, set] : sets_.table("the node sets")) names.push_back(known);
  throw UsageError(unknown_name("node set", name, what + " (" + rule.where() + ")", names));
}

void NodeSets::expect_attribute(const std::string& attribute, const Document& wanted,
                                const std::string& what) const {
  if (wanted.is_table())
    throw UsageError(what + " (" + wanted.where() + "): '" + attribute +
                     "' is a comparison, which is not read; expected a value or a list of values");
  if (attribute == "population" || attribute == "node_id" || attribute == "node_type_id") return;
  for (const SonataPopulation& population : populations_)
    if (population.types.has_column(attribute)) return;
  throw UsageError(what + " (" + wanted.where() + "): no node types file has a column '" + attribute +
                   "'; expected population, node_id, node_type_id or such a column");
}

bool NodeSets::fits(std::size_t population, std::size_t neuron, const std::string& attribute,
                    const Document& wanted) const {
  if (wanted.is_array()) {
    const Document::Array& choices = wanted.array(attribute);
    return std::any_of(choices.begin(), choices.end(),
                       [&](const Document& one) { return fits(population, neuron, attribute, one); });
  }
  const SonataPopulation& nodes = populations_[population];
  if (attribute == "population") return wanted.text(attribute) == nodes.name;
  if (attribute == "node_id")
    return wanted.integer(attribute) == static_cast<std::int64_t>(nodes.ids[neuron]);
  if (attribute == "node_type_id")
    return wanted.integer(attribute) == static_cast<std::int64_t>(nodes.type_ids[neuron]);
  const std::string* text = nodes.types.text(nodes.type_ids[neuron], attribute);
  return text != nullptr && *text == as_text(wanted, attribute);
}

NodeSelection NodeSets::select_by_attributes(const Document& rule, const std::string& what) const {
  const Document::Table& attributes = rule.table(what);
  for (const auto& [attribute, wanted] : attributes) expect_attribute(attribute, wanted, what);
  NodeSelection result;
  for (std::size_t p = 0; p < populations_.size(); ++p) {
    std::vector<bool> chosen(populations_[p].ids.size());
    for (std::size_t i = 0; i < chosen.size(); ++i)
      chosen[i] = std::all_of(attributes.begin(), attributes.end(),
                              [&](const auto& one) { return fits(p, i, one.first, one.second); });
    if (std::find(chosen.begin(), chosen.end(), true) != chosen.end()) result.emplace(p, std::move(chosen));
  }
  return result;
}

}  // namespace flurry
