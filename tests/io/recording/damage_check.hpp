// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/address_event.hpp"

namespace flurry::testing {

/// The largest block that `new` was asked for since the last call of watch_allocations(), in bytes.
void watch_allocations();
[[nodiscard]] std::size_t largest_allocation();

/// Reads `bytes` as the named format without each of its last `cuts` bytes: refused in one sentence, or the
/// whole events before the cut and at most one place of damage, named with its offset.
void check_cuts(std::string_view format, const std::string& bytes, std::size_t cuts = 64);

/// Reads `bytes` as the named format with one to eight of its bytes changed, `cases` times by seed: refused
/// in one sentence, or read to the end with no event off the sensor and no allocation that the size does not
/// justify.
void check_flips(std::string_view format, const std::string& bytes, std::size_t cases = 10'000);

}  // namespace flurry::testing
