// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/column_rules.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"

namespace flurry {

namespace {

struct Alias {
  std::string_view name;
  Column column;
};

constexpr std::array aliases{
    Alias{"t", Column::t},     Alias{"ts", Column::t},        Alias{"time", Column::t},
    Alias{"times", Column::t}, Alias{"timestamp", Column::t}, Alias{"timestamps", Column::t},
    Alias{"x", Column::x},     Alias{"xs", Column::x},        Alias{"y", Column::y},
    Alias{"ys", Column::y},    Alias{"p", Column::p},         Alias{"ps", Column::p},
    Alias{"pol", Column::p},   Alias{"polarity", Column::p},  Alias{"polarities", Column::p},
    Alias{"on", Column::p},
};

constexpr std::array units{"ns", "us", "ms", "s"};

bool fits(std::span<const std::array<double, 4>> rows, const ColumnOrder& order) {
  const auto value = [&](std::size_t row, Column c) { return rows[row][order[static_cast<std::size_t>(c)]]; };
  std::size_t misfits = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double p = value(i, Column::p);
    const double x = value(i, Column::x);
    const double y = value(i, Column::y);
    const bool polarity = p == 0.0 || p == 1.0 || p == -1.0 || p == 4294967295.0;
    const bool pixel =
        x >= 0.0 && x < 65536.0 && y >= 0.0 && y < 65536.0 && std::floor(x) == x && std::floor(y) == y;
    const bool later = i == 0 || value(i, Column::t) >= value(i - 1, Column::t);
    if (!polarity || !pixel || !later) ++misfits;
  }
  return misfits <= rows.size() / 100;
}

[[noreturn]] void refuse(std::string_view file, const std::string& name, const std::string& value,
                         std::string_view allowed) {
  throw UsageError(std::string(file) + ": the reading '" + name + "' is '" + value + "'; allowed are " +
                   std::string(allowed));
}

}  // namespace

std::optional<Column> column_named(std::string_view name) {
  const std::string lower = lower_case(trimmed(name, " \t\r\""));
  for (const Alias& alias : aliases)
    if (lower == alias.name) return alias.column;
  return std::nullopt;
}

std::optional<ColumnOrder> column_order(std::string_view names) {
  ColumnOrder order{};
  std::array<bool, column_count> found{};
  for (std::size_t place = 0;; ++place) {
    const std::size_t comma = std::min(names.find(','), names.size());
    if (const auto column = column_named(names.substr(0, comma))) {
      const auto index = static_cast<std::size_t>(*column);
      if (found[index]) return std::nullopt;
      found[index] = true;
      order[index] = place;
    }
    if (comma == names.size()) break;
    names.remove_prefix(comma + 1);
  }
  if (std::find(found.begin(), found.end(), false) != found.end()) return std::nullopt;
  return order;
}

std::optional<ColumnOrder> guess_column_order(std::span<const std::array<double, 4>> rows) {
  for (const ColumnOrder& order : {ColumnOrder{0, 1, 2, 3}, ColumnOrder{2, 0, 1, 3}, ColumnOrder{3, 0, 1, 2}})
    if (fits(rows, order)) return order;
  return std::nullopt;
}

ColumnReadings::ColumnReadings(const Readings& readings, std::string_view file) {
  if (const auto it = readings.find("columns"); it != readings.end()) {
    order = column_order(it->second);
    if (!order) refuse(file, it->first, it->second, "t, x, y and p in any order, such as 't,x,y,p'");
    places = static_cast<std::size_t>(std::count(it->second.begin(), it->second.end(), ',')) + 1;
  }
  if (const auto it = readings.find("unit"); it != readings.end()) {
    const auto* const found = std::find(units.begin(), units.end(), it->second);
    if (found == units.end()) refuse(file, it->first, it->second, unit_choice.values);
    unit = static_cast<ColumnUnit>(found - units.begin());
  }
  if (const auto it = readings.find("polarity"); it != readings.end()) {
    inverted = it->second == "inverted";
    if (!inverted && it->second != "sign") refuse(file, it->first, it->second, polarity_choice.values);
  }
}

std::int64_t to_us(std::int64_t time, ColumnUnit unit) {
  if (unit == ColumnUnit::us || time == no_number) return time;
  if (unit == ColumnUnit::ns) {
    const std::int64_t rest = (time % 1000 + 1000) % 1000;
    return time / 1000 - (time % 1000 < 0 ? 1 : 0) + (rest >= 500 ? 1 : 0);
  }
  std::int64_t us = 0;
  if (__builtin_mul_overflow(time, unit == ColumnUnit::ms ? 1000 : 1'000'000, &us)) return no_number;
  return us;
}

std::int64_t to_us(double time, ColumnUnit unit) {
  constexpr std::array scales{1e-3, 1.0, 1e3, 1e6};
  const double us = std::round(time * scales[static_cast<std::size_t>(unit)]);
  return us > -9.2e18 && us < 9.2e18 ? static_cast<std::int64_t>(us) : no_number;
}

}  // namespace flurry
