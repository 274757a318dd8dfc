// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/deflate.hpp"

#include <zlib.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr int fast = 1;
constexpr int whole_window = 15;
constexpr int most_memory = 9;

}  // namespace

std::vector<std::byte> deflate_runs(std::span<const std::byte> bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, fast, Z_DEFLATED, whole_window, most_memory, Z_RLE) != Z_OK)
    throw InternalError("zlib cannot begin");
  std::vector<std::byte> result(deflateBound(&stream, bytes.size()));
  stream.next_in =
      const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));  // NOLINT: zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const int status = deflate(&stream, Z_FINISH);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) throw InternalError("zlib cannot pack all bytes");
  return result;
}

}  // namespace flurry
