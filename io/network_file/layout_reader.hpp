// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core/base/document.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// Positions: { grid = [columns, rows], extent = [w, h] }, { random = [w, h] } or { positions = [[x, y], ...]
/// }, checked against `size` unless that is 0 (not known yet). UsageError with file:line otherwise.
[[nodiscard]] Layout read_layout(const Document& value, std::uint32_t size, const std::string& what);

}  // namespace flurry
