// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace flurry {

/// Time cut into windows no longer than the smallest delay: what is sent in one never arrives in it.
///
/// The length is rounded down to 20 significant bits, so that every boundary k * length (k < 2^33) is exact
/// and that promise survives rounding: sent >= k L and delay >= L give fl(sent + delay) >= (k + 1) L.
class WindowGrid {
 public:
  explicit WindowGrid(double longest) {
    int exponent = 0;
    const double mantissa = std::frexp(longest, &exponent);
    length_ = std::ldexp(std::floor(std::ldexp(mantissa, 20)), exponent - 20);
    per_ms_ = 1.0 / length_;
  }

  [[nodiscard]] double length() const { return length_; }
  [[nodiscard]] double start(std::int64_t window) const { return static_cast<double>(window) * length_; }
  /// The window that holds time t >= 0.
  [[nodiscard]] std::int64_t index_of(double t) const {
    auto window = static_cast<std::int64_t>(t * per_ms_);
    if (t < start(window)) --window;
    if (t >= start(window + 1)) ++window;
    return window;
  }

 private:
  double length_ = 1.0;  // ms
  double per_ms_ = 1.0;
};

}  // namespace flurry
