// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/calendar.hpp"

#include <algorithm>

namespace flurry {
namespace {

constexpr std::int64_t most_slots = 4096;
constexpr std::int64_t most_bins = std::int64_t{1} << 21;  // 24 bytes each when empty

}  // namespace

Calendar::Calendar(std::uint32_t blocks, std::int64_t windows_ahead) {
  const std::int64_t affordable =
      std::min(most_slots, most_bins / static_cast<std::int64_t>(std::max(blocks, 1U)));
  while (slots_ < windows_ahead + 2 && slots_ * 2 <= affordable) slots_ = std::int64_t{1} << ++slot_bits_;
  bins_.resize(std::size_t{blocks} << slot_bits_);
  touched_.resize(static_cast<std::size_t>(slots_));
}

void Calendar::make_room(Bin& bin, std::size_t slot, std::uint32_t block) {
  if (bin.size == 0) touched_[slot].push_back(block);
  if (bin.size == bin.allocated) {
    const std::uint32_t larger = std::max(16U, 2 * bin.allocated);
    std::unique_ptr<Arrival[]> moved(std::make_unique_for_overwrite<Arrival[]>(larger));
    std::copy_n(bin.arrivals.get(), bin.size, moved.get());
    bin.arrivals = std::move(moved);
    bin.allocated = larger;
  }
  bin.capacity = bin.allocated;
}

void Calendar::advance_to(std::int64_t window) {
  present_ = window;
  if (far_.empty() || (window < next_scan_ && far_earliest_ >= window + slots_ / 2)) return;
  next_scan_ = window + slots_ / 2;
  far_earliest_ = none;
  std::vector<Far> still_far;
  for (const Far& far : far_) {
    if (far.window - present_ < slots_) {
      add(far.window, far.block, far.arrival);
    } else {
      far_earliest_ = std::min(far_earliest_, far.window);
      still_far.push_back(far);
    }
  }
  far_.swap(still_far);
}

void Calendar::clear(std::int64_t window) {
  const auto slot = static_cast<std::size_t>(window & (slots_ - 1));
  for (const std::uint32_t block : touched_[slot]) {
    Bin& bin = bins_[(std::size_t{block} << slot_bits_) + slot];
    bin.size = 0;
    bin.capacity = 0;
  }
  touched_[slot].clear();
}

std::int64_t Calendar::next_window() const {
  for (std::int64_t window = present_; window < present_ + slots_; ++window)
    if (!touched(window).empty()) return std::min(window, far_earliest_);
  return far_earliest_;
}

std::uint64_t Calendar::bytes() const {
  std::uint64_t sum = bins_.capacity() * sizeof(Bin) + far_.capacity() * sizeof(Far);
  for (const Bin& bin : bins_) sum += bin.allocated * sizeof(Arrival);
  return sum;
}

}  // namespace flurry
