// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace flurry {

/// The content of a file, unpacked where it is gzipped (RFC 1952) and as it stands where it is not; told
/// apart by the first bytes.
class GzipStream {
 public:
  /// SystemError if the file cannot be opened or is a folder.
  explicit GzipStream(std::filesystem::path path);
  GzipStream(GzipStream&&) noexcept;
  GzipStream& operator=(GzipStream&&) noexcept;
  ~GzipStream();

  /// Fills `bytes` from the front; returns how many, fewer than asked for only at the end. FormatError where
  /// the packed data are damaged or cut; SystemError if reading fails.
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> bytes);
  /// Goes to this byte of the content; of a gzipped file everything before it is unpacked.
  void seek(std::uint64_t offset);

  [[nodiscard]] bool packed() const { return packed_; }
  [[nodiscard]] std::uint64_t file_size() const { return file_size_; }
  /// The most that the content can be long, by the size of the file: deflate packs 1032 to 1 at best.
  [[nodiscard]] std::uint64_t content_limit() const { return packed_ ? file_size_ * 1032 : file_size_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct File;
  std::filesystem::path path_;
  std::unique_ptr<File> file_;
  std::uint64_t file_size_ = 0;
  bool packed_ = false;
};

}  // namespace flurry
