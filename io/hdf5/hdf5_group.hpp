// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5/hdf5_dataset.hpp"
#include "io/hdf5/hdf5_object.hpp"

namespace flurry {

/// A block of another file's dataset and where it goes; one extent each for a list, two for a matrix.
struct Hdf5Piece {
  std::string file;                   // beside the file that is made
  std::string dataset;                // "/spikes/E/timestamps"
  std::vector<std::uint64_t> extent;  // of that dataset
  std::vector<std::uint64_t> from;    // first value taken
  std::vector<std::uint64_t> count;
  std::vector<std::uint64_t> to;  // where it goes
};

/// A group, also the root of a file.
class Hdf5Group : public Hdf5Object {
 public:
  using Hdf5Object::Hdf5Object;

  /// Names of groups and datasets directly within, in alphabetical order.
  [[nodiscard]] std::vector<std::string> members() const;
  /// True where a member of this name leads to a group (a dataset).
  [[nodiscard]] bool has_group(const std::string& name) const;
  [[nodiscard]] bool has_dataset(const std::string& name) const;

  /// FormatError naming file and path where there is none.
  [[nodiscard]] Hdf5Group group(const std::string& name) const;
  [[nodiscard]] Hdf5Dataset dataset(const std::string& name) const;

  // T: double, float, std::uint64_t, std::int64_t, std::uint32_t, std::uint16_t, and std::uint8_t for
  // create_list; stored as such, little endian.
  Hdf5Group create_group(const std::string& name);
  /// A list with these values, stored plainly.
  template <class T>
  Hdf5Dataset write(const std::string& name, std::span<const T> values);
  template <class T>
  Hdf5Dataset write(const std::string& name, const std::vector<T>& values) {
    return write(name, std::span<const T>(values));
  }
  /// A single text.
  Hdf5Dataset write_text(const std::string& name, const std::string& text);
  /// A list of texts, stored in a fixed number of bytes each.
  Hdf5Dataset write_texts(const std::string& name, std::span<const std::string> texts);
  /// An empty list to append to: chunks of `chunk` values, shuffled and gzipped.
  template <class T>
  Hdf5Dataset create_list(const std::string& name, std::uint64_t chunk = 16384);
  /// An empty matrix of this width to append rows to: chunks of `chunk_rows` rows, shuffled and gzipped; what
  /// is never written reads as NaN. T: double, float.
  template <class T>
  Hdf5Dataset create_matrix(const std::string& name, std::uint64_t columns, std::uint64_t chunk_rows);
  /// A list or matrix that holds nothing itself but is put together from pieces of others (HDF5 1.10's
  /// virtual data sets); what no piece covers reads as NaN or 0. T: double, float, std::uint64_t.
  template <class T>
  Hdf5Dataset create_virtual(const std::string& name, std::span<const std::uint64_t> extent,
                             std::span<const Hdf5Piece> pieces);
  /// An empty list of lists to append to, row by row. T: float, std::uint16_t.
  template <class T>
  Hdf5Dataset create_ragged(const std::string& name);

 private:
  [[nodiscard]] int kind_of(const std::string& name) const;
  [[nodiscard]] std::string path_of(const std::string& name) const;
  [[nodiscard]] Hdf5Handle create(const std::string& name, Hdf5Handle::Id type, Hdf5Handle::Id space,
                                  Hdf5Handle::Id layout);
};

}  // namespace flurry
