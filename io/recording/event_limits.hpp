// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string_view>

#include "io/recording/event_reader.hpp"

namespace flurry {

/// What a format can hold.
struct EventLimits {
  std::string_view title;  // "EVT3"
  std::uint32_t max_width = 65536;
  std::uint32_t max_height = 65536;
  std::int64_t t_min = 0;  // us
  std::int64_t t_max = std::numeric_limits<std::int64_t>::max();
  bool ordered = true;  // times must not fall
  // us; where nothing but the events tells the time: what its field holds. The first event must lie within,
  // and an event across a wrap must come less than half of it after the one before. 0: no such limit
  std::int64_t clock_range = 0;
};

/// Compares what a writer is given with what its format can hold.
class EventCheck {
 public:
  /// UsageError if the format holds no such sensor.
  EventCheck(const EventLimits& limits, SensorSize sensor, std::filesystem::path path);
  /// UsageError naming the first event that cannot be held.
  void check(std::span<const AddressEvent> events);

 private:
  [[nodiscard]] bool hides_wrap(std::int64_t before, const AddressEvent& event) const;
  [[noreturn]] void refuse(const AddressEvent& event, std::uint64_t index) const;

  EventLimits limits_;
  SensorSize sensor_;
  std::filesystem::path path_;
  std::uint64_t count_ = 0;  // events seen
  std::int64_t floor_;       // us; the earliest that may come next
};

}  // namespace flurry
