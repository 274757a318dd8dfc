// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/sonata/text_table.hpp"

namespace flurry {

/// node_types.csv or edge_types.csv: attributes shared by all nodes (edges) of a type.
class TypesTable {
 public:
  /// No types at all: every attribute is in the HDF5 file.
  TypesTable() = default;
  /// Reads the rows of `population` (rows that name no population belong to all). `key`: "node_type_id" or
  /// "edge_type_id". FormatError for an id given twice.
  TypesTable(const std::filesystem::path& path, std::string key, std::string_view population);

  [[nodiscard]] bool has_column(std::string_view column) const {
    return table_.find_column(column).has_value();
  }
  [[nodiscard]] bool has(std::uint64_t id) const { return rows_.contains(id); }
  /// nullptr where there is no such type or column, or the cell is empty or NULL.
  [[nodiscard]] const std::string* text(std::uint64_t id, std::string_view column) const;
  [[nodiscard]] std::optional<double> number(std::uint64_t id, std::string_view column) const;
  /// "node_types.csv:3", or the kind and number where there is no such row.
  [[nodiscard]] std::string where(std::uint64_t id) const;

 private:
  TextTable table_;
  std::string key_ = "type";
  std::unordered_map<std::uint64_t, std::size_t> rows_;
};

}  // namespace flurry
