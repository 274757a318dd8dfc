// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
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
    Bin& bin = bins_[(std::size_t{block} << slot_bits_) + slot];
    if (bin.size == bin.capacity) [[unlikely]]
      make_room(bin, slot, block);
    bin.arrivals[bin.size++] = arrival;
  }

  /// Moves on to a window; no earlier one may still hold anything.
  void advance_to(std::int64_t window);
  /// Blocks that have arrivals in this window, in no order.
  [[nodiscard]] std::span<const std::uint32_t> touched(std::int64_t window) const {
    return touched_[static_cast<std::size_t>(window & (slots_ - 1))];
  }
  [[nodiscard]] std::span<const Arrival> arrivals(std::int64_t window, std::uint32_t block) const {
    const Bin& bin =
        bins_[(std::size_t{block} << slot_bits_) + static_cast<std::size_t>(window & (slots_ - 1))];
    return {bin.arrivals.get(), bin.size};
  }
  /// The window is done: its bins are emptied and keep their memory.
  void clear(std::int64_t window);
  /// The earliest window from the present one on that holds anything, or none.
  [[nodiscard]] std::int64_t next_window() const;
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  // An empty bin claims to have no capacity, so that its first arrival takes the slow path and announces the
  // block.
  struct Bin {
    std::unique_ptr<Arrival[]> arrivals;
    std::uint32_t size = 0;
    std::uint32_t capacity = 0;
    std::uint32_t allocated = 0;
  };
  void make_room(Bin& bin, std::size_t slot, std::uint32_t block);

  struct Far {
    std::int64_t window = 0;
    std::uint32_t block = 0;
    Arrival arrival;
  };

  std::uint32_t slot_bits_ = 2;
  std::int64_t slots_ = 4;  // 2^slot_bits_
  std::int64_t present_ = 0;
  std::int64_t next_scan_ = 0;  // of the far list
  std::int64_t far_earliest_ = none;
  std::vector<Bin> bins_;  // block by block, one per slot
  std::vector<std::vector<std::uint32_t>> touched_;
  std::vector<Far> far_;
};

}  // namespace flurry
