// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flurry {

/// One file of a zip archive, unpacked as it is read, through a buffer.
class ZipEntry {
 public:
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }
  /// Unpacks on behind the unread bytes; false at the end, or where nothing more can be unpacked.
  bool refill();
  /// Where unread() starts in the unpacked file.
  [[nodiscard]] std::uint64_t offset() const { return end_offset_ - (end_ - begin_); }

 private:
  friend class ZipArchive;
  struct Close {
    void operator()(void* entry) const;
  };
  ZipEntry(std::shared_ptr<void> archive, void* entry);

  std::shared_ptr<void> archive_;  // outlives entry_
  std::unique_ptr<void, Close> entry_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t end_offset_ = 0;
};

/// A zip archive, opened for reading.
class ZipArchive {
 public:
  /// SystemError: missing or unreadable; FormatError: no zip archive, or cut short.
  explicit ZipArchive(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// FormatError where there is none of this name or it cannot be unpacked.
  [[nodiscard]] ZipEntry open(const std::string& name) const;

 private:
  std::string path_;
  std::shared_ptr<void> archive_;
  std::vector<std::string> names_;
};

}  // namespace flurry
