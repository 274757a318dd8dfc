// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/engine/arrival.hpp"
#include "core/engine/buffer_pool.hpp"

namespace flurry {

/// Arrivals in flight, filed by the window they fall in and the block of neurons they reach. Written by one
/// thread.
///
/// A ring of windows; what lies beyond the ring waits in one list and moves in when the ring has turned half
/// way. Only bins that hold arrivals have memory, taken from a pool, so that there is little more of
/// it than there are arrivals, and what is written next is still in the caches.
class Calendar {
 public:
  static constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

  /// `windows_ahead`: how many windows the longest delay spans.
  Calendar(std::uint32_t blocks, std::int64_t windows_ahead);

  void add(std::int64_t window, std::uint32_t block, const Arrival& arrival) {
    put(wide_, far_wide_, window, block, arrival);
  }
  /// For windows from PackedArrival::first_window on.
  void add(std::int64_t window, std::uint32_t block, PackedArrival arrival) {
    put(packed_, far_packed_, window, block, arrival);
  }

  /// Arrivals whose windows all lie within the ring can be filed faster: bin() may be computed for many at
  /// once.
  [[nodiscard]] bool within_ring(std::int64_t window) const { return window - present_ < slots_; }
  [[nodiscard]] std::uint32_t bin(std::int64_t window, std::uint32_t block) const {
    return (block << slot_bits_) + static_cast<std::uint32_t>(window & (slots_ - 1));
  }
  void add_to_bin(std::uint32_t bin, PackedArrival arrival) { append(packed_, bin, arrival); }
  /// The same for bins that will hold hundreds: fetches where later arrivals will stand.
  void add_to_large_bin(std::uint32_t bin, PackedArrival arrival) {
    constexpr std::uint32_t ahead = 16;
    append(packed_, bin, arrival);
    __builtin_prefetch(packed_[bin].arrivals + packed_[bin].size + ahead, 1);
  }

  /// Moves on to a window; no earlier one may still hold anything.
  void advance_to(std::int64_t window);
  /// Blocks that have arrivals in this window, in no order.
  [[nodiscard]] std::span<const std::uint32_t> touched(std::int64_t window) const {
    return touched_[static_cast<std::size_t>(window & (slots_ - 1))];
  }
  [[nodiscard]] std::span<const Arrival> arrivals(std::int64_t window, std::uint32_t block) const {
    return wide_[bin(window, block)].content();
  }
  [[nodiscard]] std::span<const PackedArrival> packed_arrivals(std::int64_t window,
                                                               std::uint32_t block) const {
    return packed_[bin(window, block)].content();
  }
  /// Fetches where the arrivals of a block stand, which prefetch() must know.
  void prefetch_bin(std::int64_t window, std::uint32_t block) const {
    __builtin_prefetch(packed_.data() + bin(window, block));
  }
  /// Fetches what packed_arrivals is about to give.
  void prefetch(std::int64_t window, std::uint32_t block) const {
    const auto arrivals = packed_arrivals(window, block);
    for (std::size_t i = 0; i < std::min<std::size_t>(arrivals.size(), 64); i += 8)
      __builtin_prefetch(arrivals.data() + i);
  }
  /// The window is done: its bins are emptied.
  void clear(std::int64_t window);
  /// The earliest window from the present one on that holds anything, or none.
  [[nodiscard]] std::int64_t next_window() const;
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  // An empty bin is as full as it once was, so that its first arrival takes the slow path, which announces
  // the block and takes as much memory at once.
  template <class A>
  struct Bin {
    A* arrivals = nullptr;  // null: empty
    std::uint32_t size = 0;
    std::uint32_t capacity = 0;

    [[nodiscard]] std::span<const A> content() const {
      return {arrivals, arrivals == nullptr ? 0 : std::size_t{size}};
    }
  };
  template <class A>
  struct Far {
    std::int64_t window = 0;
    std::uint32_t block = 0;
    A arrival;
  };

  template <class A>
  void put(std::vector<Bin<A>>& bins, std::vector<Far<A>>& far, std::int64_t window, std::uint32_t block,
           const A& arrival) {
    if (within_ring(window)) {
      append(bins, bin(window, block), arrival);
      return;
    }
    far.push_back({window, block, arrival});
    if (window < far_earliest_) far_earliest_ = window;
  }
  template <class A>
  void append(std::vector<Bin<A>>& bins, std::uint32_t number, const A& arrival) {
    Bin<A>& bin = bins[number];
    if (bin.size == bin.capacity) [[unlikely]]
      make_room(bin, number);
    bin.arrivals[bin.size++] = arrival;
  }
  template <class A>
  void make_room(Bin<A>& bin, std::uint32_t number);
  template <class A>
  void empty(Bin<A>& bin);
  template <class A>
  void move_in(std::vector<Bin<A>>& bins, std::vector<Far<A>>& far);

  std::uint32_t slot_bits_ = 2;
  std::int64_t slots_ = 4;  // 2^slot_bits_
  std::int64_t present_ = 0;
  std::int64_t next_scan_ = 0;  // of the far list
  std::int64_t far_earliest_ = none;
  BufferPool pool_;
  std::vector<Bin<Arrival>> wide_;  // block by block, one per slot
  std::vector<Bin<PackedArrival>> packed_;
  std::vector<std::vector<std::uint32_t>> touched_;
  std::vector<Far<Arrival>> far_wide_;
  std::vector<Far<PackedArrival>> far_packed_;
};

}  // namespace flurry
