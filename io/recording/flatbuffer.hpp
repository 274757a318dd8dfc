// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "io/recording/byte_source.hpp"

namespace flurry {

/// The root table of a flatbuffer (https://flatbuffers.dev/internals): every offset is checked before it is
/// followed, so that damaged bytes give no value rather than a wild one.
class FlatTable {
 public:
  /// Nothing if the buffer holds no whole table. `buffer` begins with the root's offset and must outlive
  /// this.
  static std::optional<FlatTable> root(std::string_view buffer) {
    if (buffer.size() < 4) return std::nullopt;
    const std::size_t table = load_le32(buffer.data());
    if (table > buffer.size() || buffer.size() - table < 4) return std::nullopt;
    const auto back = static_cast<std::int32_t>(load_le32(buffer.data() + table));
    const std::int64_t fields = static_cast<std::int64_t>(table) - back;
    if (fields < 0 || fields > static_cast<std::int64_t>(buffer.size()) - 4) return std::nullopt;
    const FlatTable found(buffer, table, static_cast<std::size_t>(fields));
    if (found.fields_bytes_ < 4 || buffer.size() - found.fields_ < found.fields_bytes_) return std::nullopt;
    if (buffer.size() - table < found.table_bytes_) return std::nullopt;
    return found;
  }

  /// A number, `absent` where the table does not hold it.
  [[nodiscard]] std::int32_t number32(std::size_t field, std::int32_t absent) const {
    const std::size_t at = place(field, 4);
    return at == 0 ? absent : static_cast<std::int32_t>(load_le32(buffer_.data() + at));
  }
  [[nodiscard]] std::int64_t number64(std::size_t field, std::int64_t absent) const {
    const std::size_t at = place(field, 8);
    return at == 0 ? absent : static_cast<std::int64_t>(load_le64(buffer_.data() + at));
  }

  /// The bytes of a vector or text; empty where the table holds none, nothing where they lie outside the
  /// buffer.
  [[nodiscard]] std::optional<std::string_view> vector(std::size_t field, std::size_t element_bytes) const {
    const std::size_t at = place(field, 4);
    if (at == 0) return std::string_view();
    const std::size_t start = at + load_le32(buffer_.data() + at);
    if (start > buffer_.size() || buffer_.size() - start < 4) return std::nullopt;
    const std::size_t count = load_le32(buffer_.data() + start);
    const std::string_view rest = buffer_.substr(start + 4);
    if (rest.size() / element_bytes < count) return std::nullopt;
    return rest.substr(0, count * element_bytes);
  }

 private:
  FlatTable(std::string_view buffer, std::size_t table, std::size_t fields)
      : buffer_(buffer),
        table_(table),
        fields_(fields),
        fields_bytes_(load_le16(buffer.data() + fields)),
        table_bytes_(load_le16(buffer.data() + fields + 2)) {}

  // Where a field of `bytes` bytes lies in the buffer; 0 where the table holds none.
  [[nodiscard]] std::size_t place(std::size_t field, std::size_t bytes) const {
    const std::size_t entry = 4 + 2 * field;
    if (entry + 2 > fields_bytes_) return 0;
    const std::size_t offset = load_le16(buffer_.data() + fields_ + entry);
    return offset == 0 || offset + bytes > table_bytes_ ? 0 : table_ + offset;
  }

  std::string_view buffer_;
  std::size_t table_;
  std::size_t fields_;  // where the list of field offsets (vtable) lies
  std::size_t fields_bytes_;
  std::size_t table_bytes_;
};

}  // namespace flurry
