// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/model_info.hpp"

#include <algorithm>

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
