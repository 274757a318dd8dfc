// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/types_table.hpp"

#include "core/base/error.hpp"

namespace flurry {

TypesTable::TypesTable(const std::filesystem::path& path, std::string key, std::string_view population)
    : table_(TextTable::read(path)), key_(std::move(key)) {
  const std::size_t id_column = table_.column(key_);
  const auto population_column = table_.find_column("population");
  for (std::size_t row = 0; row < table_.size(); ++row) {
    if (population_column) {
      const std::string* owner = table_.cell(row, *population_column);
      if (owner != nullptr && *owner != population) continue;
    }
    const std::uint64_t id = table_.natural(row, id_column);
    const auto [at, added] = rows_.emplace(id, row);
    if (!added)
      throw FormatError(table_.where(row) + ": " + key_ + " " + std::to_string(id) +
                        " was given before, in " + table_.where(at->second) + "; expected each once");
  }
}

const std::string* TypesTable::text(std::uint64_t id, std::string_view column) const {
  const auto row = rows_.find(id);
  const auto at = table_.find_column(column);
  return row == rows_.end() || !at ? nullptr : table_.cell(row->second, *at);
}

std::optional<double> TypesTable::number(std::uint64_t id, std::string_view column) const {
  if (text(id, column) == nullptr) return std::nullopt;
  return table_.number(rows_.at(id), table_.column(column));
}

std::string TypesTable::where(std::uint64_t id) const {
  const auto row = rows_.find(id);
  return row == rows_.end() ? key_ + " " + std::to_string(id) : table_.where(row->second);
}

}  // namespace flurry
