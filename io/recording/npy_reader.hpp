// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "io/recording/npy_header.hpp"

namespace flurry {

/// Events from a NumPy array of rows. `Source` gives its bytes as ByteSource does: unread, consume, refill,
/// offset.
template <class Source>
class NpyReader final : public ColumnReader {
 public:
  /// `source` stands at the first row. `inside` names the file within a file, for messages; `file_size` is
  /// what bytes_read becomes there.
  NpyReader(Source source, const RowLayout& layout, bool inverted, std::string inside = {},
            std::uint64_t file_size = 0)
      : ColumnReader({}, inverted),
        source_(std::move(source)),
        layout_(layout),
        rows_left_(layout.rows),
        first_offset_(source_.offset()),
        inside_(std::move(inside)),
        file_size_(file_size) {}

 private:
  void load(ColumnBlock& block, ReadStatistics& statistics) override {
    while (source_.unread().size() < layout_.row_bytes && source_.refill()) {
    }
    const std::uint64_t there = source_.unread().size() / layout_.row_bytes;
    const std::uint64_t rows = std::min<std::uint64_t>({ColumnBlock::most_rows, there, rows_left_});
    const auto count = static_cast<std::size_t>(rows);
    if (count == 0) {
      finish(statistics);
      return;
    }
    load_rows(source_.unread(), count, layout_, block);
    source_.consume(count * layout_.row_bytes);
    rows_left_ -= rows;
    statistics.bytes_read = inside_.empty() ? source_.offset() : file_size_ / 2;
  }

  [[nodiscard]] std::string place(std::uint64_t row) const override {
    return at_offset(first_offset_ + row * layout_.row_bytes);
  }
  [[nodiscard]] std::string at_offset(std::uint64_t offset) const {
    return "at byte offset " + std::to_string(offset) + (inside_.empty() ? "" : " of " + inside_);
  }

  void finish(ReadStatistics& statistics) {
    const std::uint64_t offset = source_.offset();
    bool more = !source_.unread().empty();
    do {
      more = more || !source_.unread().empty();
      source_.consume(source_.unread().size());
    } while (source_.refill());
    statistics.bytes_read = inside_.empty() ? source_.offset() : file_size_;
    if (rows_left_ == 0 && !more) return;
    const std::string what = rows_left_ > 0 ? "the data ends " + std::to_string(rows_left_) + " rows early "
                                            : "there is more after the last row, ";
    if (statistics.damaged++ == 0) statistics.damage = what + at_offset(offset);
    rows_left_ = 0;
  }

  Source source_;
  RowLayout layout_;
  std::uint64_t rows_left_;
  std::uint64_t first_offset_;
  std::string inside_;
  std::uint64_t file_size_;
};

/// Reads the header of the array that `source` starts with and leaves `source` at its first row.
template <class Source>
NpyHeader take_npy_header(Source& source, const std::string& where) {
  while (source.refill() && source.unread().size() < npy_head_bytes) {
  }
  NpyHeader header = parse_npy_header(source.unread(), where);
  source.consume(header.bytes);
  return header;
}

}  // namespace flurry
