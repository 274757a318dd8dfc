// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace flurry {

/// How many bytes a zlib stream (RFC 1950) unpacks to; nothing where it is damaged, cut, or longer than
/// `limit`.
[[nodiscard]] std::optional<std::size_t> inflated_size(std::string_view packed, std::size_t limit);

}  // namespace flurry
