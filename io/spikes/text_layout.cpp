// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/spikes/text_layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/base/plain_text.hpp"

namespace flurry {
namespace {

constexpr std::string_view spaces = " \t\r\n";

// In order: where several fit, the first counts.
constexpr std::array<std::string_view, 8> time_names{"time",       "times",      "t",           "timestamp",
                                                     "timestamps", "spike_time", "spike_times", "spiketimes"};
constexpr std::array<std::string_view, 14> id_names{"node_id", "node_ids", "id",      "ids",    "gid",
                                                    "gids",    "sender",   "senders", "neuron", "neuron_id",
                                                    "unit",    "address",  "addr",    "i"};
constexpr std::array<std::string_view, 2> population_names{"population", "populations"};

template <class T>
std::optional<T> number(std::string_view cell) {
  T value{};
  const auto [end, status] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (cell.empty() || status != std::errc{} || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

char separator_of(std::string_view line) {
  for (const char c : {',', ';'})
    if (line.find(c) != std::string_view::npos) return c;
  return ' ';
}

struct ColumnName {
  std::string name;  // lower case
  std::optional<std::string> unit;
};

// "time_ms", "t [s]", "Times(ms)", "timestamps".
ColumnName column_name(std::string_view cell) {
  ColumnName result{lower_case(cell), {}};
  const std::size_t mark = result.name.find_last_of("_[(");
  if (mark == std::string::npos || mark == 0) return result;
  std::string_view unit = std::string_view(result.name).substr(mark + 1);
  if (unit.ends_with(']') || unit.ends_with(')')) unit.remove_suffix(1);
  if (!find_spike_unit(unit)) return result;
  result.unit = std::string(unit);
  result.name = std::string(trimmed(std::string_view(result.name).substr(0, mark)));
  return result;
}

template <std::size_t Size>
std::optional<std::size_t> find_column(const std::vector<ColumnName>& columns,
                                       const std::array<std::string_view, Size>& names) {
  for (const std::string_view name : names)
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].name == name) return i;
  return std::nullopt;
}

std::optional<SpikeTextLayout> header_layout(const std::vector<std::string_view>& cells, char separator) {
  std::vector<ColumnName> columns;
  columns.reserve(cells.size());
  for (const std::string_view cell : cells) columns.push_back(column_name(cell));
  const auto time = find_column(columns, time_names);
  const auto id = find_column(columns, id_names);
  if (!time || !id) return std::nullopt;
  SpikeTextLayout layout;
  layout.separator = separator;
  layout.header = true;
  layout.columns = cells.size();
  layout.time = *time;
  layout.id = *id;
  layout.population = find_column(columns, population_names);
  layout.unit = columns[*time].unit;
  layout.addresses = columns[*id].name.starts_with("addr");
  layout.nest = columns[*id].name.starts_with("sender");
  return layout;
}

}  // namespace

void split_cells(std::string_view line, char separator, std::vector<std::string_view>& cells) {
  cells.clear();
  line = trimmed(line);
  const std::string_view marks = separator == ' ' ? spaces : std::string_view(&separator, 1);
  while (true) {
    const std::size_t end = line.find_first_of(marks);
    cells.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
    if (separator == ' ') line = trimmed(line);
  }
}

std::optional<std::uint64_t> find_natural(std::string_view cell) { return number<std::uint64_t>(cell); }

std::optional<double> find_finite(std::string_view cell) {
  const std::optional<double> value = number<double>(cell);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<SpikeTextLayout> find_text_layout(std::string_view line) {
  const char separator = separator_of(line);
  std::vector<std::string_view> cells;
  split_cells(line, separator, cells);
  if (auto layout = header_layout(cells, separator)) return layout;
  if (separator != ' ' || cells.size() != 2 || !find_natural(cells[0]) || !find_finite(cells[1]))
    return std::nullopt;
  SpikeTextLayout layout;
  layout.columns = 2;
  layout.time = 1;
  return layout;
}

bool counts_steps(std::string_view line) {
  std::vector<std::string_view> cells;
  split_cells(line, separator_of(line), cells);
  return std::find(cells.begin(), cells.end(), "time_step") != cells.end();
}

}  // namespace flurry
