// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/engine/model_info.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// The value of every parameter of one population, element by element, numbered as they are here.
class ParameterColumns {
 public:
  /// Draws what is random. UsageError naming population, element, value and allowed range where one is out of
  /// range.
  ParameterColumns(const Population& population, const ModelInfo& info, std::uint64_t seed);

  /// All parameters of one element in the order of the model's table, in inside units.
  void row(std::uint32_t element, std::vector<double>& values) const;

 private:
  struct Column {
    double constant = 0.0;
    std::vector<double> values;  // empty where all are the constant
    [[nodiscard]] double at(std::uint32_t element) const {
      return values.empty() ? constant : values[element];
    }
  };
  std::vector<Column> columns_;
};

/// One parameter of every element of a population, in inside units: what the simulation of this network uses.
[[nodiscard]] std::vector<double> parameter_values(const Population& population, const ModelInfo& info,
                                                   std::string_view name, std::uint64_t seed);

}  // namespace flurry
