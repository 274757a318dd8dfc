// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace flurry {

/// A file read at any place, from several threads at once.
class FileSlices {
 public:
  /// SystemError if the file cannot be opened or is not a regular file.
  explicit FileSlices(std::filesystem::path path);
  FileSlices(const FileSlices&) = delete;
  FileSlices& operator=(const FileSlices&) = delete;
  ~FileSlices();

  /// Fills `bytes` from `offset` on; returns how many, fewer only at the end of the file. SystemError if
  /// reading fails.
  [[nodiscard]] std::size_t read(std::uint64_t offset, std::span<char> bytes) const;

 private:
  std::filesystem::path path_;
  int file_;
};

}  // namespace flurry
