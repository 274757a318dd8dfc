// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace flurry {

/// Keeps what a file held before it is overwritten, so that the file can be led back to what it was when the
/// log began, whenever the program that writes it was killed.
///
/// Bytes are in the log before they are overwritten in the file; what lies behind the first `size` bytes is
/// cut off by roll_back(). A log holds a head (magic, size, CRC-32) and records (address, length, CRC-32 of
/// both, CRC-32 of the bytes, the bytes).
class OverwriteLog {
 public:
  /// Begins a log at `path` of the first `size` bytes of `file`. SystemError where it cannot be made.
  OverwriteLog(const std::filesystem::path& path, const std::filesystem::path& file, std::uint64_t size);
  OverwriteLog(const OverwriteLog&) = delete;
  OverwriteLog& operator=(const OverwriteLog&) = delete;
  ~OverwriteLog();

  /// Bytes from `address` on are about to change. SystemError where they cannot be kept.
  void before_write(std::uint64_t address, std::uint64_t size);

 private:
  std::filesystem::path path_;
  std::uint64_t size_;
  int file_;
  int log_;
};

/// Makes `file` what it was when the log at `path` began; nothing where there is no log. May be interrupted
/// and done again. SystemError: unreadable; FormatError: a damaged log, which leaves the file as it is.
void roll_back(const std::filesystem::path& path, const std::filesystem::path& file);

}  // namespace flurry
