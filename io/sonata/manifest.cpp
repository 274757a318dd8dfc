// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/manifest.hpp"

#include <cctype>
#include <vector>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr int deepest = 32;  // variables within variables; more is a circle

bool is_name_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string without_dollar(std::string name) {
  if (name.starts_with("${") && name.ends_with("}")) return name.substr(2, name.size() - 3);
  if (name.starts_with("$")) name.erase(0, 1);
  return name;
}

}  // namespace

Manifest::Manifest(const Document& config, std::filesystem::path folder) : folder_(std::move(folder)) {
  variables_["configdir"] = folder_.string();
  variables_["workingdir"] = std::filesystem::current_path().string();
  const Document* manifest = config.find("manifest");
  if (manifest == nullptr) return;
  for (const auto& [name, value] : manifest->table("manifest"))
    variables_[without_dollar(name)] = value.text("manifest variable " + name);
}

const std::string& Manifest::value(const std::string& name, const std::string& where) const {
  const auto found = variables_.find(name);
  if (found != variables_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, text] : variables_) names.push_back(known);
  throw UsageError(unknown_name("manifest variable", name, where, names));
}

std::string Manifest::expand(const std::string& text, const std::string& where, int depth) const {
  if (depth > deepest)
    throw UsageError("manifest variables of '" + text + "' in " + where + " go round in a circle");
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      result += text[i++];
      continue;
    }
    const bool braced = i + 1 < text.size() && text[i + 1] == '{';
    const std::size_t first = i + (braced ? 2U : 1U);
    std::size_t end = first;
    while (end < text.size() && (braced ? text[end] != '}' : is_name_character(text[end]))) ++end;
    if (end == first || (braced && end == text.size()))
      throw UsageError("'" + text + "' in " + where + " has a '$' without a name; expected $NAME or ${NAME}");
    result += expand(value(text.substr(first, end - first), where), where, depth + 1);
    i = end + (braced ? 1U : 0U);
  }
  return result;
}

std::string Manifest::expand(const std::string& text, const std::string& where) const {
  return expand(text, where, 0);
}

std::filesystem::path Manifest::path(const std::string& text, const std::string& where) const {
  return (folder_ / expand(text, where)).lexically_normal();
}

}  // namespace flurry
