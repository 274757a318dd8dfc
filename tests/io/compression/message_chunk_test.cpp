// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/message_chunk.hpp"

#include "tests/io/formats/ros_bytes.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace message_chunk_test {
namespace {

std::string some_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * i % 1013) + ' ';
  return text.substr(0, size);
}

}  // namespace

TEST_CASE("chunks unpack to what was packed, within their size and no further") {
  for (const std::string compression : {"none", "lz4", "zstd", "bz2"})
    for (const std::size_t size : {0U, 1U, 65536U, 131072U, 400'000U}) {
      CAPTURE(compression);
      CAPTURE(size);
      const std::string text = some_text(size);
      const std::string packed = packed_as(compression, text);
      CHECK(unpack_chunk(compression, packed, size) == text);
      if (compression == "none") continue;
      CHECK(unpack_chunk(compression, packed, std::numeric_limits<std::uint64_t>::max()) == text);
      if (size > 0) CHECK_FALSE(unpack_chunk(compression, packed, size - 1));
      for (const std::size_t left : {std::size_t{0}, packed.size() / 2, packed.size() - 1})
        CHECK_FALSE(unpack_chunk(compression, packed.substr(0, left), size));
      CHECK_FALSE(unpack_chunk(compression, "no such frame", size));
    }
  CHECK_FALSE(unpack_chunk("gzip", "bytes", 100));
}

TEST_CASE("a chunk of 32 MiB packed in one piece, its window as large, is unpacked") {
  const std::string text(std::size_t{1} << 25U, 'a');
  CHECK(unpack_chunk("zstd", packed_as("zstd", text), text.size()) == text);
}

}  // namespace message_chunk_test
