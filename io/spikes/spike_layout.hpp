// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

/// Names and constants of the spike file layout, for its writer and its reader.
namespace flurry::spike_layout {

inline constexpr std::uint32_t magic = 0x0A7A;                // SONATA
inline constexpr std::array<std::uint32_t, 2> version{0, 1};  // SONATA 0.1
inline constexpr const char* incomplete = "incomplete";
inline constexpr const char* complete = "complete";

}  // namespace flurry::spike_layout
