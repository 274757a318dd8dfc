// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/event_limits.hpp"

#include <string>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

namespace {

std::string words(std::uint32_t width, std::uint32_t height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

}  // namespace

EventCheck::EventCheck(const EventLimits& limits, SensorSize sensor, std::filesystem::path path)
    : limits_(limits), sensor_(sensor), path_(std::move(path)), floor_(limits.t_min) {
  if (sensor.width >= 1 && sensor.width <= limits.max_width && sensor.height >= 1 &&
      sensor.height <= limits.max_height)
    return;
  throw UsageError(path_.string() + ": " + std::string(limits.title) + " holds sensors from 1x1 to " +
                   words(limits.max_width, limits.max_height) + ", not " +
                   words(sensor.width, sensor.height));
}

void EventCheck::check(std::span<const AddressEvent> events) {
  std::int64_t floor = floor_;
  for (const AddressEvent& event : events) {
    if (event.t < floor || event.t > limits_.t_max || event.x >= sensor_.width || event.y >= sensor_.height ||
        (limits_.clock_range != 0 && hides_wrap(floor, event))) [[unlikely]] {
      floor_ = floor;
      refuse(event, count_ + static_cast<std::uint64_t>(&event - events.data()));
    }
    if (limits_.ordered) floor = event.t;
  }
  floor_ = floor;
  count_ += events.size();
}

bool EventCheck::hides_wrap(std::int64_t before, const AddressEvent& event) const {
  return before / limits_.clock_range != event.t / limits_.clock_range &&
         event.t - before >= limits_.clock_range / 2;
}

void EventCheck::refuse(const AddressEvent& event, std::uint64_t index) const {
  const std::string where = path_.string() + ": event " + std::to_string(index);
  const std::string title(limits_.title);
  if (event.t < limits_.t_min && limits_.t_min == 0)
    throw UsageError(where + " is at " + std::to_string(event.t) + " us; " + title +
                     " holds no negative times");
  if (event.t < limits_.t_min || event.t > limits_.t_max)
    throw UsageError(where + " is at " + std::to_string(event.t) + " us; " + title + " holds times from " +
                     std::to_string(limits_.t_min) + " to " + std::to_string(limits_.t_max) + " us");
  if (event.t < floor_)
    throw UsageError(where + " at " + std::to_string(event.t) + " us comes after one at " +
                     std::to_string(floor_) + " us; sort the events by time");
  if (limits_.clock_range != 0 && hides_wrap(floor_, event))
    throw UsageError(where + " is at " + std::to_string(event.t) + " us, more than " + title +
                     "'s clock tells: it holds a first time below " + std::to_string(limits_.clock_range) +
                     " us and steps below " + std::to_string(limits_.clock_range / 2) + " us across a wrap");
  throw UsageError(where + " at x " + std::to_string(event.x) + ", y " + std::to_string(event.y) +
                   " lies outside the sensor of " + words(sensor_.width, sensor_.height));
}

}  // namespace flurry
