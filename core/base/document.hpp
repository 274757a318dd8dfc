// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace flurry {

/// A value of a text document (TOML, JSON) that remembers where it stood, so that every error can name file
/// and line. Readers of formats make it; whoever interprets a document needs no parser.
class Document {
 public:
  using Array = std::vector<Document>;
  using Table = std::map<std::string, Document, std::less<>>;
  using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Table>;

  Document() = default;
  Document(Value value, std::string where) : value_(std::move(value)), where_(std::move(where)) {}

  /// "network.toml:12", or the file alone where the line is unknown.
  [[nodiscard]] const std::string& where() const { return where_; }

  [[nodiscard]] bool is_table() const { return std::holds_alternative<Table>(value_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(value_); }
  [[nodiscard]] bool is_text() const { return std::holds_alternative<std::string>(value_); }
  [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(value_); }
  [[nodiscard]] bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  [[nodiscard]] bool is_number() const { return is_integer() || std::holds_alternative<double>(value_); }
  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(value_); }

  // Each throws UsageError naming `what`, the place, what was found and what is allowed.
  [[nodiscard]] const Table& table(std::string_view what) const;
  [[nodiscard]] const Array& array(std::string_view what) const;
  [[nodiscard]] const std::string& text(std::string_view what) const;
  [[nodiscard]] bool boolean(std::string_view what) const;
  [[nodiscard]] double number(std::string_view what) const;
  [[nodiscard]] std::int64_t integer(std::string_view what) const;

  /// The member of a table, or nullptr.
  [[nodiscard]] const Document* find(std::string_view key) const;
  /// The member of a table; UsageError if it is missing.
  [[nodiscard]] const Document& at(std::string_view key, std::string_view what) const;
  /// Refuses keys not in `allowed`, with the nearest allowed name.
  void expect_keys(std::string_view what, const std::vector<std::string>& allowed) const;

  /// "a table", "the number 3", "the text 'x'": what was found, for messages.
  [[nodiscard]] std::string describe() const;

  [[nodiscard]] Value& value() { return value_; }
  [[nodiscard]] const Value& value() const { return value_; }

 private:
  Value value_;
  std::string where_;
};

}  // namespace flurry
