// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/calendar.hpp"

#include <algorithm>

namespace flurry {
namespace {

constexpr std::int64_t most_slots = 4096;
constexpr std::int64_t most_bins = std::int64_t{1} << 21;  // 32 bytes each when empty

}  // namespace

Calendar::Calendar(std::uint32_t blocks, std::int64_t windows_ahead) {
  const std::int64_t affordable =
      std::min(most_slots, most_bins / static_cast<std::int64_t>(std::max(blocks, 1U)));
  while (slots_ < windows_ahead + 2 && slots_ * 2 <= affordable) slots_ = std::int64_t{1} << ++slot_bits_;
  wide_.resize(std::size_t{blocks} << slot_bits_);
  packed_.resize(std::size_t{blocks} << slot_bits_);
  touched_.resize(static_cast<std::size_t>(slots_));
}

template <class A>
void Calendar::make_room(Bin<A>& bin, std::uint32_t number) {
  const bool first = bin.arrivals == nullptr;
  if (first && wide_[number].arrivals == nullptr && packed_[number].arrivals == nullptr)
    touched_[number & static_cast<std::uint32_t>(slots_ - 1)].push_back(number >> slot_bits_);
  const std::size_t held = std::size_t{bin.capacity} * sizeof(A);
  const std::size_t size = BufferPool::size_for(first ? held : 2 * held);
  auto* const larger = static_cast<A*>(pool_.take(size));
  if (first) {
    bin.size = 0;
  } else {
    std::copy_n(bin.arrivals, bin.size, larger);
    pool_.give_back(bin.arrivals, held);
  }
  bin.arrivals = larger;
  bin.capacity = static_cast<std::uint32_t>(size / sizeof(A));
}
template void Calendar::make_room(Bin<Arrival>&, std::uint32_t);
template void Calendar::make_room(Bin<PackedArrival>&, std::uint32_t);

template <class A>
void Calendar::move_in(std::vector<Bin<A>>& bins, std::vector<Far<A>>& far) {
  std::vector<Far<A>> still_far;
  for (const Far<A>& one : far) {
    if (within_ring(one.window)) {
      append(bins, bin(one.window, one.block), one.arrival);
    } else {
      far_earliest_ = std::min(far_earliest_, one.window);
      still_far.push_back(one);
    }
  }
  far.swap(still_far);
}

void Calendar::advance_to(std::int64_t window) {
  present_ = window;
  if (far_wide_.empty() && far_packed_.empty()) return;
  if (window < next_scan_ && far_earliest_ >= window + slots_ / 2) return;
  next_scan_ = window + slots_ / 2;
  far_earliest_ = none;
  move_in(wide_, far_wide_);
  move_in(packed_, far_packed_);
}

template <class A>
void Calendar::empty(Bin<A>& bin) {
  if (bin.arrivals == nullptr) return;
  pool_.give_back(bin.arrivals, std::size_t{bin.capacity} * sizeof(A));
  bin.arrivals = nullptr;
  bin.capacity = bin.size;
}

void Calendar::clear(std::int64_t window) {
  auto& touched = touched_[static_cast<std::size_t>(window & (slots_ - 1))];
  for (const std::uint32_t block : touched) {
    const std::uint32_t number = bin(window, block);
    empty(wide_[number]);
    empty(packed_[number]);
  }
  touched.clear();
}

std::int64_t Calendar::next_window() const {
  for (std::int64_t window = present_; window < present_ + slots_; ++window)
    if (!touched(window).empty()) return std::min(window, far_earliest_);
  return far_earliest_;
}

std::uint64_t Calendar::bytes() const {
  return wide_.capacity() * sizeof(Bin<Arrival>) + packed_.capacity() * sizeof(Bin<PackedArrival>) +
         far_wide_.capacity() * sizeof(Far<Arrival>) + far_packed_.capacity() * sizeof(Far<PackedArrival>) +
         pool_.bytes();
}

}  // namespace flurry
