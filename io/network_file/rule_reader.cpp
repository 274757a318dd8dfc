// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/rule_reader.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/model_info.hpp"
#include "io/network_file/quantity_reader.hpp"

namespace flurry {
namespace {

constexpr Range probabilities{0.0, 1.0, false};

bool flag(const Document& rule, std::string_view key, const std::string& what) {
  const Document* value = rule.find(key);
  return value == nullptr || value->boolean(std::string(key) + " of " + what);
}

template <class Count>
Count read_count(const Document& value, const std::string& what) {
  constexpr auto largest =
      std::min<std::uint64_t>(std::numeric_limits<Count>::max(), std::numeric_limits<std::int64_t>::max());
  return static_cast<Count>(read_whole_number(value, 0, static_cast<std::int64_t>(largest), what));
}

DistanceDependent read_distance(const Document& value, bool autapses, const std::string& what) {
  value.expect_keys(what, {"kernel", "probability", "scale", "cutoff"});
  DistanceDependent rule;
  rule.autapses = autapses;
  const Document& kernel = value.at("kernel", what);
  const std::string& name = kernel.text("kernel of " + what);
  const std::array<std::pair<std::string_view, DistanceDependent::Kernel>, 3> kernels{{
      {"box", DistanceDependent::Kernel::box},
      {"gaussian", DistanceDependent::Kernel::gaussian},
      {"exponential", DistanceDependent::Kernel::exponential},
  }};
  bool known = false;
  for (const auto& [candidate, kind] : kernels) {
    if (candidate != name) continue;
    rule.kernel = kind;
    known = true;
  }
  if (!known) {
    const std::vector<std::string> names{"box", "gaussian", "exponential"};
    throw UsageError(unknown_name("kernel", name, placed(what, kernel), names));
  }
  rule.probability = read_quantity_in(probabilities, value.at("probability", what), Dimension::number,
                                      "probability of " + what);
  rule.scale = read_quantity_in(positive, value.at("scale", what), Dimension::number, "scale of " + what);
  constexpr Range any_length{0.0, std::numeric_limits<double>::infinity(), true};
  if (const Document* cutoff = value.find("cutoff"))
    rule.cutoff = read_quantity_in(any_length, *cutoff, Dimension::number, "cutoff of " + what);
  return rule;
}

std::uint32_t read_index(const Document& value, std::uint32_t size, const std::string& what) {
  const std::uint32_t largest = size == 0 ? std::numeric_limits<std::uint32_t>::max() - 1 : size - 1;
  return static_cast<std::uint32_t>(read_whole_number(value, 0, largest, what));
}

std::shared_ptr<const std::vector<std::uint32_t>> read_indices(const Document& list, std::uint32_t size,
                                                               const std::string& what) {
  std::vector<std::uint32_t> indices;
  for (const Document& value : list.array(what))
    indices.push_back(read_index(value, size, "number " + std::to_string(indices.size()) + " of " + what));
  return std::make_shared<const std::vector<std::uint32_t>>(std::move(indices));
}

RuleReading read_columns(const Document& value, const RuleContext& context) {
  const Document& sources = value.at("sources", context.what);
  const Document& targets = value.at("targets", context.what);
  ConnectionList list{read_indices(sources, context.source_size, "sources of " + context.what),
                      read_indices(targets, context.target_size, "targets of " + context.what)};
  if (list.sources->size() != list.targets->size()) {
    refuse(value, context.what,
           "has " + std::to_string(list.sources->size()) + " sources and " +
               std::to_string(list.targets->size()) + " targets; there must be one each");
  }
  return {std::move(list), {}, {}};
}

// Rows [source, target], [source, target, weight] or [source, target, weight, delay], all of one length.
RuleReading read_rows(const Document& value, const RuleContext& context) {
  const Document::Array& rows = value.array("list of " + context.what);
  std::vector<std::uint32_t> sources, targets;
  std::vector<double> weights, delays;
  const std::size_t width = rows.empty() || !rows[0].is_array() ? 2 : rows[0].array("list").size();
  for (const Document& row : rows) {
    const std::string what = "row " + std::to_string(sources.size()) + " of " + context.what;
    const Document::Array& entries = row.array(what);
    if (entries.size() != width || width < 2 || width > 4) {
      refuse(row, what,
             "has " + std::to_string(entries.size()) +
                 " entries; expected [source, target], or with a weight, or with a weight and a delay, and "
                 "the same in every row");
    }
    sources.push_back(read_index(entries[0], context.source_size, "source in " + what));
    targets.push_back(read_index(entries[1], context.target_size, "target in " + what));
    if (width > 2)
      weights.push_back(read_quantity_in(any_value, entries[2], context.weight, "weight in " + what));
    if (width > 3)
      delays.push_back(read_quantity_in(positive, entries[3], Dimension::time, "delay in " + what));
  }
  RuleReading reading{ConnectionList{std::make_shared<const std::vector<std::uint32_t>>(std::move(sources)),
                                     std::make_shared<const std::vector<std::uint32_t>>(std::move(targets))},
                      {},
                      {}};
  if (width > 2) reading.weight = Distribution::list(std::move(weights));
  if (width > 3) reading.delay = Distribution::list(std::move(delays));
  return reading;
}

struct RuleForm {
  std::string_view name;
  std::vector<std::string> keys;  // allowed beside the name
};

const std::vector<RuleForm>& rule_forms() {
  static const std::vector<RuleForm> forms{
      {"all_to_all", {"autapses"}},
      {"one_to_one", {}},
      {"fixed_indegree", {"autapses", "multapses"}},
      {"fixed_outdegree", {"autapses", "multapses"}},
      {"fixed_total_number", {"autapses"}},
      {"pairwise_bernoulli", {"autapses"}},
      {"distance", {"autapses"}},
      {"list", {}},
      {"sources", {"targets"}},
  };
  return forms;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const RuleForm& form : rule_forms()) names.emplace_back(form.name);
  return names;
}

void expect_true(const Document& value, const std::string& what) {
  if (!value.boolean(what)) refuse(value, what, "is false; leave it out or write true");
}

// `rule` is the whole table, `value` what stands after the name of the rule.
ConnectionRule read_generated(std::string_view name, const Document& rule, const Document& value,
                              const std::string& what) {
  const bool autapses = flag(rule, "autapses", what);
  const bool multapses = flag(rule, "multapses", what);
  const std::string label = std::string(name) + " of " + what;
  if (name == "fixed_indegree")
    return FixedInDegree{read_count<std::uint32_t>(value, label), autapses, multapses};
  if (name == "fixed_outdegree")
    return FixedOutDegree{read_count<std::uint32_t>(value, label), autapses, multapses};
  if (name == "fixed_total_number")
    return FixedTotalNumber{read_count<std::uint64_t>(value, label), autapses};
  if (name == "pairwise_bernoulli")
    return PairwiseBernoulli{read_quantity_in(probabilities, value, Dimension::number, label), autapses};
  if (name == "distance") return read_distance(value, autapses, label);
  expect_true(value, label);
  if (name == "one_to_one") return OneToOne{};
  return AllToAll{autapses};
}

RuleReading read_named(const std::string& name, const Document& value, const RuleContext& context) {
  if (name == "all_to_all") return {AllToAll{}, {}, {}};
  if (name == "one_to_one") return {OneToOne{}, {}, {}};
  const std::vector<std::string> names = rule_names();
  if (std::find(names.begin(), names.end(), name) != names.end())
    refuse(value, context.what, "is '" + name + "', which needs a value, as in { " + name + " = ... }");
  throw UsageError(unknown_name("rule", name, placed(context.what, value), names));
}

// The one form the table names.
const RuleForm& find_form(const Document& value, const std::string& what) {
  const RuleForm* found = nullptr;
  for (const RuleForm& form : rule_forms()) {
    if (value.find(form.name) == nullptr) continue;
    if (found != nullptr)
      refuse(value, what,
             "names both " + std::string(found->name) + " and " + std::string(form.name) +
                 "; expected one rule");
    found = &form;
  }
  if (found != nullptr) return *found;
  std::vector<std::string> allowed = rule_names();
  allowed.insert(allowed.end(), {"autapses", "multapses"});
  value.expect_keys(what, allowed);
  std::string names;
  for (const std::string& name : rule_names()) names += (names.empty() ? "" : ", ") + name;
  refuse(value, what, "names no rule; expected one of " + names);
}

}  // namespace

RuleReading read_rule(const Document& value, const RuleContext& context) {
  if (value.is_text()) return read_named(value.text(context.what), value, context);
  (void)value.table(context.what);
  const RuleForm& form = find_form(value, context.what);
  std::vector<std::string> allowed = form.keys;
  allowed.emplace_back(form.name);
  value.expect_keys(context.what, allowed);
  const Document& body = *value.find(form.name);
  if (form.name == "list") return read_rows(body, context);
  if (form.name == "sources") return read_columns(value, context);
  return {read_generated(form.name, value, body, context.what), {}, {}};
}

}  // namespace flurry
