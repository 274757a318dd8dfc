// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace flurry {

/// One event of an event camera: a pixel got brighter (on) or darker. y counts from the top.
struct AddressEvent {
  std::int64_t t = 0;   // microseconds, by the clock rule of the format it came from
  std::uint16_t x = 0;  // columns from the left
  std::uint16_t y = 0;  // rows from the top
  bool on = false;

  friend auto operator<=>(const AddressEvent&, const AddressEvent&) = default;
};

}  // namespace flurry
