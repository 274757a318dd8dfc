// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/base/error.hpp"
#include "io/compression/zip_archive.hpp"
#include "io/recording/content_description.hpp"
#include "io/recording/npy_reader.hpp"

namespace flurry {

/// Events from four lists of an archive, one a column.
class NpzColumnReader final : public ColumnReader {
 public:
  struct ListColumn {
    ZipEntry entry;  // stands at the first number
    NumberType type;
  };

  NpzColumnReader(std::vector<ListColumn> lists, std::uint64_t rows, ColumnUnit unit, bool inverted,
                  std::uint64_t file_size)
      : ColumnReader({}, inverted),
        lists_(std::move(lists)),
        rows_left_(rows),
        unit_(unit),
        file_size_(file_size) {}

 private:
  void load(ColumnBlock& block, ReadStatistics& statistics) override {
    std::uint64_t rows = std::min<std::uint64_t>(ColumnBlock::most_rows, rows_left_);
    for (auto& [entry, type] : lists_) {
      while (entry.unread().size() < rows * type.bytes && entry.refill()) {
      }
      rows = std::min<std::uint64_t>(rows, entry.unread().size() / type.bytes);
    }
    statistics.bytes_read = rows == 0 ? file_size_ : file_size_ / 2;
    if (rows == 0 && rows_left_ > 0 && statistics.damaged++ == 0)
      statistics.damage = "the data of a column ends " + std::to_string(rows_left_) + " rows early";
    rows_left_ = rows == 0 ? 0 : rows_left_ - rows;
    block.rows = static_cast<std::size_t>(rows);
    for (std::size_t c = 0; c < column_count; ++c) {
      ListColumn& list = lists_[c];
      const char* const first = list.entry.unread().data();
      if (c == 0)
        load_times(first, list.type.bytes, list.type, unit_, block.column(c, block.rows));
      else
        load_whole(first, list.type.bytes, list.type, block.column(c, block.rows));
      list.entry.consume(block.rows * list.type.bytes);
    }
  }

  [[nodiscard]] std::string place(std::uint64_t row) const override {
    return "in row " + std::to_string(row);
  }

  std::vector<ListColumn> lists_;
  std::uint64_t rows_left_;
  ColumnUnit unit_;
  std::uint64_t file_size_;
};

/// Zip archives of NumPy arrays, stored or deflated: one array of events, or four lists t, x, y, p.
struct Npz {
  static constexpr std::string_view name = "npz";
  static constexpr std::string_view title = "NumPy archive (one array of events, or lists t, x, y, p)";
  static constexpr std::string_view extensions = ".npz";
  static constexpr std::string_view clock =
      "as written: whole numbers are us and others seconds (or `unit`), rounded to the nearest us";
  static constexpr std::array choices{
      ReadingChoice{"array", "the name of an array",
                    "which array holds the events, where not the first that can"},
      columns_choice, unit_choice, polarity_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with("PK\x03\x04") ? 3 : 0;
  }

  static bool holds(const std::filesystem::path& path) {
    try {
      const ZipArchive archive(path);
      const auto& names = archive.names();
      return std::any_of(names.begin(), names.end(),
                         [](const std::string& n) { return n.ends_with(ending); });
    } catch (const FormatError&) {
      return false;
    }
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    const ZipArchive archive(path);
    const ColumnReadings chosen(readings, path.string());
    if (const auto it = readings.find("array"); it != readings.end())
      return open_array(archive, it->second + std::string(ending), chosen, path);
    std::string refusal;
    std::array<std::string, column_count> lists;
    for (const std::string& member : archive.names()) {
      if (!member.ends_with(ending)) continue;
      const auto column = column_named(member.substr(0, member.size() - ending.size()));
      if (column) lists[static_cast<std::size_t>(*column)] = member;
      try {
        return open_array(archive, member, chosen, path);
      } catch (const FormatError& error) {
        if (refusal.empty()) refusal = error.what();
      }
    }
    if (std::find(lists.begin(), lists.end(), "") == lists.end())
      return open_lists(archive, lists, chosen, path);
    throw FormatError(refusal.empty() ? path.string() + ": the zip archive holds no NumPy arrays" : refusal);
  }

 private:
  static constexpr std::string_view ending = ".npy";

  static std::unique_ptr<EventReader> open_array(const ZipArchive& archive, const std::string& member,
                                                 const ColumnReadings& chosen,
                                                 const std::filesystem::path& path) {
    const std::string where = path.string() + ": " + printable(member);
    ZipEntry entry = archive.open(member);
    const NpyHeader header = take_npy_header(entry, where);
    const RowLayout layout = row_layout(header, entry.unread(), chosen, where);
    return std::make_unique<NpyReader<ZipEntry>>(std::move(entry), layout, chosen.inverted, printable(member),
                                                 std::filesystem::file_size(path));
  }

  static std::unique_ptr<EventReader> open_lists(const ZipArchive& archive,
                                                 const std::array<std::string, column_count>& members,
                                                 const ColumnReadings& chosen,
                                                 const std::filesystem::path& path) {
    std::vector<NpzColumnReader::ListColumn> lists;
    lists.reserve(column_count);
    std::uint64_t rows = 0;
    for (const std::string& member : members) {
      const std::string where = path.string() + ": " + printable(member);
      ZipEntry entry = archive.open(member);
      const NpyHeader header = take_npy_header(entry, where);
      if (header.shape.size() != 1 || !header.fields.front().number)
        throw FormatError(where + ": it is no list of numbers");
      if (!lists.empty() && header.shape.front() != rows)
        throw FormatError(where + ": it holds " + std::to_string(header.shape.front()) + " numbers, and " +
                          printable(members.front()) + " " + std::to_string(rows));
      rows = header.shape.front();
      lists.push_back({std::move(entry), *header.fields.front().number});
    }
    const ColumnUnit unit = unit_of(lists.front().type, chosen);
    return std::make_unique<NpzColumnReader>(std::move(lists), rows, unit, chosen.inverted,
                                             std::filesystem::file_size(path));
  }
};

}  // namespace flurry
