// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/recording/column_reader.hpp"

namespace flurry {

/// A field of a structured NumPy array, or the numbers of a plain one (then without a name).
struct NpyField {
  std::string name;
  std::string type;                  // "<i8"
  std::optional<NumberType> number;  // nothing for texts, padding and what is no single number
  std::size_t offset = 0;            // bytes into the record
};

/// The header of a .npy file (NumPy format versions 1.0 to 3.0).
struct NpyHeader {
  std::size_t bytes = 0;  // where the data starts
  std::vector<NpyField> fields;
  std::size_t record_bytes = 0;  // of one element
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
};

inline constexpr std::string_view npy_signature = "\x93NUMPY";
inline constexpr std::size_t npy_head_bytes = std::size_t{1} << 20U;  // hold any header that is read

/// FormatError for what is no such header, is cut, or describes Python objects; `where` is file and place.
[[nodiscard]] NpyHeader parse_npy_header(std::string_view head, const std::string& where);

/// Where the four columns of an event lie in a row.
struct RowLayout {
  std::array<NumberType, column_count> types;
  std::array<std::size_t, column_count> offsets{};
  std::size_t row_bytes = 0;
  std::uint64_t rows = 0;
  ColumnUnit unit = ColumnUnit::us;
};

/// An array as rows of events: a list of records with fields t, x, y, p, or a matrix of N rows; `body` are
/// its first bytes. FormatError naming what it is instead.
[[nodiscard]] RowLayout row_layout(const NpyHeader& header, std::string_view body,
                                   const ColumnReadings& readings, const std::string& where);

/// Rows lying one behind the other as the columns of a block.
void load_rows(std::string_view rows, std::size_t count, const RowLayout& layout, ColumnBlock& block);

}  // namespace flurry
