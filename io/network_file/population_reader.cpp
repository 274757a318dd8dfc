// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/population_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "io/network_file/distribution_reader.hpp"
#include "io/network_file/layout_reader.hpp"
#include "io/network_file/quantity_reader.hpp"

namespace flurry {
namespace {

const OptionInfo* find_option(const ModelInfo& model, const std::string& name) {
  const auto option = std::find_if(model.options.begin(), model.options.end(),
                                   [&](const OptionInfo& info) { return info.name == name; });
  return option == model.options.end() ? nullptr : &*option;
}

// Also recognises what other simulators call a parameter.
[[noreturn]] void refuse_key(const std::string& key, const Document& value, const ModelInfo& model,
                             const std::string& what) {
  for (const ParameterInfo& parameter : model.parameters)
    for (const ForeignName& other : parameter.foreign)
      if (other.name == key)
        throw UsageError("unknown key '" + key + "' in " + placed(what, value) + "; here it is called '" +
                         std::string(parameter.name) + "'");
  std::vector<std::string> allowed{"model", "size", "layout"};
  for (const std::string& name : model.parameter_names()) allowed.push_back(name);
  for (const OptionInfo& option : model.options) allowed.emplace_back(option.name);
  throw UsageError(unknown_name("key", key, placed(what, value), allowed));
}

// A table of one column holds a list of any length for each element.
bool is_ragged(const OptionInfo& option) { return option.is_table && option.columns.size() == 1; }

std::vector<double> read_row(const Document& row, const OptionInfo& option, const std::string& what) {
  const Document::Array& entries = row.array(what);
  if (!is_ragged(option) && entries.size() != option.columns.size())
    refuse(row, what,
           "has " + std::to_string(entries.size()) + " values; expected " +
               std::to_string(option.columns.size()));
  std::vector<double> values;
  for (const Document& entry : entries) {
    const Dimension dimension = option.columns[is_ragged(option) ? 0 : values.size()];
    values.push_back(
        read_quantity(entry, dimension, "value " + std::to_string(values.size()) + " of " + what));
  }
  return values;
}

void read_option(const OptionInfo& option, const Document& value, const std::string& what,
                 const std::filesystem::path& folder, PopulationDescription& population) {
  const std::string name(option.name);
  if (option.is_table) {
    auto& rows = population.tables[name];
    for (const Document& row : value.array(what))
      rows.push_back(read_row(row, option, "row " + std::to_string(rows.size()) + " of " + what));
    return;
  }
  std::string text = value.text(what);
  if (name == "file") {
    if (text.empty()) refuse(value, what, "is empty; expected the path of a file");
    text = (folder / text).lexically_normal().string();
  }
  population.texts[name] = std::move(text);
}

std::uint32_t read_size(const Document& table, const ModelInfo& model, const std::string& what) {
  constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
  if (const Document* size = table.find("size"))
    return static_cast<std::uint32_t>(read_whole_number(*size, 1, largest, "size of " + what));
  // A source that plays a file learns its size from the file; lists for each element say it themselves.
  if (find_option(model, "file") != nullptr && table.find("file") != nullptr) return 0;
  for (const OptionInfo& option : model.options) {
    const Document* rows = is_ragged(option) ? table.find(option.name) : nullptr;
    if (rows != nullptr && rows->is_array() && !rows->array(what).empty())
      return static_cast<std::uint32_t>(rows->array(what).size());
  }
  refuse(table, what, "has no 'size'; expected a whole number > 0");
}

void check_length(const Distribution& values, std::uint32_t size, const Document& value,
                  const std::string& what) {
  if (size != 0 && values.is_list() && values.list_values().size() != size) {
    refuse(value, what,
           "lists " + std::to_string(values.list_values().size()) + " values; size is " +
               std::to_string(size) + ", and the two must be equal");
  }
}

}  // namespace

PopulationDescription read_population(const std::string& name, const Document& table,
                                      const Catalogue& catalogue, const std::filesystem::path& folder) {
  const std::string what = "population '" + name + "'";
  const Document& model_name = table.at("model", what);
  const ModelInfo& model = catalogue.info(model_name.text("model of " + what), placed(what, model_name));

  PopulationDescription population;
  population.name = name;
  population.model = std::string(model.name);
  population.where = table.where();
  population.size = read_size(table, model, what);
  for (const auto& [key, value] : table.table(what)) {
    if (key == "model" || key == "size") continue;
    const std::string label = key + " of " + what;
    if (key == "layout") {
      population.layout = read_layout(value, population.size, label);
    } else if (const ParameterInfo* parameter = model.find(key)) {
      Distribution values = read_distribution(value, parameter->dimension, parameter->range, label);
      check_length(values, population.size, value, label);
      population.parameters.emplace(key, std::move(values));
    } else if (const OptionInfo* option = find_option(model, key)) {
      read_option(*option, value, label, folder, population);
    } else {
      refuse_key(key, value, model, what);
    }
  }
  return population;
}

}  // namespace flurry
