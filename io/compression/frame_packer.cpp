// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/frame_packer.hpp"

#include <new>

#include <zstd.h>

namespace flurry {

std::string zstd_frame(std::string_view bytes) {
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compress(frame.data(), frame.size(), bytes.data(), bytes.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size) != 0U) throw std::bad_alloc();  // with room for the bound, the only cause
  frame.resize(size);
  return frame;
}

}  // namespace flurry
