// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace flurry {

/// MD5 (RFC 1321), to compare files with published sums; no protection against forgery.
class Md5 {
 public:
  void add(std::string_view bytes);
  /// 32 hexadecimal digits; nothing can be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  void add_block(const char* block);
  std::array<std::uint32_t, 4> state_{0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
  std::string rest_;
  std::uint64_t bytes_ = 0;
};

/// SHA-256 (FIPS 180-4).
class Sha256 {
 public:
  void add(std::string_view bytes);
  /// 64 hexadecimal digits; nothing can be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  void add_block(const char* block);
  std::array<std::uint32_t, 8> state_{0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                      0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
  std::string rest_;
  std::uint64_t bytes_ = 0;
};

/// The sum of a file: MD5 where `like` has 32 digits, else SHA-256. SystemError if it cannot be read.
[[nodiscard]] std::string file_checksum(const std::filesystem::path& path, std::string_view like);

}  // namespace flurry
