// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flurry {

/// A table of text as SONATA has it: one header line, cells separated by spaces (or tabs), double quotes
/// around cells that contain spaces.
class TextTable {
 public:
  /// SystemError: unreadable; FormatError naming file and line: a row with more or fewer cells than the
  /// header.
  [[nodiscard]] static TextTable read(const std::filesystem::path& path);
  [[nodiscard]] static TextTable parse(const std::string& text, std::string origin);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::optional<std::size_t> find_column(std::string_view name) const;
  /// FormatError where there is no such column.
  [[nodiscard]] std::size_t column(std::string_view name) const;
  /// nullptr where the cell is empty or NULL.
  [[nodiscard]] const std::string* cell(std::size_t row, std::size_t column) const;
  /// The cell as a number; FormatError where it is empty or none.
  [[nodiscard]] double number(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::uint64_t natural(std::size_t row, std::size_t column) const;
  /// "node_types.csv:3".
  [[nodiscard]] std::string where(std::size_t row) const;

 private:
  std::string origin_;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> lines_;
};

}  // namespace flurry
