// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/frame_unpacker.hpp"

#include <doctest/doctest.h>
#include <lz4frame.h>

#include "io/compression/frame_packer.hpp"

using namespace flurry;

namespace frame_unpacker_test {

using State = FrameUnpacker::State;

std::string lz4_frame(const std::string& bytes) {
  std::string frame(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  frame.resize(LZ4F_compressFrame(frame.data(), frame.size(), bytes.data(), bytes.size(), nullptr));
  return frame;
}

/// Bytes that pack well but not to nothing.
std::string sample(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i * i % 1009) + ",";
  return bytes.substr(0, size);
}

std::string packed(Packing packing, const std::string& bytes) {
  if (packing == Packing::none) return bytes;
  return packing == Packing::lz4 ? lz4_frame(bytes) : zstd_frame(bytes);
}

TEST_CASE("frames are unpacked one after the other, whole or byte by byte") {
  for (const Packing packing : {Packing::none, Packing::lz4, Packing::zstd}) {
    FrameUnpacker unpacker(packing);
    for (const std::size_t size : {1U, 1000U, 65536U, 300'000U}) {
      const std::string bytes = sample(size);
      const std::string frame = packed(packing, bytes);
      unpacker.start(size + 1);
      CHECK(unpacker.feed(frame) == State::finished);
      CHECK(unpacker.unpacked() == bytes);
      unpacker.start(size + 1);
      State state = State::unfinished;
      for (const char& byte : frame) state = unpacker.feed({&byte, 1});
      CHECK(state == State::finished);
      CHECK(unpacker.unpacked() == bytes);
    }
  }
}

TEST_CASE("cut, overlong, oversized and foreign frames are told, and the next frame is read") {
  const std::string bytes = sample(200'000);
  for (const Packing packing : {Packing::lz4, Packing::zstd}) {
    const std::string frame = packed(packing, bytes);
    FrameUnpacker unpacker(packing);
    const auto state_of = [&](const std::string& fed, std::size_t limit) {
      unpacker.start(limit);
      return unpacker.feed(fed);
    };
    CHECK(state_of(frame.substr(0, frame.size() - 1), 300'000) == State::unfinished);
    CHECK(state_of(frame + "x", 300'000) == State::damaged);
    CHECK(state_of(frame, 100'000) == State::damaged);
    CHECK(state_of("no frame at all, no frame at all", 300'000) == State::damaged);
    CHECK(unpacker.feed(frame) == State::damaged);
    CHECK(state_of(frame, 300'000) == State::finished);
    CHECK(unpacker.feed("") == State::finished);
    CHECK(unpacker.feed("x") == State::damaged);
    CHECK(state_of(frame, 300'000) == State::finished);
    CHECK(unpacker.unpacked() == bytes);
  }
}

}  // namespace frame_unpacker_test
