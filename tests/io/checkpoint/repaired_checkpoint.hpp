// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "io/compression/checksum.hpp"

namespace flurry::testing {

/// The same bytes with every checksum made to fit, as far as heads of sections can be followed: what damage
/// does that checksums do not see.
inline std::string with_checksums(std::string bytes) {
  constexpr std::size_t head = 16, section = 32, summed = 24;
  const auto put = [&](std::size_t at, std::uint32_t checksum) {
    std::memcpy(bytes.data() + at, &checksum, sizeof checksum);
  };
  if (bytes.size() < head) return bytes;
  put(12, crc32_of(std::string_view(bytes).substr(0, 12)));
  for (std::size_t at = head; at + section <= bytes.size();) {
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data() + at + 16, sizeof size);
    if (size > bytes.size() - at - section) return bytes;
    const std::string_view all = bytes;
    put(at + summed, crc32_of(all.substr(at + section, size), crc32_of(all.substr(at, summed))));
    at += section + size;
  }
  return bytes;
}

}  // namespace flurry::testing
