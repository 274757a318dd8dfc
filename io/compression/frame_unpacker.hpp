// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

struct LZ4F_dctx_s;  // of lz4frame.h
struct ZSTD_DCtx_s;  // of zstd.h

namespace flurry {

/// How the bytes of a packet are packed.
enum class Packing : std::uint8_t { none, lz4, zstd };

/// Unpacks one LZ4 or ZSTD frame after the other into memory that is kept from frame to frame.
class FrameUnpacker {
 public:
  enum class State : std::uint8_t { unfinished, finished, damaged };

  /// Bounds what the ZSTD library allocates: a frame that wants a window of more than 2^largest_window bytes
  /// is damaged. std::bad_alloc if the library has no memory.
  explicit FrameUnpacker(Packing packing, int largest_window = 24);
  FrameUnpacker(const FrameUnpacker&) = delete;
  FrameUnpacker& operator=(const FrameUnpacker&) = delete;
  ~FrameUnpacker();

  /// Begins a frame; one that unpacks to more than `limit` bytes is damaged. Ends the life of unpacked().
  void start(std::size_t limit);
  /// Takes the frame's next bytes. Bytes behind the end of a frame are damage; what is not packed has no end.
  State feed(std::string_view packed);

  /// What the frame has given so far.
  [[nodiscard]] std::string_view unpacked() const { return {buffer_.get(), size_}; }

 private:
  State copy(std::string_view packed);
  State feed_lz4(std::string_view packed);
  State feed_zstd(std::string_view packed);
  bool grow(std::size_t needed);
  [[nodiscard]] std::size_t room() const { return std::min(capacity_, limit_) - size_; }

  Packing packing_;
  LZ4F_dctx_s* lz4_ = nullptr;
  ZSTD_DCtx_s* zstd_ = nullptr;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t limit_ = 0;
  State state_ = State::unfinished;
};

}  // namespace flurry
