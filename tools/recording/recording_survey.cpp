// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/recording_survey.hpp"

#include <algorithm>

#include "tools/recording/event_order.hpp"

namespace flurry {

void RecordingSurvey::add(const std::vector<AddressEvent>& added) {
  if (added.empty()) return;
  if (events == 0) t_first = added.front().t;
  t_last = added.back().t;
  events += added.size();
  for (const AddressEvent& event : added) {
    t_min = std::min(t_min, event.t);
    t_max = std::max(t_max, event.t);
    on += event.on ? 1U : 0U;
    x_min = std::min(x_min, event.x);
    x_max = std::max(x_max, event.x);
    y_min = std::min(y_min, event.y);
    y_max = std::max(y_max, event.y);
    sum_x += event.x;
    sum_y += event.y;
    sum_t += event.t;
  }
  rate.add(added);
}

std::uint64_t RecordingSurvey::duration() const { return events == 0 ? 0 : time_between(t_max, t_min); }

void RateCurve::add(const std::vector<AddressEvent>& events) {
  for (const AddressEvent& event : events) {
    const std::uint64_t index = bin_of(event.t);
    Bin& bin = bins_[index < bin_count && !empty_ ? index : make_room(event.t)];
    ++(event.on ? bin.on : bin.off);
  }
}

std::size_t RateCurve::make_room(std::int64_t t) {
  // Bins up to 2^51 us wide hold half of all times there are; what lies further goes to the last of them.
  constexpr std::int64_t furthest = std::int64_t{1} << 61U;
  t = std::clamp(t, -furthest, furthest);
  if (empty_) start_ = t;
  empty_ = false;
  while (t < start_) double_width(false);
  while (bin_of(t) >= bin_count) double_width(true);
  return static_cast<std::size_t>(bin_of(t));
}

// Pairs of bins become one: the lower half of the new ones where time goes on upwards, else the upper half.
void RateCurve::double_width(bool upwards) {
  std::array<Bin, bin_count> wider{};
  const std::size_t first = upwards ? 0 : bin_count / 2;
  for (std::size_t i = 0; i < bin_count; ++i) {
    wider[first + i / 2].on += bins_[i].on;
    wider[first + i / 2].off += bins_[i].off;
  }
  bins_ = wider;
  if (!upwards) start_ -= static_cast<std::int64_t>(bin_count) << shift_;
  ++shift_;
}

RateCurve::Curve RateCurve::curve(std::size_t most) const {
  std::size_t first = 0;
  std::size_t end = bin_count;
  while (first < end && bins_[first].events() == 0) ++first;
  while (end > first && bins_[end - 1].events() == 0) --end;
  Curve curve;
  if (first == end) return curve;
  const std::size_t merged = (end - first + most - 1) / most;
  curve.start = start_ + (static_cast<std::int64_t>(first) << shift_);
  curve.width = std::uint64_t{merged} << shift_;
  curve.bins.resize((end - first + merged - 1) / merged);
  for (std::size_t i = first; i < end; ++i) {
    curve.bins[(i - first) / merged].on += bins_[i].on;
    curve.bins[(i - first) / merged].off += bins_[i].off;
  }
  return curve;
}

}  // namespace flurry
