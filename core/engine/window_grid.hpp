// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace flurry {

/// Time cut into windows no longer than the smallest delay: what is sent in one never arrives in it.
///
/// The length is a power of two, so that every boundary k * length is exact, finding the window of a time is
/// one exact multiplication, and the promise survives rounding: sent >= k L and delay >= L give fl(sent +
/// delay) >= (k+1) L.
class WindowGrid {
 public:
  explicit WindowGrid(double longest) : length_(std::exp2(std::floor(std::log2(longest)))) {
    if (length_ > longest) length_ *= 0.5;
    per_ms_ = 1.0 / length_;
  }

  [[nodiscard]] double length() const { return length_; }
  [[nodiscard]] double start(std::int64_t window) const { return static_cast<double>(window) * length_; }
  /// The window that holds time t >= 0.
  [[nodiscard]] std::int64_t index_of(double t) const { return static_cast<std::int64_t>(t * per_ms_); }

 private:
  double length_ = 1.0;  // ms
  double per_ms_ = 1.0;
};

}  // namespace flurry
