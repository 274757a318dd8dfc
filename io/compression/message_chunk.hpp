// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flurry {

/// What a chunk of messages unpacks to, at most `size` bytes; `compression` is none, "", bz2, lz4 (its frame
/// format) or zstd. Nothing where the bytes are damaged or the compression is another. Memory grows with what
/// is really unpacked.
[[nodiscard]] std::optional<std::string> unpack_chunk(std::string_view compression, std::string_view packed,
                                                      std::uint64_t size);

}  // namespace flurry
