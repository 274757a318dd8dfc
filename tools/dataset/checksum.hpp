// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // of openssl/evp.h

namespace flurry {

/// MD5 compares files with published sums; it is no protection against forgery.
enum class ChecksumKind : std::uint8_t { md5, sha256 };

/// The sum of bytes that come one after the other.
class Checksum {
 public:
  /// SystemError where the cryptographic library does not offer the sum.
  explicit Checksum(ChecksumKind kind);
  void add(std::string_view bytes);
  /// 32 (MD5) or 64 (SHA-256) hexadecimal digits; nothing can be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The sum of a file: MD5 where `like` has 32 digits, else SHA-256. SystemError if it cannot be read.
[[nodiscard]] std::string file_checksum(const std::filesystem::path& path, std::string_view like);

}  // namespace flurry
