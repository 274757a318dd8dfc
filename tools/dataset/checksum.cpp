// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/dataset/checksum.hpp"

#include <array>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/base/error.hpp"
#include "io/recording/byte_source.hpp"

namespace flurry {

void Checksum::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Checksum::Checksum(ChecksumKind kind) : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
  const bool md5 = kind == ChecksumKind::md5;
  // A system that allows only what protects against forgery has no MD5.
  if (EVP_DigestInit_ex(context_.get(), md5 ? EVP_md5() : EVP_sha256(), nullptr) != 1)
    throw SystemError(
        fmt::format("the OpenSSL of this system does not offer {}, which a published checksum needs",
                    md5 ? "MD5" : "SHA-256"));
}

void Checksum::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1)
    throw InternalError("bytes were added to a finished checksum");
}

std::string Checksum::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context_.get(), sum.data(), &size) != 1)
    throw InternalError("a checksum was finished twice");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", sum[i]);
  return text;
}

std::string file_checksum(const std::filesystem::path& path, std::string_view like) {
  ByteSource source(path);
  Checksum sum(like.size() == 32 ? ChecksumKind::md5 : ChecksumKind::sha256);
  while (source.refill()) {
    sum.add(source.unread());
    source.consume(source.unread().size());
  }
  return sum.finish();
}

}  // namespace flurry
