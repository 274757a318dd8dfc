// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/json_text.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace flurry {
namespace {

nlohmann::json converted(const Document& document) {
  const Document::Value& value = document.value();
  if (document.is_bool()) return std::get<bool>(value);
  if (document.is_integer()) return std::get<std::int64_t>(value);
  if (document.is_text()) return std::get<std::string>(value);
  if (document.is_number()) {
    const double number = std::get<double>(value);
    return std::isfinite(number) ? nlohmann::json(number) : nlohmann::json(nullptr);
  }
  if (document.is_array()) {
    nlohmann::json array = nlohmann::json::array();
    for (const Document& item : std::get<Document::Array>(value)) array.push_back(converted(item));
    return array;
  }
  if (!document.is_table()) return nullptr;
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, member] : std::get<Document::Table>(value)) object[key] = converted(member);
  return object;
}

template <class Value>
Document document_of(Value value) {
  Document document;
  document.value().emplace<Value>(std::move(value));
  return document;
}

}  // namespace

std::string json_text(const Document& document, int indent) {
  // Names from files may hold bytes that are not UTF-8; they are shown replaced, never refused.
  return converted(document).dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

Document json(std::string_view text) { return json(std::string(text)); }
Document json(const char* text) { return json(std::string(text)); }
Document json(const std::string& text) { return document_of(text); }
Document json(bool value) { return document_of(value); }
Document json(double value) { return document_of(value); }
Document json(std::int64_t value) { return document_of(value); }
Document json(Document::Table table) { return document_of(std::move(table)); }
Document json(Document::Array array) { return document_of(std::move(array)); }
Document json(const std::optional<double>& value) { return value ? json(*value) : Document{}; }

}  // namespace flurry
