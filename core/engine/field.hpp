// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/engine/model_info.hpp"

namespace flurry {

/// One line of a model's `parameters` table: the only place where a parameter is named. Its unit follows from
/// the member's type, its default from the member's initialiser.
template <class Parameters, class Value>
struct Field {
  std::string_view name;
  Value Parameters::*member;
  std::string_view help;
  Range range = any_value;
  std::string_view initial_as = {};
  std::array<ForeignName, 3> foreign = {};
};
template <class P, class V>
Field(std::string_view, V P::*, std::string_view) -> Field<P, V>;
template <class P, class V>
Field(std::string_view, V P::*, std::string_view, Range) -> Field<P, V>;
template <class P, class V>
Field(std::string_view, V P::*, std::string_view, Range, std::string_view) -> Field<P, V>;
template <class P, class V>
Field(std::string_view, V P::*, std::string_view, Range, std::string_view, std::array<ForeignName, 3>)
    -> Field<P, V>;

namespace detail {
inline double raw(double value) { return value; }
template <int T, int V, int I>
double raw(Quantity<T, V, I> value) {
  return value.value;
}
}  // namespace detail

/// The table of a model as users and importers see it.
template <class Model>
std::vector<ParameterInfo> parameter_infos() {
  std::vector<ParameterInfo> infos;
  const typename Model::Parameters defaults{};
  const auto add = [&]<class P, class V>(const Field<P, V>& field) {
    ParameterInfo info{field.name,
                       dimension_of<V>,
                       detail::raw(defaults.*field.member),
                       field.initial_as,
                       field.range,
                       field.help,
                       {}};
    for (const ForeignName& other : field.foreign)
      if (!other.dialect.empty()) info.foreign.push_back(other);
    infos.push_back(std::move(info));
  };
  std::apply([&](const auto&... fields) { (add(fields), ...); }, Model::parameters);
  return infos;
}

/// Sets the parameters of one neuron from values in table order, in inside units.
template <class Model>
typename Model::Parameters parameters_from(const std::vector<double>& values) {
  typename Model::Parameters result{};
  std::size_t i = 0;
  const auto set = [&]<class P, class V>(const Field<P, V>& field) { result.*field.member = V{values[i++]}; };
  std::apply([&](const auto&... fields) { (set(fields), ...); }, Model::parameters);
  return result;
}

}  // namespace flurry
