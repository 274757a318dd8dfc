// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/model_info.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

/// A parameter under the name another simulator has for it.
struct ForeignParameter {
  const ParameterInfo* info = nullptr;
  double factor = 1.0;  // foreign value times factor is ours
};

/// Finds the parameter that `dialect` calls `name`. "nest" and "pynn" also know our own names, which are
/// theirs. UsageError naming `where` and the nearest name otherwise.
[[nodiscard]] ForeignParameter find_parameter(const ModelInfo& model, std::string_view dialect,
                                              const std::string& name, const std::string& where);

/// The parameters of a population while they are collected: from the types' files, then from per-node
/// columns.
class NodeParameters {
 public:
  NodeParameters(const ModelInfo& model, std::string dialect, std::size_t size);

  /// `value` in our unit.
  void set(const ParameterInfo& parameter, std::size_t node, double value);
  /// Adds to what the parameter is so far.
  void add(const ParameterInfo& parameter, std::size_t node, double value);

  /// One value where all nodes agree, else a list. Nodes that were given none have the model's default;
  /// NEST's own where the dialect is "nest", whose defaults do not follow other parameters. `noted` receives
  /// the names of parameters for which that makes a difference.
  [[nodiscard]] std::map<std::string, Distribution, std::less<>> distributions(
      std::vector<std::string>& noted) const;

 private:
  [[nodiscard]] std::vector<double>& column(const ParameterInfo& parameter);
  [[nodiscard]] std::vector<double> filled(const ParameterInfo& parameter) const;

  const ModelInfo& model_;
  std::string dialect_;
  std::size_t size_;
  std::map<std::string, std::vector<double>, std::less<>> columns_;  // NaN: not given
};

}  // namespace flurry
