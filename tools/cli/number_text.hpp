// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace flurry {

/// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t number);

/// "1.2 GB": bytes in powers of 1000.
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

}  // namespace flurry
