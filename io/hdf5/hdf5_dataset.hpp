// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5/hdf5_object.hpp"

namespace flurry {

/// Part of a list: values first to end - 1.
struct Hdf5Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

/// A dataset of numbers or texts.
class Hdf5Dataset : public Hdf5Object {
 public:
  using Hdf5Object::Hdf5Object;

  /// Extents; empty for a scalar.
  [[nodiscard]] std::vector<std::uint64_t> shape() const;
  /// Number of values over all extents.
  [[nodiscard]] std::uint64_t size() const;
  /// Bytes of a value as stored.
  [[nodiscard]] std::uint64_t value_bytes() const;
  [[nodiscard]] bool is_text() const;
  /// Whether the values are references to parts of another dataset.
  [[nodiscard]] bool is_regions() const;

  /// All values, row by row, whatever the rank, converted from any stored number.
  /// T: double, float, std::uint64_t, std::int64_t, std::uint32_t, std::uint16_t. FormatError for a value
  /// that T cannot hold (negative, fraction, too large), for texts, and for damaged data.
  template <class T>
  [[nodiscard]] std::vector<T> read() const;

  /// The same for a list; FormatError where the rank is not 1.
  template <class T>
  [[nodiscard]] std::vector<T> read_list() const {
    expect_list();
    return read<T>();
  }

  /// True for numbers of any kind, also truth values; of these, whether they are floating-point.
  [[nodiscard]] bool is_number() const;
  [[nodiscard]] bool is_real() const;

  /// Some rows of a list or a matrix, from row `first` on, as many as `values` holds whole rows: for data
  /// larger than memory. T: double, std::int64_t. Errors as for read().
  template <class T>
  void read_rows(std::uint64_t first, std::span<T> values) const;

  /// The first compression it takes to read this that is not there, in words: "Blosc (HDF5 filter 32001)".
  [[nodiscard]] std::optional<std::string> missing_filter() const;

  /// The parts of a list that region references name. FormatError where there are other values, or a region
  /// is no unbroken part of a list.
  [[nodiscard]] std::vector<Hdf5Range> read_regions() const;

  /// All texts, of fixed or variable length.
  [[nodiscard]] std::vector<std::string> read_texts() const;

  /// Adds values at the end of a list made by Hdf5Group::create_list. A full disk shows at Hdf5File::flush or
  /// close.
  template <class T>
  void append(std::span<const T> values);

  /// Writes other values in place of all there are.
  void replace(std::span<const double> values);

  /// Adds whole rows at the end of a matrix made by Hdf5Group::create_matrix. T: double, float.
  template <class T>
  void append_rows(std::span<const T> values);
  /// Adds rows that read as NaN.
  void append_missing(std::uint64_t rows);

  /// True for a list whose items are themselves lists of numbers, each of its own length.
  [[nodiscard]] bool is_ragged() const;
  /// Item `index` of a ragged list into `values`, in place of what they held; otherwise as read(). Numbers of
  /// half precision are read exactly. T: double, float, std::uint32_t, std::uint16_t.
  template <class T>
  void read_row(std::uint64_t index, std::vector<T>& values) const;
  /// Adds an item at the end of a list made by Hdf5Group::create_ragged. T: float, std::uint16_t.
  template <class T>
  void append_row(std::span<const T> values);

 private:
  template <class T>
  std::size_t append_whole_chunks(std::uint64_t row, std::span<const T> values);
  void expect_list() const;
  void expect_plausible_size(std::uint64_t bytes_per_value) const;
};

}  // namespace flurry
