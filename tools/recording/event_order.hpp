// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tools/recording/event_stage.hpp"

namespace flurry {

/// `a - b` in us, for a >= b: exact, whatever the two are.
[[nodiscard]] inline std::uint64_t time_between(std::int64_t a, std::int64_t b) {
  return static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b);
}

/// Counts the events that are earlier than the one before them.
struct BackwardSteps {
  std::uint64_t count = 0;
  std::uint64_t largest = 0;  // us

  void add(const std::vector<AddressEvent>& events);

 private:
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();  // us
};

/// `--order drop`: no event earlier than the latest seen so far.
class LateEventFilter final : public EventStage {
 public:
  [[nodiscard]] std::string_view name() const override { return "order"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  std::int64_t latest_ = std::numeric_limits<std::int64_t>::min();  // us
};

/// `--order sort`: by time; events of one time stay in the order they came. Memory is bounded: an event may
/// come up to `reach` events too late, and half as many are kept back as a rule.
class EventSorter {
 public:
  static constexpr std::size_t usual_reach = std::size_t{1} << 19U;

  /// `where`: the file, for messages.
  explicit EventSorter(std::string where, std::size_t reach = usual_reach);
  /// Takes `events` and puts in their place those that nothing within reach can precede. UsageError for an
  /// event that comes later than reach allows.
  void apply(std::vector<AddressEvent>& events);
  /// The events still kept back, in `events`.
  void finish(std::vector<AddressEvent>& events);

 private:
  void insert(const std::vector<AddressEvent>& events);

  std::string where_;
  std::size_t reach_;
  std::vector<AddressEvent> kept_;  // sorted
  std::uint64_t taken_ = 0;
  std::int64_t released_ = std::numeric_limits<std::int64_t>::min();  // us, of the last event given out
};

}  // namespace flurry
