// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/quantity.hpp"

namespace flurry {

/// A name another simulator uses for the same thing, and what its numbers must be multiplied with to be in
/// ours.
struct ForeignName {
  std::string_view dialect;  // "nest", "nrn", "pynn", "nir"
  std::string_view name;
  double factor = 1.0;
};

/// Allowed values of a parameter, in inside units.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_excluded = false;

  [[nodiscard]] constexpr bool contains(double value) const {
    return value <= high && (low_excluded ? value > low : value >= low);  // false for NaN
  }
};

inline constexpr Range any_value{-std::numeric_limits<double>::max(), std::numeric_limits<double>::max(),
                                 false};
inline constexpr Range positive{0.0, std::numeric_limits<double>::max(), true};
inline constexpr Range not_negative{0.0, std::numeric_limits<double>::max(), false};

/// A parameter as users see it. Everything that shows, reads or checks parameters works from this.
struct ParameterInfo {
  std::string_view name;
  Dimension dimension = Dimension::number;
  double initial = 0.0;              // default, inside unit
  std::string_view initial_as = {};  // default is the value of this other parameter instead
  Range range = any_value;
  std::string_view help;
  std::vector<ForeignName> foreign;  // other names; "nest" and "pynn" readers also accept `name` itself
};

/// A text or table a source takes besides numbers: a file, a rate profile.
struct OptionInfo {
  std::string_view name;
  bool is_table = false;
  std::vector<Dimension> columns = {};  // of a table
  std::string_view help;
};

/// A variable of a neuron that can be recorded.
struct RecordableInfo {
  std::string_view name;
  Dimension dimension = Dimension::number;
  bool per_time = false;  // its unit is that of `dimension` per ms
  std::string_view help;

  /// "mV", "pA/ms", or "" for a plain number.
  [[nodiscard]] std::string unit() const;
};

/// What users, importers and manuals need to know of a model.
struct ModelInfo {
  std::string_view name;
  std::string_view summary;              // one line
  std::string_view equations;            // a few lines, with their source
  Dimension weight = Dimension::number;  // unit of the weights it receives
  std::vector<ForeignName> foreign;
  std::vector<ParameterInfo> parameters;
  std::vector<OptionInfo> options;
  bool is_source = false;
  std::vector<RecordableInfo> recordables = {};  // of a neuron model
  std::uint64_t bytes = 0;                       // of each neuron or source

  /// The parameter of this name, also under its name in `dialect` if one is given; nullptr if there is none.
  [[nodiscard]] const ParameterInfo* find(std::string_view parameter, std::string_view dialect = {}) const;
  [[nodiscard]] std::vector<std::string> parameter_names() const;
  /// The place in `recordables` of the variable of this name; UsageError naming the nearest otherwise.
  [[nodiscard]] std::uint32_t recordable(std::string_view variable, std::string_view where) const;
};

/// "> 0 ms", ">= 0 ms", "any mV".
[[nodiscard]] std::string describe(const Range& range, Dimension dimension);

}  // namespace flurry
