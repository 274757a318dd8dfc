// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "io/compression/gzip_stream.hpp"

namespace flurry {

/// An IDX file of bytes, gzipped or not, as MNIST and its relatives come: two zero bytes, 0x08, the number of
/// dimensions, each extent as a big-endian 32-bit number, then the values row by row (LeCun, Cortes & Burges,
/// "The MNIST database of handwritten digits"). Items are numbered along the first dimension and read one at
/// a time, in bounded memory.
class IdxFile {
 public:
  /// Reads the header. SystemError: missing, unreadable; FormatError: not IDX, values that are no bytes, an
  /// extent that the file's size cannot hold.
  explicit IdxFile(std::filesystem::path path);

  /// How many dimensions a file has whose content, unpacked, begins as an IDX file of bytes does; 0 for
  /// others and where it cannot be read.
  [[nodiscard]] static std::uint8_t dimensions(const std::filesystem::path& path);
  [[nodiscard]] static bool is_idx(const std::filesystem::path& path) { return dimensions(path) > 0; }

  /// Extents, the number of items first; never empty.
  [[nodiscard]] const std::vector<std::uint32_t>& shape() const { return shape_; }
  [[nodiscard]] std::uint32_t size() const { return shape_.front(); }
  /// Values of one item: the product of all extents but the first (1 where there are none); 0 without items.
  [[nodiscard]] std::size_t item_size() const { return item_size_; }

  /// Fills `item`, item_size() values, with the next one; false after the last. FormatError where the file
  /// ends too early or, with its last item, where it goes on behind it.
  [[nodiscard]] bool read(std::span<std::uint8_t> item);
  /// The next read gives item `index`; of a gzipped file everything before it is unpacked. UsageError if
  /// there are not so many.
  void seek(std::uint32_t index);

  /// All values from the first on, as for labels.
  [[nodiscard]] std::vector<std::uint8_t> read_all();

 private:
  void read_header();
  void expect_content(std::uint64_t promised) const;
  void expect_end();

  GzipStream stream_;
  std::vector<std::uint32_t> shape_;
  std::size_t item_size_ = 1;
  std::uint32_t next_ = 0;
};

}  // namespace flurry
