// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace flurry {

/// `bytes` as one ZSTD frame at the library's default level; the same bytes give the same frame.
[[nodiscard]] std::string zstd_frame(std::string_view bytes);

}  // namespace flurry
