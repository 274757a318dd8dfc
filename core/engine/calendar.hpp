// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/engine/arrival.hpp"

namespace flurry {

/// Arrivals in flight, filed by the window they fall in and the block of neurons they reach. Written by one
/// thread.
///
/// A ring of windows; what lies beyond the ring waits in one list and moves in when the ring has turned half
/// way.
class Calendar {
 public:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

  /// `windows_ahead`: how many windows the longest delay spans.
  Calendar(std::uint32_t blocks, std::int64_t windows_ahead);

  void add(std::int64_t window, std::uint32_t block, const Arrival& arrival) {
    if (window - present_ >= slots_) {
      far_.push_back({window, block, arrival});
      if (window < far_earliest_) far_earliest_ = window;
      return;
    }
    const auto slot = static_cast<std::size_t>(window & (slots_ - 1));
    std::vector<Arrival>& bin = bins_[slot * blocks_ + block];
    if (bin.empty()) touched_[slot].push_back(block);
    bin.push_back(arrival);
  }

  /// Moves on to a window; no earlier one may still hold anything.
  void advance_to(std::int64_t window);
  /// Blocks that have arrivals in this window, in no order.
  [[nodiscard]] std::span<const std::uint32_t> touched(std::int64_t window) const {
    return touched_[static_cast<std::size_t>(window & (slots_ - 1))];
  }
  [[nodiscard]] std::span<const Arrival> arrivals(std::int64_t window, std::uint32_t block) const {
    return bins_[static_cast<std::size_t>(window & (slots_ - 1)) * blocks_ + block];
  }
  /// The window is done: its bins are emptied and keep their memory.
  void clear(std::int64_t window);
  /// The earliest window from the present one on that holds anything, or none.
  [[nodiscard]] std::int64_t next_window() const;
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  struct Far {
    std::int64_t window = 0;
    std::uint32_t block = 0;
    Arrival arrival;
  };

  std::size_t blocks_;
  std::int64_t slots_ = 4;  // a power of two
  std::int64_t present_ = 0;
  std::int64_t next_scan_ = 0;  // of the far list
  std::int64_t far_earliest_ = none;
  std::vector<std::vector<Arrival>> bins_;  // slot by slot, one per block
  std::vector<std::vector<std::uint32_t>> touched_;
  std::vector<Far> far_;
};

}  // namespace flurry
