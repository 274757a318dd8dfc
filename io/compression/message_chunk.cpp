// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/message_chunk.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include <bzlib.h>

#include "io/compression/frame_unpacker.hpp"

namespace flurry {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 17U;
constexpr int chunk_window = 27;  // log2 of bytes; writers that know a chunk's size make it the window

std::optional<std::string> unpack_frame(Packing packing, std::string_view packed, std::uint64_t size) {
  constexpr std::uint64_t most = std::numeric_limits<std::size_t>::max() - 1;
  FrameUnpacker unpacker(packing, chunk_window);
  unpacker.start(static_cast<std::size_t>(std::min(size, most)) + 1);  // an empty frame wants room, too
  if (unpacker.feed(packed) != FrameUnpacker::State::finished || unpacker.unpacked().size() > size)
    return std::nullopt;
  return std::string(unpacker.unpacked());
}

std::optional<std::string> unpack_bz2(std::string_view packed, std::uint64_t size) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return std::nullopt;
  const std::unique_ptr<bz_stream, int (*)(bz_stream*)> owner(&stream, &BZ2_bzDecompressEnd);
  std::string input(packed);  // bzlib wants it writable
  stream.next_in = input.data();
  stream.avail_in = static_cast<unsigned>(std::min<std::size_t>(input.size(), 0xffffffffU));
  const auto piece = std::make_unique<std::array<char, piece_bytes>>();
  std::string all;
  for (int status = BZ_OK; status != BZ_STREAM_END;) {
    stream.next_out = piece->data();
    stream.avail_out = piece_bytes;
    const unsigned before = stream.avail_in;
    status = BZ2_bzDecompress(&stream);
    const std::size_t got = piece_bytes - stream.avail_out;
    const bool stuck = status == BZ_OK && got == 0 && stream.avail_in == before;
    if ((status != BZ_OK && status != BZ_STREAM_END) || stuck || all.size() + got > size) return std::nullopt;
    all.append(piece->data(), got);
  }
  return all;
}

}  // namespace

std::optional<std::string> unpack_chunk(std::string_view compression, std::string_view packed,
                                        std::uint64_t size) {
  if (compression.empty() || compression == "none") return std::string(packed);
  if (compression == "lz4") return unpack_frame(Packing::lz4, packed, size);
  if (compression == "zstd") return unpack_frame(Packing::zstd, packed, size);
  if (compression == "bz2") return unpack_bz2(packed, size);
  return std::nullopt;
}

}  // namespace flurry
