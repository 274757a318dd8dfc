// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "io/recording/byte_source.hpp"
#include "io/recording/column_rules.hpp"

namespace flurry {

/// How the lines of a text hold events.
struct TextLayout {
  std::size_t body = 0;               // where the first event's line starts
  SensorSize sensor;                  // from "%geometry:W,H" or a first line "W H"
  bool marked = false;                // column names or a geometry stand before the events
  std::size_t places = column_count;  // numbers a line
  std::optional<ColumnOrder> order;   // nothing where no order fits
  ColumnUnit unit = ColumnUnit::us;   // s where times have fractions
  std::size_t lines = 0;              // looked at
  std::size_t events = 0;             // of these, those with the right count of numbers
  bool fits = false;                  // nearly all of them are events whose times do not fall
};

/// Looks at the first lines. `whole` says that `head` is all of the file; else its last line is cut and not
/// looked at.
[[nodiscard]] TextLayout study_text(std::string_view head, bool whole, const ColumnReadings& readings = {});

/// A line as t (us), x, y, p; false where it does not hold as many numbers as the layout says.
class TextLineParser {
 public:
  TextLineParser(const ColumnOrder& order, std::size_t places, ColumnUnit unit);
  [[nodiscard]] bool parse(std::string_view line, std::array<std::int64_t, column_count>& row) const;

 private:
  std::vector<std::size_t> columns_;  // by place: the column there; column_count for none of the four
  ColumnUnit unit_;
  std::int64_t us_ = 1;  // a unit
};

/// Events from lines of text.
class TextEventReader final : public EventReader {
 public:
  TextEventReader(ByteSource source, const TextLayout& layout, bool inverted);

  [[nodiscard]] SensorSize sensor() const override { return sensor_; }
  [[nodiscard]] const ReadStatistics& statistics() const override { return statistics_; }
  std::size_t read(std::span<AddressEvent> events) override;

 private:
  bool take_line(std::string_view line, std::uint64_t offset, AddressEvent& event);
  std::size_t take_lines(std::span<AddressEvent> events);
  bool take_last_line(AddressEvent& event);

  ByteSource source_;
  TextLineParser parser_;
  SensorSize sensor_;
  bool inverted_;
  bool polarity_last_;  // then a last line without an end is whole if its polarity is
  std::int64_t last_time_ = std::numeric_limits<std::int64_t>::min();
  ReadStatistics statistics_;
};

}  // namespace flurry
