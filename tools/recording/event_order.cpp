// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/event_order.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {
namespace {

bool earlier(const AddressEvent& a, const AddressEvent& b) { return a.t < b.t; }

}  // namespace

void BackwardSteps::add(const std::vector<AddressEvent>& events) {
  std::int64_t last = last_;  // in a register: an event's time might else be last_ itself
  for (const AddressEvent& event : events) {
    if (event.t < last) {
      ++count;
      largest = std::max(largest, time_between(last, event.t));
    }
    last = event.t;
  }
  last_ = last;
}

void LateEventFilter::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) {
    if (event.t < latest_) return false;
    latest_ = event.t;
    return true;
  });
}

EventSorter::EventSorter(std::string where, std::size_t reach) : where_(std::move(where)), reach_(reach) {}

void EventSorter::apply(std::vector<AddressEvent>& events) {
  insert(events);
  events.clear();
  // Given out by halves of the reach, so that what stays is moved seldom.
  if (kept_.size() < reach_ + std::max<std::size_t>(reach_ / 2, 1)) return;
  const auto end = kept_.end() - static_cast<std::ptrdiff_t>(reach_);
  events.assign(kept_.begin(), end);
  kept_.erase(kept_.begin(), end);
  released_ = events.back().t;
}

void EventSorter::finish(std::vector<AddressEvent>& events) {
  events = std::move(kept_);
  kept_.clear();
}

void EventSorter::insert(const std::vector<AddressEvent>& events) {
  for (const AddressEvent& event : events) {
    if (event.t < released_)
      throw UsageError(where_ + ": event " + std::to_string(taken_) + " at " + std::to_string(event.t) +
                       " us is more than " + std::to_string(reach_) +
                       " events too late to be sorted in; --order drop leaves such events out");
    ++taken_;
  }
  const auto old = static_cast<std::ptrdiff_t>(kept_.size());
  kept_.insert(kept_.end(), events.begin(), events.end());
  const auto fresh = kept_.begin() + old;
  if (!std::is_sorted(fresh, kept_.end(), &earlier)) std::stable_sort(fresh, kept_.end(), &earlier);
  if (old == 0 || fresh == kept_.end() || !earlier(*fresh, *(fresh - 1))) return;
  std::inplace_merge(std::upper_bound(kept_.begin(), fresh, *fresh, &earlier), fresh, kept_.end(), &earlier);
}

}  // namespace flurry
