// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/text/toml.hpp"

#include <string_view>
#include <utility>

#include <toml++/toml.h>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

std::string place(const toml::node& node, const std::string& origin) {
  const auto line = node.source().begin.line;
  return line == 0 ? origin : origin + ":" + std::to_string(line);
}

Document convert(const toml::node& node, const std::string& origin);

Document convert_table(const toml::table& table, const std::string& origin) {
  Document::Table members;
  for (const auto& [key, member] : table) members.emplace(std::string(key.str()), convert(member, origin));
  return {std::move(members), place(table, origin)};
}

Document convert_array(const toml::array& array, const std::string& origin) {
  Document::Array members;
  members.reserve(array.size());
  for (const toml::node& member : array) members.push_back(convert(member, origin));
  return {std::move(members), place(array, origin)};
}

Document convert(const toml::node& node, const std::string& origin) {
  const std::string where = place(node, origin);
  if (const auto* table = node.as_table()) return convert_table(*table, origin);
  if (const auto* array = node.as_array()) return convert_array(*array, origin);
  if (const auto* text = node.as_string()) return {text->get(), where};
  if (const auto* integer = node.as_integer()) return {integer->get(), where};
  if (const auto* number = node.as_floating_point()) return {number->get(), where};
  if (const auto* boolean = node.as_boolean()) return {boolean->get(), where};
  throw FormatError(
      where +
      " holds a date or time, which no value here is; expected a number, a text in quotes, true, "
      "false, a list or a table");
}

}  // namespace

Document parse_toml(const std::string& text, const std::string& origin) {
  try {
    return convert_table(toml::parse(std::string_view(text), std::string_view(origin)), origin);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw FormatError(origin + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                      " is not TOML: " + std::string(error.description()));
  }
}

Document read_toml(const std::filesystem::path& path) {
  return parse_toml(read_text_file(path), path.string());
}

}  // namespace flurry
