// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/recording/event_reader.hpp"

namespace flurry {

/// What a column of numbers is to an event.
enum class Column : std::uint8_t { t, x, y, p };
inline constexpr std::size_t column_count = 4;

/// Which place of a row holds which column: order[static_cast<std::size_t>(Column::t)] is that of the time.
using ColumnOrder = std::array<std::size_t, column_count>;

/// The column that the field calls by this name: t, ts, time, timestamp(s), x, xs, y, ys, p, ps, pol,
/// polarity, on, ...; case does not matter.
[[nodiscard]] std::optional<Column> column_named(std::string_view name);

/// The order of a comma-separated list of names; other names stand for places nobody asks for. Nothing where
/// one of the four is missing or there twice.
[[nodiscard]] std::optional<ColumnOrder> column_order(std::string_view names);

/// Four numbers a row whose columns have no names, the first rows of them: the order among "t,x,y,p",
/// "x,y,t,p" and "x,y,p,t" in which times do not fall and polarities are 0, 1 or -1, but for one row in 100.
/// Nothing where none fits.
[[nodiscard]] std::optional<ColumnOrder> guess_column_order(std::span<const std::array<double, 4>> rows);

/// Units of time in files.
enum class ColumnUnit : std::uint8_t { ns, us, ms, s };

/// What the user said about columns: the readings `columns`, `unit` and `polarity`.
struct ColumnReadings {
  std::optional<ColumnOrder> order;
  std::optional<ColumnUnit> unit;
  std::size_t places = column_count;  // how many names `columns` has
  bool inverted = false;              // 0 is on

  ColumnReadings() = default;
  /// UsageError for a value that is none.
  ColumnReadings(const Readings& readings, std::string_view file);
};
inline constexpr ReadingChoice columns_choice{"columns",
                                              "t,x,y,p or another order; other names are passed over",
                                              "what each number of a row is, where no name tells"};
inline constexpr ReadingChoice unit_choice{"unit", "us, ns, ms, s", "the unit of the times"};
inline constexpr ReadingChoice polarity_choice{"polarity", "sign (default), inverted",
                                               "whether 1 is on, and 0 or -1 off, or the other way round"};

/// What stands for a number that is missing, not whole or too large.
inline constexpr std::int64_t no_number = std::numeric_limits<std::int64_t>::min();

/// Whole units as us, to the nearest; no_number where 64 bits do not hold them.
[[nodiscard]] std::int64_t to_us(std::int64_t time, ColumnUnit unit);
[[nodiscard]] std::int64_t to_us(double time, ColumnUnit unit);

/// A row as an event; false where it is none: a number missing, a pixel beyond 65535 or off the sensor (where
/// that is known), a polarity other than 1, 0, -1 or the -1 that became 2^32 - 1.
inline bool make_event(const std::array<std::int64_t, column_count>& row, SensorSize sensor, bool inverted,
                       AddressEvent& event) {
  constexpr std::int64_t wrapped_minus_one = 4294967295;
  const std::int64_t x = row[static_cast<std::size_t>(Column::x)];
  const std::int64_t y = row[static_cast<std::size_t>(Column::y)];
  const std::int64_t p = row[static_cast<std::size_t>(Column::p)];
  const auto width = static_cast<std::int64_t>(sensor.width == 0 ? 65536 : sensor.width);
  const auto height = static_cast<std::int64_t>(sensor.height == 0 ? 65536 : sensor.height);
  event = {row[static_cast<std::size_t>(Column::t)], static_cast<std::uint16_t>(x),
           static_cast<std::uint16_t>(y), (p == 1) != inverted};
  const bool pixel = x >= 0 && x < width && y >= 0 && y < height;
  return pixel && event.t != no_number && (p == 1 || p == 0 || p == -1 || p == wrapped_minus_one);
}

}  // namespace flurry
