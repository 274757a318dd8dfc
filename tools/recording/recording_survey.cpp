// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/recording_survey.hpp"

#include <algorithm>

#include "tools/recording/event_order.hpp"

namespace flurry {

void RecordingSurvey::add(const std::vector<AddressEvent>& added) {
  if (added.empty()) return;
  if (events == 0) t_first = added.front().t;
  // In registers: the compiler must take it that the events might be these very members.
  std::int64_t earliest = t_min;
  std::int64_t latest = t_max;
  std::uint32_t left = x_min;
  std::uint32_t right = x_max;
  std::uint32_t top = y_min;
  std::uint32_t bottom = y_max;
  std::uint64_t ons = 0;
  std::uint64_t x = 0;
  std::uint64_t y = 0;
  WideSum t = 0;
  for (const AddressEvent& event : added) {
    earliest = std::min(earliest, event.t);
    latest = std::max(latest, event.t);
    left = std::min<std::uint32_t>(left, event.x);
    right = std::max<std::uint32_t>(right, event.x);
    top = std::min<std::uint32_t>(top, event.y);
    bottom = std::max<std::uint32_t>(bottom, event.y);
    ons += event.on ? 1U : 0U;
    x += event.x;
    y += event.y;
    t += event.t;
  }
  t_last = added.back().t;
  t_min = earliest;
  t_max = latest;
  x_min = static_cast<std::uint16_t>(left);
  x_max = static_cast<std::uint16_t>(right);
  y_min = static_cast<std::uint16_t>(top);
  y_max = static_cast<std::uint16_t>(bottom);
  events += added.size();
  on += ons;
  sum_x += x;
  sum_y += y;
  sum_t += t;
  rate.add(added);
}

std::uint64_t RecordingSurvey::duration() const { return events == 0 ? 0 : time_between(t_max, t_min); }

void RateCurve::add(const std::vector<AddressEvent>& events) {
  // Neighbours in the file mostly share a bin: it is counted in registers until another's turn comes.
  for (std::size_t i = 0; i < events.size();) {
    const std::uint64_t known = bin_of(events[i].t);
    const std::uint64_t index = known < bin_count && !empty_ ? known : make_room(events[i].t);
    const std::size_t first = i;
    std::uint64_t on = 0;
    do {
      on += events[i].on ? 1U : 0U;
      ++i;
    } while (i < events.size() && bin_of(events[i].t) == index);
    bins_[index].on += on;
    bins_[index].off += i - first - on;
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
