// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace flurry {

/// A file that is there whole or not at all: written under PATH.partial, renamed by commit(). Without
/// commit() nothing is left and an older file stays as it was.
class OutputFile {
 public:
  /// SystemError if the file cannot be made.
  explicit OutputFile(std::filesystem::path path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// SystemError if the disk refuses.
  void append(std::string_view bytes);
  /// Replaces bytes already written, as where a header must say how long the body became.
  void replace(std::uint64_t offset, std::string_view bytes);
  /// Bytes appended so far.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  void commit();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::ofstream file_;
  std::uint64_t size_ = 0;
};

}  // namespace flurry
