// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/setting.hpp"

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "io/text/toml.hpp"

namespace flurry {
namespace {

// Gives every value of the tree the same place.
Document placed_at(const Document& value, const std::string& where) {
  if (value.is_table()) {
    Document::Table members;
    for (const auto& [key, member] : value.table(where)) members.emplace(key, placed_at(member, where));
    return {std::move(members), where};
  }
  if (value.is_array()) {
    Document::Array members;
    for (const Document& member : value.array(where)) members.push_back(placed_at(member, where));
    return {std::move(members), where};
  }
  return {value.value(), where};
}

Document parse_value(const std::string& text, const std::string& where) {
  try {
    const Document parsed = parse_toml("value = " + text, where);
    if (parsed.table(where).size() == 1) return placed_at(*parsed.find("value"), where);
  } catch (const FormatError& error) {
    const bool structured =
        !text.empty() && std::string_view("{['\"").find(text.front()) != std::string_view::npos;
    if (structured) throw UsageError(where + " has the value " + text + ": " + error.what());
  }
  return {text, where};
}

Document::Table& descend(Document& document, const std::string& key, const std::string& where) {
  auto* members = std::get_if<Document::Table>(&document.value());
  if (members == nullptr)
    throw UsageError(where + ": there is no '" + key + "' in " + document.describe() + " (" +
                     document.where() + ")");
  return *members;
}

}  // namespace

void apply_setting(const std::string& setting, Document& document) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError("--set " + setting + " is not of the form key=value, as in --set run.seed=2");
  const std::string path(trimmed(std::string_view(setting).substr(0, equals)));
  const std::string where = "--set " + path;
  const std::vector<std::string> keys = split(path, '.');
  Document* at = &document;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i) {
    Document::Table& members = descend(*at, keys[i], where);
    const auto member = members.find(keys[i]);
    if (member == members.end()) {
      std::vector<std::string> names;
      for (const auto& [name, other] : members) names.push_back(name);
      throw UsageError(unknown_name("key", keys[i], where, names));
    }
    at = &member->second;
  }
  if (keys.back().empty()) throw UsageError(where + " ends in a dot; expected a key");
  Document value = parse_value(std::string(trimmed(std::string_view(setting).substr(equals + 1))), where);
  if (keys.back() == "file" && value.is_text())
    value = {std::filesystem::absolute(value.text(where)).lexically_normal().string(), where};
  descend(*at, keys.back(), where)[keys.back()] = std::move(value);
}

}  // namespace flurry
