// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/node_parameters.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr double not_given = std::numeric_limits<double>::quiet_NaN();

bool shares_names(std::string_view dialect) { return dialect == "nest" || dialect == "pynn"; }

}  // namespace

ForeignParameter find_parameter(const ModelInfo& model, std::string_view dialect, const std::string& name,
                                const std::string& where) {
  std::vector<std::string> names;
  for (const ParameterInfo& info : model.parameters) {
    for (const ForeignName& other : info.foreign) {
      if (other.dialect != dialect) continue;
      if (other.name == name) return {&info, other.factor};
      names.emplace_back(other.name);
    }
  }
  if (shares_names(dialect)) {
    if (const ParameterInfo* info = model.find(name)) return {info, 1.0};
    for (const ParameterInfo& info : model.parameters) names.emplace_back(info.name);
  }
  throw UsageError(unknown_name("parameter", name, where + ", model " + std::string(model.name), names));
}

NodeParameters::NodeParameters(const ModelInfo& model, std::string dialect, std::size_t size)
    : model_(model), dialect_(std::move(dialect)), size_(size) {}

std::vector<double>& NodeParameters::column(const ParameterInfo& parameter) {
  return columns_.try_emplace(std::string(parameter.name), size_, not_given).first->second;
}

void NodeParameters::set(const ParameterInfo& parameter, std::size_t node, double value) {
  column(parameter)[node] = value;
}

void NodeParameters::add(const ParameterInfo& parameter, std::size_t node, double value) {
  double& so_far = column(parameter)[node];
  so_far = (std::isnan(so_far) ? parameter.initial : so_far) + value;
}

std::vector<double> NodeParameters::filled(const ParameterInfo& parameter) const {
  const auto given = columns_.find(parameter.name);
  std::vector<double> values =
      given == columns_.end() ? std::vector<double>(size_, not_given) : given->second;
  std::vector<double> defaults(size_, parameter.initial);
  if (!parameter.initial_as.empty() && dialect_ != "nest") {
    if (const ParameterInfo* other = model_.find(parameter.initial_as)) defaults = filled(*other);
  }
  for (std::size_t i = 0; i < size_; ++i)
    if (std::isnan(values[i])) values[i] = defaults[i];
  return values;
}

std::map<std::string, Distribution, std::less<>> NodeParameters::distributions(
    std::vector<std::string>& noted) const {
  std::map<std::string, Distribution, std::less<>> result;
  for (const ParameterInfo& parameter : model_.parameters) {
    const auto given = columns_.find(parameter.name);
    // Another parameter that was given would change our default, but not NEST's.
    const bool follows =
        dialect_ == "nest" && columns_.contains(parameter.initial_as) && !parameter.initial_as.empty();
    if (given == columns_.end() && !follows) continue;
    if (follows && (given == columns_.end() || std::any_of(given->second.begin(), given->second.end(),
                                                           [](double value) { return std::isnan(value); })))
      noted.emplace_back(parameter.name);
    std::vector<double> values = filled(parameter);
    const bool equal =
        std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; });
    result.emplace(parameter.name,
                   equal ? Distribution::constant(values.at(0)) : Distribution::list(std::move(values)));
  }
  return result;
}

}  // namespace flurry
