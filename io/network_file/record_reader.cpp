// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/record_reader.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "core/engine/sample_times.hpp"
#include "io/network_file/quantity_reader.hpp"
#include "io/network_file/setting.hpp"
#include "io/text/toml.hpp"

namespace flurry {
namespace {

using Range32 = std::pair<std::uint32_t, std::uint32_t>;

std::vector<std::string> texts(const Document& value, const std::string& what) {
  if (value.is_text()) return {value.text(what)};
  std::vector<std::string> result;
  for (const Document& entry : value.array(what)) result.push_back(entry.text(what));
  return result;
}

// "0-99", "7"
Range32 parse_range(std::string_view text, const Document& value, const std::string& what) {
  const auto number = [&](std::string_view untrimmed) {
    const std::string_view part = trimmed(untrimmed);
    std::uint32_t result = 0;
    const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), result);
    if (part.empty() || status != std::errc{} || end != part.data() + part.size())
      refuse(value, what,
             "has the part '" + std::string(text) + "'; expected a number or a range, as in '0-99'");
    return result;
  };
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {number(text), number(text)};
  return {number(text.substr(0, dash)), number(text.substr(dash + 1))};
}

std::vector<Range32> read_neurons(const Document& value, const std::string& what) {
  std::vector<Range32> ranges;
  if (value.is_text()) {
    for (const std::string& part : split(value.text(what), ','))
      ranges.push_back(parse_range(part, value, what));
    return ranges;
  }
  constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
  const auto one = [&](const Document& entry) {
    const auto neuron = static_cast<std::uint32_t>(read_whole_number(entry, 0, largest, what));
    ranges.emplace_back(neuron, neuron);
  };
  if (value.is_integer()) {
    one(value);
  } else {
    for (const Document& entry : value.array(what)) one(entry);
  }
  return ranges;
}

void check_population(const RecordDescription& record, const Document& table,
                      const NetworkDescription& network, const Catalogue& catalogue) {
  std::vector<std::string> names;
  const PopulationDescription* found = nullptr;
  for (const PopulationDescription& population : network.populations) {
    names.push_back(population.name);
    if (population.name == record.population) found = &population;
  }
  const std::string where = placed("record '" + record.name + "'", table);
  if (found == nullptr) throw UsageError(unknown_name("population", record.population, where, names));
  const ModelInfo& model = catalogue.info(found->model, found->where);
  for (const std::string& variable : record.variables)
    if (variable != "spikes" || model.is_source) (void)model.recordable(variable, where);
  for (const auto& [first, last] : record.ranges)
    if (first > last || (found->size > 0 && last >= found->size))
      throw UsageError(where + ": neurons " + std::to_string(first) + " to " + std::to_string(last) +
                       " of population '" + found->name + "'; allowed: 0 to " +
                       std::to_string(found->size - 1) + ", ascending");
}

void read_times(const Document& table, const std::string& what, RecordDescription& record) {
  const auto quantity = [&](const char* key, const Range& range) -> std::optional<double> {
    const Document* value = table.find(key);
    if (value == nullptr) return std::nullopt;
    return read_quantity_in(range, *value, Dimension::time, std::string(key) + " of " + what);
  };
  record.interval = quantity("interval", positive).value_or(record.interval);
  record.start = quantity("start", not_negative).value_or(record.start);
  record.stop = quantity("stop", positive);
  const Document* times = table.find("times");
  if (times == nullptr) return;
  if (table.find("interval") != nullptr || table.find("start") != nullptr || table.find("stop") != nullptr)
    refuse(*times, "times of " + what, "stand beside interval, start or stop; expected one of the two");
  for (const Document& time : times->array("times of " + what))
    record.times.push_back(read_quantity_in(not_negative, time, Dimension::time, "a time of " + what));
  if (record.times.empty()) refuse(*times, "times of " + what, "is empty; expected at least one time");
  (void)SampleTimes::at(record.times);
}

RecordDescription read_record(const std::string& name, const Document& table,
                              const NetworkDescription& network, const Catalogue& catalogue) {
  const std::string what = "record '" + name + "'";
  table.expect_keys(placed(what, table), {"population", "variables", "neurons", "sample", "seed", "interval",
                                          "start", "stop", "times", "precision"});
  constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
  RecordDescription record;
  record.name = name;
  record.where = table.where();
  record.population = table.at("population", what).text("population of " + what);
  record.variables = texts(table.at("variables", what), "variables of " + what);
  if (record.variables.empty()) refuse(table, what, "names no variables; expected at least one");
  if (const Document* neurons = table.find("neurons"))
    record.ranges = read_neurons(*neurons, "neurons of " + what);
  if (const Document* sample = table.find("sample"))
    record.sample = static_cast<std::uint32_t>(read_whole_number(*sample, 1, largest, "sample of " + what));
  if (const Document* seed = table.find("seed"))
    record.seed = static_cast<std::uint64_t>(
        read_whole_number(*seed, 0, std::numeric_limits<std::int64_t>::max(), "seed of " + what));
  read_times(table, what, record);
  if (const Document* precision = table.find("precision")) {
    const std::string& text = precision->text("precision of " + what);
    if (text != "single" && text != "double")
      refuse(*precision, "precision of " + what, "is '" + text + "'; expected 'single' or 'double'");
    record.double_precision = text == "double";
  }
  check_population(record, table, network, catalogue);
  return record;
}

// At commas outside of brackets and quotes.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == ',' && depth == 0 && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::vector<RecordDescription> read_records(const Document& document, const NetworkDescription& network,
                                            const Catalogue& catalogue) {
  std::vector<RecordDescription> records;
  const Document* tables = document.find("record");
  if (tables == nullptr) return records;
  for (const auto& [name, table] : tables->table("[record]"))
    records.push_back(read_record(name, table, network, catalogue));
  return records;
}

std::vector<RecordDescription> read_records(const std::string& text, const std::string& origin,
                                            const std::vector<std::string>& settings,
                                            const NetworkDescription& network, const Catalogue& catalogue) {
  Document document = parse_toml(text, origin);
  auto& top = std::get<Document::Table>(document.value());
  for (const char* section : {"run", "populations", "projections", "record"})
    top.try_emplace(section, Document::Table{}, origin);
  for (const std::string& setting : settings) apply_setting(setting, document);
  return read_records(document, network, catalogue);
}

RecordDescription parse_record(const std::string& text, const NetworkDescription& network,
                               const Catalogue& catalogue) {
  const std::vector<std::string> parts = parts_of(text);
  const std::string where = "--record " + text;
  const std::size_t dot = parts.front().find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == parts.front().size())
    throw UsageError(where + ": expected POPULATION.VARIABLE first, as in E.V_m or E.spikes");
  Document table(Document::Table{}, where);
  for (std::size_t i = 1; i < parts.size(); ++i) apply_setting(parts[i], table);
  auto& keys = std::get<Document::Table>(table.value());
  keys["population"] = {parts.front().substr(0, dot), where};
  keys["variables"] = {parts.front().substr(dot + 1), where};
  return read_record(parts.front(), table, network, catalogue);
}

}  // namespace flurry
