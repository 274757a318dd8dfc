// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/model_info.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {

const ParameterInfo* ModelInfo::find(std::string_view parameter, std::string_view dialect) const {
  for (const ParameterInfo& info : parameters) {
    if (info.name == parameter) return &info;
    for (const ForeignName& other : info.foreign)
      if (!dialect.empty() && other.dialect == dialect && other.name == parameter) return &info;
  }
  return nullptr;
}

std::vector<std::string> ModelInfo::parameter_names() const {
  std::vector<std::string> names;
  for (const ParameterInfo& info : parameters) names.emplace_back(info.name);
  return names;
}

std::string RecordableInfo::unit() const {
  std::string unit(unit_name(dimension));
  if (per_time) unit = (unit.empty() ? "1" : unit) + "/ms";
  return unit;
}

std::uint32_t ModelInfo::recordable(std::string_view variable, std::string_view where) const {
  std::vector<std::string> names;
  for (const RecordableInfo& info : recordables) {
    if (info.name == variable) return static_cast<std::uint32_t>(names.size());
    names.emplace_back(info.name);
  }
  if (is_source)
    throw UsageError(std::string(where) + ": a '" + std::string(name) +
                     "' is a source and has no variables; expected a population of neurons");
  throw UsageError(
      unknown_name("variable", variable, std::string(where) + ", of '" + std::string(name) + "'", names));
}

std::string describe(const Range& range, Dimension dimension) {
  const std::string unit = unit_name(dimension).empty() ? "" : " " + std::string(unit_name(dimension));
  const auto bare = [&](double value) { return shortest(value / bare_factor(dimension)); };
  const bool has_low = range.low > std::numeric_limits<double>::lowest();
  const bool has_high = range.high < std::numeric_limits<double>::max();
  if (has_low && has_high)
    return (range.low_excluded ? "in (" : "in [") + bare(range.low) + ", " + bare(range.high) + "]" + unit;
  if (has_low) return (range.low_excluded ? "> " : ">= ") + bare(range.low) + unit;
  if (has_high) return "<= " + bare(range.high) + unit;
  return "any finite value" + (unit.empty() ? "" : " in" + unit);
}

}  // namespace flurry
