// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdf5/hdf5_dataset.hpp"

namespace flurry {

/// A whole number in a record, as it shall lie in memory.
struct Hdf5Field {
  const char* name;
  std::size_t offset;  // bytes from the record's start
  std::size_t bytes;   // 1, 2, 4 or 8
  bool is_signed;
};

/// A list of records (HDF5 calls them compounds), read piece by piece.
class Hdf5Records : public Hdf5Dataset {
 public:
  explicit Hdf5Records(Hdf5Dataset dataset) : Hdf5Dataset(std::move(dataset)) {}

  /// Whether this is a list of records with whole numbers of these names.
  [[nodiscard]] bool has_fields(std::initializer_list<const char*> names) const;

  /// Numbers of the filters that chunks pass through when written, in order.
  [[nodiscard]] std::vector<int> filters() const;
  /// Records in a chunk; 0 where the list is stored in one piece.
  [[nodiscard]] std::uint64_t chunk_length() const;

  /// A chunk as it lies in the file.
  struct Chunk {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t bytes = 0;
    bool filtered = true;  // false where the first filter was left out
  };
  /// Where the chunk with record `first` is; nothing if it was never written. FormatError for one that ends
  /// beyond the file.
  [[nodiscard]] std::optional<Chunk> find_chunk(std::uint64_t first) const;
  /// That chunk's bytes, no filter undone.
  void read_chunk(std::uint64_t first, const Chunk& chunk, std::string& bytes) const;

  /// Reads `count` records from `first` on to `records`, each `record_bytes` long, filters undone and numbers
  /// converted.
  void read_records(std::uint64_t first, std::uint64_t count, std::span<const Hdf5Field> fields,
                    std::size_t record_bytes, void* records) const;
};

}  // namespace flurry
