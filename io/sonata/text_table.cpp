// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/text_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <sstream>

#include "core/base/error.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// The cell whose quote opens at line[i]; leaves i behind the closing quote.
std::string quoted_cell(std::string_view line, std::size_t& i, const std::string& where) {
  std::string cell;
  for (++i; i < line.size(); ++i) {
    if (line[i] == '"' && (i + 1 == line.size() || line[i + 1] != '"')) break;
    if (line[i] == '"') ++i;  // a doubled quote stands for itself
    cell += line[i];
  }
  if (i == line.size())
    throw FormatError(where + ": a quote is not closed; expected '\"' before the end of the line");
  ++i;
  return cell;
}

std::vector<std::string> split(std::string_view line, const std::string& where) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < line.size();) {
    if (is_space(line[i])) {
      ++i;
      continue;
    }
    std::string cell;
    if (line[i] == '"') {
      cell = quoted_cell(line, i, where);
    } else {
      while (i < line.size() && !is_space(line[i])) cell += line[i++];
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

template <class T>
T converted(const std::string* cell, const std::string& where, const std::string& column,
            const char* wanted) {
  T value{};
  bool good = false;
  if (cell != nullptr) {
    const auto [end, status] = std::from_chars(cell->data(), cell->data() + cell->size(), value);
    good = status == std::errc{} && end == cell->data() + cell->size();
  }
  if (!good)
    throw FormatError(where + ": " + column + " is '" + (cell == nullptr ? "NULL" : *cell) + "'; expected " +
                      wanted);
  return value;
}

}  // namespace

TextTable TextTable::read(const std::filesystem::path& path) {
  return parse(read_text_file(path), path.string());
}

TextTable TextTable::parse(const std::string& text, std::string origin) {
  TextTable table;
  table.origin_ = std::move(origin);
  std::istringstream lines(text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    const std::string where = table.origin_ + ":" + std::to_string(number);
    std::vector<std::string> cells = split(line, where);
    if (cells.empty()) continue;
    if (table.columns_.empty()) {
      table.columns_ = std::move(cells);
      continue;
    }
    if (cells.size() != table.columns_.size())
      throw FormatError(where + ": " + std::to_string(cells.size()) + " cells; expected " +
                        std::to_string(table.columns_.size()) + " as in the header, separated by spaces");
    table.rows_.push_back(std::move(cells));
    table.lines_.push_back(number);
  }
  if (table.columns_.empty()) throw FormatError(table.origin_ + " is empty; expected a header line");
  return table;
}

std::optional<std::size_t> TextTable::find_column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::size_t TextTable::column(std::string_view name) const {
  if (const auto found = find_column(name)) return *found;
  throw FormatError(origin_ + " has no column '" + std::string(name) + "'");
}

const std::string* TextTable::cell(std::size_t row, std::size_t column) const {
  const std::string& text = rows_[row][column];
  return text.empty() || text == "NULL" ? nullptr : &text;
}

double TextTable::number(std::size_t row, std::size_t column) const {
  const double value = converted<double>(cell(row, column), where(row), columns_[column], "a number");
  if (!std::isfinite(value))
    throw FormatError(where(row) + ": " + columns_[column] + " is '" + rows_[row][column] +
                      "'; expected a finite number");
  return value;
}

std::uint64_t TextTable::natural(std::size_t row, std::size_t column) const {
  return converted<std::uint64_t>(cell(row, column), where(row), columns_[column],
                                  "a whole number, 0 or more");
}

std::string TextTable::where(std::size_t row) const { return origin_ + ":" + std::to_string(lines_[row]); }

}  // namespace flurry
