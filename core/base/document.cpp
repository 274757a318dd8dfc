// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/document.hpp"

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

[[noreturn]] void refuse(const Document& found, std::string_view what, std::string_view wanted) {
  throw UsageError(std::string(what) + " (" + found.where() + ") is " + found.describe() + "; expected " +
                   std::string(wanted));
}

}  // namespace

const Document::Table& Document::table(std::string_view what) const {
  if (!is_table()) refuse(*this, what, "a table");
  return std::get<Table>(value_);
}

const Document::Array& Document::array(std::string_view what) const {
  if (!is_array()) refuse(*this, what, "a list");
  return std::get<Array>(value_);
}

const std::string& Document::text(std::string_view what) const {
  if (!is_text()) refuse(*this, what, "a text");
  return std::get<std::string>(value_);
}

bool Document::boolean(std::string_view what) const {
  if (!is_bool()) refuse(*this, what, "true or false");
  return std::get<bool>(value_);
}

double Document::number(std::string_view what) const {
  if (is_integer()) return static_cast<double>(std::get<std::int64_t>(value_));
  if (!is_number()) refuse(*this, what, "a number");
  return std::get<double>(value_);
}

std::int64_t Document::integer(std::string_view what) const {
  if (!is_integer()) refuse(*this, what, "a whole number");
  return std::get<std::int64_t>(value_);
}

const Document* Document::find(std::string_view key) const {
  if (!is_table()) return nullptr;
  const auto& members = std::get<Table>(value_);
  const auto member = members.find(key);
  return member == members.end() ? nullptr : &member->second;
}

const Document& Document::at(std::string_view key, std::string_view what) const {
  (void)table(what);
  if (const Document* member = find(key)) return *member;
  throw UsageError(std::string(what) + " (" + where_ + ") has no '" + std::string(key) + "'");
}

void Document::expect_keys(std::string_view what, const std::vector<std::string>& allowed) const {
  for (const auto& [key, member] : table(what)) {
    bool known = false;
    for (const std::string& name : allowed) known = known || name == key;
    if (!known)
      throw UsageError(unknown_name("key", key, std::string(what) + " (" + member.where() + ")", allowed));
  }
}

std::string Document::describe() const {
  if (is_table()) return "a table";
  if (is_array()) return "a list";
  if (is_text()) return "the text '" + std::get<std::string>(value_) + "'";
  if (is_bool()) return std::get<bool>(value_) ? "true" : "false";
  if (is_integer()) return "the number " + std::to_string(std::get<std::int64_t>(value_));
  if (is_number()) return "the number " + shortest(std::get<double>(value_));
  return "nothing";
}

}  // namespace flurry
