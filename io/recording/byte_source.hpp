// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace flurry {

/// A file read forward through a buffer, with the offset of every byte known.
class ByteSource {
 public:
  /// SystemError if the file cannot be opened or is a folder. `capacity` bounds what is held at once.
  explicit ByteSource(std::filesystem::path path, std::size_t capacity = std::size_t{1} << 20U);

  /// The bytes read from the file and not yet consumed.
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void consume(std::size_t bytes) { begin_ += bytes; }
  /// Reads on behind the unread bytes, 256 KiB or up to the capacity; false if nothing was added. SystemError
  /// if reading fails.
  bool refill();
  /// Reads on up to the capacity or the end of the file, as headers want. SystemError if reading fails.
  void fill() {
    while (refill()) {
    }
  }

  /// Where unread() starts in the file.
  [[nodiscard]] std::uint64_t offset() const { return end_offset_ - (end_ - begin_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::ifstream file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t end_offset_ = 0;
};

/// Little-endian words at `p`, whatever the machine and the alignment.
inline std::uint16_t load_le16(const char* p) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(p[0]) | static_cast<unsigned char>(p[1])
                                                                           << 8U);
}
inline std::uint32_t load_le32(const char* p) {
  return load_le16(p) | std::uint32_t{load_le16(p + 2)} << 16U;
}
inline std::uint64_t load_le64(const char* p) {
  return load_le32(p) | std::uint64_t{load_le32(p + 4)} << 32U;
}
inline void append_le32(std::uint32_t value, std::string& bytes) {
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xffU);
}

}  // namespace flurry
