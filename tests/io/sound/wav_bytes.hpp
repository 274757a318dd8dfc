// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace flurry::testing {

/// A WAV file of 16-bit numbers, several channels interleaved.
inline std::string wav_bytes(const std::vector<std::int16_t>& values, std::uint32_t rate,
                             std::uint32_t channels = 1) {
  std::string bytes = "RIFF";
  const auto put = [&bytes](std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8U * i & 0xffU);
  };
  const auto data = static_cast<std::uint32_t>(2 * values.size());
  put(36 + data, 4);
  bytes += "WAVEfmt ";
  put(16, 4);
  put(1, 2);
  put(channels, 2);
  put(rate, 4);
  put(2 * channels * rate, 4);
  put(2 * channels, 2);
  put(16, 2);
  bytes += "data";
  put(data, 4);
  for (const std::int16_t value : values) put(static_cast<std::uint16_t>(value), 2);
  return bytes;
}

}  // namespace flurry::testing
