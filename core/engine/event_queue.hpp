// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cassert>
#include <cmath>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <boost/heap/d_ary_heap.hpp>

namespace flurry {

/// Something that will happen. Order is by content, never by insertion, so that one network gives one
/// sequence of events whoever pushed them and when. At one instant, sources speak first, then spikes arrive,
/// then neurons cross threshold by themselves: an arrival at the very instant of a predicted crossing is
/// summed before the test.
struct Event {
  enum class Kind : std::uint32_t { source, arrival, crossing, wake_up };

  double time = 0.0;  // ms
  Kind kind = Kind::arrival;
  std::uint32_t who = 0;         // network-wide neuron or source; block for wake_up
  std::uint32_t projection = 0;  // arrival: which projection
  std::uint32_t slot = 0;        // arrival: where in the row, in order of delay
  double sent = 0.0;             // arrival: when the spike left, ms

  friend auto operator<=>(const Event&, const Event&) = default;
};

/// A priority queue of events, earliest first. Predictions are never removed: whoever pops one asks whether
/// it still holds, which is cheaper than finding it in the heap.
class EventQueue {
 public:
  void push(const Event& event) {
    assert(std::isfinite(event.time));
    heap_.push(event);
  }
  [[nodiscard]] const Event& top() const { return heap_.top(); }
  Event pop() {
    const Event event = heap_.top();
    heap_.pop();
    return event;
  }
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// Infinity where the queue is empty.
  [[nodiscard]] double next_time() const {
    return heap_.empty() ? std::numeric_limits<double>::infinity() : heap_.top().time;
  }

 private:
  struct Later {
    bool operator()(const Event& a, const Event& b) const { return a > b; }
  };
  boost::heap::d_ary_heap<Event, boost::heap::arity<4>, boost::heap::compare<Later>> heap_;
};

}  // namespace flurry
