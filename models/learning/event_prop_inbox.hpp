// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// Arrivals in flight, filed by layer and window. Keeps its memory from sample to sample.
class EventPropInbox {
 public:
  struct Arrival {
    double time = 0.0;  // ms
    double weight = 0.0;
    std::uint32_t target = 0;
  };
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  /// Forgets everything; layers are added next.
  void clear() {
    layers_.clear();
    for (auto& arrivals : single_) arrivals.clear();
    arena_.clear();
    free_ = none;
  }
  /// The next layer, with windows of this length (ms, a power of two or `never`) from 0 to `duration`.
  void add_layer(double window, double duration) {
    const auto begin = layers_.empty() ? 0U : layers_.back().end;
    const double per_ms = window == never ? 0.0 : 1.0 / window;
    const auto windows = static_cast<std::uint32_t>(std::floor(duration * per_ms)) + 1;
    layers_.push_back({begin, begin + windows, per_ms});
    heads_.assign(begin + windows, none);
    if (single_.size() < layers_.size()) single_.emplace_back();
  }

  /// File for the window of its time; `time` is at most the duration.
  void push(std::uint32_t layer, double time, double weight, std::uint32_t target) {
    const Layer& l = layers_[layer];
    if (l.per_ms == 0.0) {
      single_[layer].push_back({time, weight, target});
    } else {
      push_link(l, {time, weight, target});
    }
  }

  /// Room for `count` arrivals more in a layer with a single window.
  [[nodiscard]] Arrival* grow(std::uint32_t layer, std::size_t count) {
    std::vector<Arrival>& arrivals = single_[layer];
    arrivals.resize(arrivals.size() + count);
    return &*(arrivals.end() - static_cast<std::ptrdiff_t>(count));
  }

  /// Number of the next window of a layer, from `window` on, that holds anything; none if there is none.
  [[nodiscard]] std::uint32_t next_window(std::uint32_t layer, std::uint32_t window) const {
    const Layer& l = layers_[layer];
    if (l.per_ms == 0.0) return window == 0 && !single_[layer].empty() ? 0 : none;
    for (std::uint32_t i = l.begin + window; i < l.end; ++i)
      if (heads_[i] != none) return i - l.begin;
    return none;
  }
  /// The first moment after a window, ms; `never` after the last.
  [[nodiscard]] double end_of(std::uint32_t layer, std::uint32_t window) const {
    const Layer& l = layers_[layer];
    return l.begin + window + 1 == l.end ? never : (window + 1.0) / l.per_ms;
  }

  /// All arrivals of a window in place of what `to` holds, in the order filed.
  void take(std::uint32_t layer, std::uint32_t window, std::vector<Arrival>& to) {
    to.clear();
    if (layers_[layer].per_ms == 0.0) return to.swap(single_[layer]);
    std::uint32_t& head = heads_[layers_[layer].begin + window];
    const std::uint32_t whole = head;
    std::uint32_t tail = none;
    for (std::uint32_t i = head; i != none; i = arena_[i].next) {
      to.push_back(arena_[i].arrival);
      tail = i;
    }
    if (tail == none) return;
    std::reverse(to.begin(), to.end());
    arena_[tail].next = free_;
    free_ = whole;
    head = none;
  }

 private:
  struct Layer {
    std::uint32_t begin = 0;  // into heads_
    std::uint32_t end = 0;
    double per_ms = 0.0;
  };
  struct Link {
    Arrival arrival;
    std::uint32_t next = none;
  };

  void push_link(const Layer& l, const Arrival& arrival) {
    std::uint32_t& head = heads_[l.begin + static_cast<std::uint32_t>(arrival.time * l.per_ms)];
    const Link link{arrival, head};
    if (free_ == none) {
      head = static_cast<std::uint32_t>(arena_.size());
      arena_.push_back(link);
    } else {
      head = free_;
      free_ = arena_[head].next;
      arena_[head] = link;
    }
  }

  std::vector<Layer> layers_;
  std::vector<std::vector<Arrival>> single_;  // per layer: all arrivals of one with a single window
  std::vector<std::uint32_t> heads_;          // newest of each window
  std::vector<Link> arena_;
  std::uint32_t free_ = none;
};

}  // namespace flurry
