// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/column_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "core/base/error.hpp"

namespace flurry {

namespace {

template <class T, bool Swapped>
T load_one(const char* from) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), from, sizeof(T));
  if constexpr (Swapped) std::reverse(bytes.begin(), bytes.end());
  T value{};
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

/// Calls `take(row, value)` for each of `count` numbers.
template <class T, class Take>
void each_of(const char* first, std::size_t stride, bool swapped, std::size_t count, const Take& take) {
  if (swapped)
    for (std::size_t i = 0; i < count; ++i) take(i, load_one<T, true>(first + i * stride));
  else
    for (std::size_t i = 0; i < count; ++i) take(i, load_one<T, false>(first + i * stride));
}

template <class Take>
void each(const char* first, std::size_t stride, NumberType type, std::size_t count, const Take& take) {
  const auto with = [&]<class T>(T) { each_of<T>(first, stride, type.swapped, count, take); };
  const bool integer = type.kind == NumberType::Kind::integer;
  if (type.kind == NumberType::Kind::real)
    type.bytes == 4 ? with(float{}) : with(double{});
  else if (type.bytes == 1)
    integer ? with(std::int8_t{}) : with(std::uint8_t{});
  else if (type.bytes == 2)
    integer ? with(std::int16_t{}) : with(std::uint16_t{});
  else if (type.bytes == 4)
    integer ? with(std::int32_t{}) : with(std::uint32_t{});
  else
    integer ? with(std::int64_t{}) : with(std::uint64_t{});
}

template <class T>
std::int64_t whole(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto number = static_cast<double>(value);
    return std::abs(number) < 9e15 && std::floor(number) == number ? static_cast<std::int64_t>(number)
                                                                   : no_number;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? no_number
               : static_cast<std::int64_t>(value);
  } else {
    return value;
  }
}

}  // namespace

void load_whole(const char* first, std::size_t stride, NumberType type, std::span<std::int64_t> values) {
  each(first, stride, type, values.size(), [values](std::size_t i, auto value) { values[i] = whole(value); });
}

void load_times(const char* first, std::size_t stride, NumberType type, ColumnUnit unit,
                std::span<std::int64_t> values) {
  if (type.kind == NumberType::Kind::real) {
    each(first, stride, type, values.size(),
         [values, unit](std::size_t i, auto value) { values[i] = to_us(static_cast<double>(value), unit); });
    return;
  }
  load_whole(first, stride, type, values);
  if (unit != ColumnUnit::us)
    for (std::int64_t& time : values) time = to_us(time, unit);
}

void load_numbers(const char* first, std::size_t stride, NumberType type, std::span<double> values) {
  each(first, stride, type, values.size(),
       [values](std::size_t i, auto value) { values[i] = static_cast<double>(value); });
}

ColumnUnit unit_of(NumberType time, const ColumnReadings& readings) {
  return readings.unit.value_or(time.kind == NumberType::Kind::real ? ColumnUnit::s : ColumnUnit::us);
}

ColumnOrder matrix_order(const char* first, std::size_t rows, std::size_t columns, NumberType type,
                         const ColumnReadings& readings, const std::string& where) {
  if (readings.order) {
    if (readings.places == columns) return *readings.order;
    throw UsageError(where + ": the reading 'columns' names " + std::to_string(readings.places) +
                     " columns, and there are " + std::to_string(columns));
  }
  if (columns == column_count) {
    std::vector<std::array<double, column_count>> head(std::min(rows, ColumnBlock::most_rows));
    for (std::size_t row = 0; row < head.size(); ++row)
      load_numbers(first + row * columns * type.bytes, type.bytes, type, head[row]);
    if (const std::optional<ColumnOrder> order = guess_column_order(head)) return *order;
  }
  throw FormatError(where + ": of its " + std::to_string(columns) +
                    " columns it cannot be told which are t, x, y and p; where they are events, name them "
                    "(reading 'columns')");
}

std::size_t ColumnReader::read(std::span<AddressEvent> events) {
  std::size_t count = 0;
  while (count < events.size()) {
    if (used_ == block_.rows) {
      before_ += block_.rows;
      block_.rows = used_ = 0;
      load(block_, statistics_);
      if (block_.rows == 0) break;
    }
    const auto& [t, x, y, p] = block_.columns;
    for (; used_ < block_.rows && count < events.size(); ++used_) {
      AddressEvent& event = events[count];
      if (!make_event({t[used_], x[used_], y[used_], p[used_]}, sensor_, inverted_, event)) [[unlikely]] {
        note(before_ + used_, "a row's numbers are no event on the sensor");
        continue;
      }
      if (event.t < last_time_) [[unlikely]]
        note(before_ + used_, "time runs back");
      last_time_ = event.t;
      ++count;
    }
  }
  return count;
}

void ColumnReader::note(std::uint64_t row, const char* what) {
  if (statistics_.damaged++ == 0) statistics_.damage = std::string(what) + " " + place(row);
}

}  // namespace flurry
