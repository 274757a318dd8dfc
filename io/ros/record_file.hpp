// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace flurry {

/// A file of records whose lengths stand before them.
class RecordFile {
 public:
  /// SystemError where it cannot be opened.
  explicit RecordFile(const std::filesystem::path& path);

  /// The next bytes; false, at the file's end, where fewer are left. Asks for no memory the file does not
  /// fill.
  bool read(std::string& bytes, std::uint64_t count);
  /// Passes over bytes; false, at the file's end, where fewer are left.
  bool skip(std::uint64_t count);

  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] bool at_end() const { return offset_ == size_; }

 private:
  std::ifstream file_;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace flurry
