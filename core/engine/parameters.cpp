// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/parameters.hpp"

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

std::string place(const Population& population) {
  const std::string& where = population.description.where;
  return "population " + population.name() + (where.empty() ? "" : " (" + where + ")");
}

void check(const Population& population, const ParameterInfo& info, double value, std::uint32_t element) {
  if (info.range.contains(value)) return;
  const std::string unit(unit_name(info.dimension));
  throw UsageError(place(population) + ": " + std::string(info.name) + " of neuron " +
                   std::to_string(element) + " is " + shortest(value / bare_factor(info.dimension)) +
                   (unit.empty() ? "" : " " + unit) + "; allowed: " + describe(info.range, info.dimension));
}

std::vector<double> drawn(const Population& population, const ParameterInfo& info,
                          const Distribution& distribution, std::uint32_t parameter, std::uint64_t seed) {
  if (distribution.is_list() && distribution.list_values().size() != population.whole_size())
    throw UsageError(place(population) + ": " + std::string(info.name) + " lists " +
                     std::to_string(distribution.list_values().size()) + " values for " +
                     std::to_string(population.whole_size()) + " neurons");
  std::vector<double> values(population.size());
  for (std::uint32_t i = 0; i < population.size(); ++i) {
    const std::uint32_t element = population.whole(i);
    RandomSequence random(seed, Purpose::parameter, population.index * 64 + parameter, element);
    values[i] = distribution.draw(random, element);
    check(population, info, values[i], element);
  }
  return values;
}

}  // namespace

ParameterColumns::ParameterColumns(const Population& population, const ModelInfo& info, std::uint64_t seed) {
  const auto& given = population.description.parameters;
  for (const auto& [name, distribution] : given)
    if (info.find(name) == nullptr)
      throw UsageError(unknown_name("parameter", name,
                                    place(population) + ", model " + std::string(info.name),
                                    info.parameter_names()));
  for (std::uint32_t i = 0; i < info.parameters.size(); ++i) {
    const ParameterInfo& parameter = info.parameters[i];
    Column column;
    column.constant = parameter.initial;
    const auto found = given.find(parameter.name);
    if (found == given.end()) {
      for (std::uint32_t j = 0; j < i && !parameter.initial_as.empty(); ++j)
        if (info.parameters[j].name == parameter.initial_as) column = columns_[j];
    } else if (found->second.is_constant()) {
      column.constant = found->second.constant_value();
      check(population, parameter, column.constant, 0);
    } else {
      column.values = drawn(population, parameter, found->second, i, seed);
    }
    columns_.push_back(std::move(column));
  }
}

void ParameterColumns::row(std::uint32_t element, std::vector<double>& values) const {
  values.clear();
  for (const Column& column : columns_) values.push_back(column.at(element));
}

std::vector<double> parameter_values(const Population& population, const ModelInfo& info,
                                     std::string_view name, std::uint64_t seed) {
  const ParameterColumns columns(population, info, seed);
  std::size_t wanted = info.parameters.size();
  for (std::size_t i = 0; i < info.parameters.size(); ++i)
    if (info.parameters[i].name == name) wanted = i;
  if (wanted == info.parameters.size())
    throw UsageError(unknown_name("parameter", name, place(population), info.parameter_names()));
  std::vector<double> result;
  std::vector<double> row;
  for (std::uint32_t element = 0; element < population.size(); ++element) {
    columns.row(element, row);
    result.push_back(row[wanted]);
  }
  return result;
}

}  // namespace flurry
