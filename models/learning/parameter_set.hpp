// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace flurry {

/// What steps are taken in: a time constant may move by its logarithm, so that it stays positive and steps
/// are relative, or by its decay factor exp(-dt / tau), as the study has it.
enum class ParameterScale : std::uint8_t { plain, logarithm, decay };

/// Numbers of one kind, and how they are trained.
struct ParameterGroup {
  std::string name;       // "hidden.tau_m"
  std::size_t begin = 0;  // in ParameterSet::values
  std::size_t size = 0;
  bool trained = true;
  bool tied = false;  // one value for all
  ParameterScale scale = ParameterScale::plain;
  double dt = 1.0;    // ms, of ParameterScale::decay
  double rate = 1.0;  // learning rate, in units of the optimiser's
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
};

/// All numbers of a network in one list, as the network uses them (ms, thresholds, weights).
struct ParameterSet {
  std::vector<double> values;
  std::vector<ParameterGroup> groups;

  /// Adds numbers behind those there are.
  ParameterGroup& add(std::string name, const std::vector<double>& numbers) {
    groups.push_back({std::move(name), values.size(), numbers.size()});
    values.insert(values.end(), numbers.begin(), numbers.end());
    return groups.back();
  }
  /// The group of this name, or nullptr.
  [[nodiscard]] const ParameterGroup* find(const std::string& name) const {
    for (const ParameterGroup& group : groups)
      if (group.name == name) return &group;
    return nullptr;
  }
  [[nodiscard]] std::size_t trained() const {
    std::size_t sum = 0;
    for (const ParameterGroup& group : groups)
      if (group.trained) sum += group.tied ? 1 : group.size;
    return sum;
  }
};

}  // namespace flurry
