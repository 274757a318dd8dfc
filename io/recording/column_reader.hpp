// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "io/recording/column_rules.hpp"

namespace flurry {

/// How a number lies in memory or in a file.
struct NumberType {
  enum class Kind : std::uint8_t { integer, natural, real };
  Kind kind = Kind::integer;
  std::size_t bytes = 8;  // 1, 2, 4, 8; real: 4, 8
  bool swapped = false;   // not the byte order of this machine
};

/// Numbers `stride` bytes apart, the first at `first`, as whole numbers; no_number for what is none.
void load_whole(const char* first, std::size_t stride, NumberType type, std::span<std::int64_t> values);
/// The same as times in us.
void load_times(const char* first, std::size_t stride, NumberType type, ColumnUnit unit,
                std::span<std::int64_t> values);
/// The same as they are.
void load_numbers(const char* first, std::size_t stride, NumberType type, std::span<double> values);

/// Seconds where times are no whole numbers, else us; or what the user said.
[[nodiscard]] ColumnUnit unit_of(NumberType time, const ColumnReadings& readings);

/// A matrix of four columns, or more where the user names them: which is which, by the user or by its first
/// rows. FormatError where the order cannot be told; `where` is file and place.
[[nodiscard]] ColumnOrder matrix_order(const char* first, std::size_t rows, std::size_t columns,
                                       NumberType type, const ColumnReadings& readings,
                                       const std::string& where);

/// Some rows of events in four columns.
struct ColumnBlock {
  static constexpr std::size_t most_rows = 4096;                // what suits the caches
  std::array<std::vector<std::int64_t>, column_count> columns;  // t (us), x, y, p
  std::size_t rows = 0;

  [[nodiscard]] std::span<std::int64_t> column(std::size_t c, std::size_t count) {
    if (columns[c].size() < count) columns[c].resize(count);
    return std::span(columns[c]).first(count);
  }
};

/// The EventReader of a format that holds events as columns; a format brings load() and place().
class ColumnReader : public EventReader {
 public:
  ColumnReader(SensorSize sensor, bool inverted) : sensor_(sensor), inverted_(inverted) {}

  [[nodiscard]] SensorSize sensor() const final { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const final { return statistics_; }
  std::size_t read(std::span<AddressEvent> events) final;

 protected:
  /// Fills the block with the next rows, none at the end. Keeps bytes_read.
  virtual void load(ColumnBlock& block, ReadStatistics& statistics) = 0;
  /// Where a row lies, in words: "at byte offset 192".
  [[nodiscard]] virtual std::string place(std::uint64_t row) const = 0;

 private:
  void note(std::uint64_t row, const char* what);

  SensorSize sensor_;
  bool inverted_;
  ColumnBlock block_;
  std::size_t used_ = 0;      // rows of the block
  std::uint64_t before_ = 0;  // rows before the block
  std::int64_t last_time_ = std::numeric_limits<std::int64_t>::min();
  ReadStatistics statistics_;
};

}  // namespace flurry
