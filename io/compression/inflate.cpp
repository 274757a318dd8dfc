// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/inflate.hpp"

#include <array>
#include <new>

#include <zlib.h>

namespace flurry {

std::optional<std::size_t> inflated_size(std::string_view packed, std::size_t limit) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  stream.next_in =
      const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));  // NOLINT: zlib only reads it
  stream.avail_in = static_cast<uInt>(packed.size());
  std::array<Bytef, 32768> sink{};
  int status = Z_OK;
  while (status == Z_OK && stream.total_out <= limit) {
    stream.next_out = sink.data();
    stream.avail_out = static_cast<uInt>(sink.size());
    status = inflate(&stream, Z_NO_FLUSH);
  }
  const std::size_t size = stream.total_out;
  inflateEnd(&stream);
  if (status != Z_STREAM_END || size > limit) return std::nullopt;
  return size;
}

}  // namespace flurry
