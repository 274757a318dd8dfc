// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/frame_unpacker.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <lz4frame.h>
#include <zstd.h>

namespace flurry {

namespace {

constexpr std::size_t first_capacity = std::size_t{1} << 16U;

}  // namespace

FrameUnpacker::FrameUnpacker(Packing packing, int largest_window) : packing_(packing) {
  if (packing == Packing::lz4 && LZ4F_isError(LZ4F_createDecompressionContext(&lz4_, LZ4F_VERSION)) != 0U)
    throw std::bad_alloc();
  if (packing == Packing::zstd) {
    zstd_ = ZSTD_createDCtx();
    if (zstd_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(zstd_, ZSTD_d_windowLogMax, largest_window);
  }
}

FrameUnpacker::~FrameUnpacker() {
  LZ4F_freeDecompressionContext(lz4_);
  ZSTD_freeDCtx(zstd_);
}

void FrameUnpacker::start(std::size_t limit) {
  // A finished context is ready for the next frame.
  if (state_ != State::finished && lz4_ != nullptr) LZ4F_resetDecompressionContext(lz4_);
  if (state_ != State::finished && zstd_ != nullptr) ZSTD_DCtx_reset(zstd_, ZSTD_reset_session_only);
  size_ = 0;
  limit_ = limit;
  state_ = State::unfinished;
}

FrameUnpacker::State FrameUnpacker::feed(std::string_view packed) {
  if (packed.empty() || state_ == State::damaged) return state_;
  if (packing_ == Packing::none)
    state_ = copy(packed);
  else if (state_ == State::finished)
    state_ = State::damaged;
  else
    state_ = packing_ == Packing::lz4 ? feed_lz4(packed) : feed_zstd(packed);
  return state_;
}

FrameUnpacker::State FrameUnpacker::copy(std::string_view packed) {
  if (!grow(size_ + packed.size())) return State::damaged;
  std::memcpy(buffer_.get() + size_, packed.data(), packed.size());
  size_ += packed.size();
  return State::finished;
}

FrameUnpacker::State FrameUnpacker::feed_lz4(std::string_view packed) {
  while (grow(size_ + 1)) {
    std::size_t given = room();
    std::size_t used = packed.size();
    const std::size_t rest =
        LZ4F_decompress(lz4_, buffer_.get() + size_, &given, packed.data(), &used, nullptr);
    if (LZ4F_isError(rest) != 0U) return State::damaged;
    size_ += given;
    packed.remove_prefix(used);
    if (rest == 0) return packed.empty() ? State::finished : State::damaged;
    if (packed.empty() && room() > 0) return State::unfinished;
    if (given == 0 && used == 0) return State::damaged;
  }
  return State::damaged;
}

FrameUnpacker::State FrameUnpacker::feed_zstd(std::string_view packed) {
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  while (grow(size_ + 1)) {
    ZSTD_outBuffer out{buffer_.get() + size_, room(), 0};
    const std::size_t rest = ZSTD_decompressStream(zstd_, &out, &in);
    if (ZSTD_isError(rest) != 0U) return State::damaged;
    size_ += out.pos;
    if (rest == 0) return in.pos == in.size ? State::finished : State::damaged;
    if (in.pos == in.size && room() > 0) return State::unfinished;
  }
  return State::damaged;
}

// True once there is room for `needed` bytes in all; twice the room at a time, never more than the limit.
bool FrameUnpacker::grow(std::size_t needed) {
  if (needed > limit_) return false;
  if (needed <= capacity_) return true;
  const std::size_t capacity = std::max(needed, std::min(limit_, std::max(2 * capacity_, first_capacity)));
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  capacity_ = capacity;
  return true;
}

}  // namespace flurry
