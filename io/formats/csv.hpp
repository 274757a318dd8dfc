// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>

#include "core/base/error.hpp"
#include "io/recording/stream_writer.hpp"
#include "io/recording/text_events.hpp"

namespace flurry {

/// Events as lines "t,x,y,p", t in us, behind "%geometry:W,H" and a line of names.
class CsvEncoder {
 public:
  static constexpr EventLimits limits{
      .title = "CSV", .t_min = -999'999'999'999'999'999, .t_max = 999'999'999'999'999'999};

  explicit CsvEncoder(SensorSize sensor) : sensor_(sensor) {}

  [[nodiscard]] std::string header() const {
    return "%geometry:" + std::to_string(sensor_.width) + "," + std::to_string(sensor_.height) +
           "\nt,x,y,p\n";
  }
  static void encode(std::span<const AddressEvent> events, std::string& bytes) {
    for (const AddressEvent& event : events) {
      std::array<char, 40> line{};
      char* const end = line.data() + line.size();
      char* at = std::to_chars(line.data(), end, event.t).ptr;
      *at++ = ',';
      at = std::to_chars(at, end, event.x).ptr;
      *at++ = ',';
      at = std::to_chars(at, end, event.y).ptr;
      *at++ = ',';
      *at++ = event.on ? '1' : '0';
      *at++ = '\n';
      bytes.append(line.data(), at);
    }
  }
  static void finish(std::string& /*bytes*/) {}

 private:
  SensorSize sensor_;
};

/// Lines of four or more numbers between commas, semicolons, blanks or tabs: CSV in any order of columns, and
/// the text of rpg_dvs_ros ("t x y p" in seconds, perhaps behind a line with width and height).
struct Csv {
  static constexpr std::string_view name = "csv";
  static constexpr std::string_view title = "Text: CSV with or without column names, RPG 't x y p'";
  static constexpr std::string_view extensions = ".csv .txt";
  static constexpr std::string_view clock =
      "as written, seconds where times have fractions and us where not (or `unit`), exact to nine decimals "
      "and "
      "rounded to the nearest us";
  static constexpr std::array choices{columns_choice, unit_choice, polarity_choice};

  /// 2 for lines of events behind column names or a geometry, or ten of them without; 1 for three.
  static int recognise(std::string_view head, std::uint64_t file_size) {
    if (head.find('\0') != std::string_view::npos) return 0;
    const TextLayout layout = study_text(head, head.size() == file_size);
    if (!layout.fits) return 0;
    if (layout.marked || layout.events >= 10) return 2;
    return layout.events >= 3 ? 1 : 0;
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    const ColumnReadings chosen(readings, path.string());
    ByteSource source(path);
    source.fill();
    const std::string_view head = source.unread();
    std::error_code error;
    const bool whole = std::filesystem::file_size(path, error) == head.size();
    const TextLayout layout = study_text(head, whole && !error, chosen);
    if (!layout.order)
      throw FormatError(path.string() + ": of the first " + std::to_string(layout.lines) + " lines " +
                        std::to_string(layout.events) +
                        " hold four numbers, and not as t, x, y, p in an order that can be told; where they "
                        "are events, name the order (`columns`)");
    return std::make_unique<TextEventReader>(std::move(source), layout, chosen.inverted);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<StreamWriter<CsvEncoder>>(path, sensor);
  }
};

}  // namespace flurry
