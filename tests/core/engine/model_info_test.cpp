// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/model_info.hpp"

#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace flurry::testing {
namespace {

ModelInfo example() {
  ModelInfo info;
  info.name = "example";
  ParameterInfo tau;
  tau.name = "tau_m";
  tau.foreign = {{"nest", "tau"}, {"pynn", "cm", 1e3}};
  ParameterInfo rest;
  rest.name = "E_L";
  rest.foreign = {{"pynn", "v_rest"}};
  info.parameters = {tau, rest};
  return info;
}

constexpr double lowest = std::numeric_limits<double>::lowest();
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a parameter is found by its own name, and by another's only in that dialect") {
  struct Lookup {
    const char* name;
    const char* dialect;
    const char* found;
  };
  const Lookup lookups[] = {{"tau_m", "", "tau_m"},    {"tau_m", "nest", "tau_m"},
                            {"tau", "nest", "tau_m"},  {"tau", "pynn", ""},
                            {"tau", "", ""},           {"cm", "pynn", "tau_m"},
                            {"v_rest", "pynn", "E_L"}, {"v_rest", "nest", ""},
                            {"TAU_M", "", ""},         {"", "", ""}};
  const ModelInfo info = example();
  for (const Lookup& lookup : lookups) {
    CAPTURE(lookup.name);
    CAPTURE(lookup.dialect);
    const ParameterInfo* found = info.find(lookup.name, lookup.dialect);
    CHECK((found == nullptr ? "" : found->name) == lookup.found);
  }
  CHECK(info.parameter_names() == std::vector<std::string>{"tau_m", "E_L"});
}

TEST_CASE("a range holds its ends unless excluded, and never what is no number") {
  struct Question {
    Range range;
    double value;
    bool inside;
  };
  const Question questions[] = {{positive, 0.0, false},
                                {positive, 5e-324, true},
                                {positive, infinity, false},
                                {not_negative, 0.0, true},
                                {not_negative, -0.0, true},
                                {not_negative, -5e-324, false},
                                {any_value, lowest, true},
                                {any_value, infinity, false},
                                {any_value, -infinity, false},
                                {{0.0, 1.0, true}, 1.0, true},
                                {{0.0, 1.0, true}, 0.0, false},
                                {{0.0, 1.0, false}, 0.0, true},
                                {any_value, std::numeric_limits<double>::quiet_NaN(), false},
                                {Range{}, std::numeric_limits<double>::quiet_NaN(), false}};
  for (const Question& q : questions) {
    CAPTURE(q.value);
    CHECK(q.range.contains(q.value) == q.inside);
  }
}

TEST_CASE("a range describes itself in the unit users write") {
  struct Described {
    Range range;
    Dimension dimension;
    const char* text;
  };
  const Described table[] = {{positive, Dimension::time, "> 0 ms"},
                             {not_negative, Dimension::time, ">= 0 ms"},
                             {any_value, Dimension::voltage, "any finite value in mV"},
                             {any_value, Dimension::number, "any finite value"},
                             {Range{}, Dimension::number, "any finite value"},
                             {{0.0, 0.5, false}, Dimension::rate, "in [0, 500] Hz"},
                             {{0.0, 1.0, true}, Dimension::number, "in (0, 1]"},
                             {{lowest, -1.0, false}, Dimension::current, "<= -1 pA"},
                             {{0.25, infinity, true}, Dimension::rate, "> 250 Hz"}};
  for (const Described& d : table) CHECK(describe(d.range, d.dimension) == d.text);
}

}  // namespace flurry::testing
