// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/message_chunk.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <bzlib.h>
#include <lz4frame.h>
#include <zstd.h>

namespace flurry {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 17U;
using Piece = std::array<char, piece_bytes>;

/// Calls `step(piece) -> bytes got, -1 damage, 0 end` until the end or `size`.
template <class Step>
std::optional<std::string> unpack_pieces(std::uint64_t size, const Step& step) {
  const auto piece = std::make_unique<Piece>();
  std::string all;
  while (true) {
    const std::int64_t got = step(*piece);
    if (got == 0) return all;
    if (got < 0 || all.size() + static_cast<std::uint64_t>(got) > size) return std::nullopt;
    all.append(piece->data(), static_cast<std::size_t>(got));
  }
}

std::optional<std::string> unpack_lz4(std::string_view packed, std::uint64_t size) {
  LZ4F_dctx* context = nullptr;
  if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) return std::nullopt;
  const std::unique_ptr<LZ4F_dctx, LZ4F_errorCode_t (*)(LZ4F_dctx*)> owner(context,
                                                                           &LZ4F_freeDecompressionContext);
  bool ended = false;
  return unpack_pieces(size, [&](Piece& piece) -> std::int64_t {
    std::size_t got = 0;
    while (got == 0 && !ended) {
      got = piece.size();
      std::size_t taken = packed.size();
      const std::size_t more = LZ4F_decompress(context, piece.data(), &got, packed.data(), &taken, nullptr);
      if (LZ4F_isError(more) != 0 || (taken == 0 && got == 0 && more != 0)) return -1;
      packed.remove_prefix(taken);
      ended = more == 0;
    }
    return static_cast<std::int64_t>(got);
  });
}

std::optional<std::string> unpack_zstd(std::string_view packed, std::uint64_t size) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  bool ended = false;
  return unpack_pieces(size, [&](Piece& piece) -> std::int64_t {
    ZSTD_outBuffer out{piece.data(), piece.size(), 0};
    while (out.pos == 0 && !ended) {
      const std::size_t before = in.pos;
      const std::size_t more = ZSTD_decompressStream(context.get(), &out, &in);
      if (ZSTD_isError(more) != 0 || (in.pos == before && out.pos == 0 && more != 0)) return -1;
      ended = more == 0;
    }
    return static_cast<std::int64_t>(out.pos);
  });
}

std::optional<std::string> unpack_bz2(std::string_view packed, std::uint64_t size) {
  bz_stream stream{};
  if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) return std::nullopt;
  const std::unique_ptr<bz_stream, int (*)(bz_stream*)> owner(&stream, &BZ2_bzDecompressEnd);
  std::string input(packed);  // bzlib wants it writable
  stream.next_in = input.data();
  stream.avail_in = static_cast<unsigned>(std::min<std::size_t>(input.size(), 0xffffffffU));
  bool ended = false;
  return unpack_pieces(size, [&](Piece& piece) -> std::int64_t {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<unsigned>(piece.size());
    while (!ended && stream.avail_out == piece.size()) {
      const unsigned before = stream.avail_in;
      const int status = BZ2_bzDecompress(&stream);
      ended = status == BZ_STREAM_END;
      if (status != BZ_OK && !ended) return -1;
      if (!ended && stream.avail_in == before && stream.avail_out == piece.size()) return -1;
    }
    return static_cast<std::int64_t>(piece.size() - stream.avail_out);
  });
}

}  // namespace

std::optional<std::string> unpack_chunk(std::string_view compression, std::string_view packed,
                                        std::uint64_t size) {
  if (compression.empty() || compression == "none") return std::string(packed);
  if (compression == "lz4") return unpack_lz4(packed, size);
  if (compression == "zstd") return unpack_zstd(packed, size);
  if (compression == "bz2") return unpack_bz2(packed, size);
  return std::nullopt;
}

}  // namespace flurry
