// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/event_frames.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "tools/recording/event_order.hpp"

namespace flurry {

EventFrames::EventFrames(SensorSize sensor, const Windows& windows, std::uint32_t most_columns)
    : windows_(windows),
      square_(std::max(1U, (std::max(sensor.width, sensor.height) + most_columns - 1) / most_columns)),
      columns_((sensor.width + square_ - 1) / square_),
      rows_((sensor.height + square_ - 1) / square_),
      cells_(windows.count * columns_ * rows_) {}

void EventFrames::add(const std::vector<AddressEvent>& events) {
  constexpr int limit = std::numeric_limits<std::int16_t>::max();
  for (const AddressEvent& event : events) {
    if (event.t < windows_.start) continue;
    const std::uint64_t since = time_between(event.t, windows_.start);
    const std::uint64_t frame = since / windows_.spacing;
    if (frame >= windows_.count || since % windows_.spacing >= windows_.width) continue;
    std::int16_t& cell = cells_[(frame * rows_ + event.y / square_) * columns_ + event.x / square_];
    cell = static_cast<std::int16_t>(std::clamp(cell + (event.on ? 1 : -1), -limit, limit));
  }
}

int EventFrames::usual_most() const {
  constexpr std::size_t largest = 256;
  std::array<std::uint64_t, largest + 1> count{};
  std::uint64_t all = 0;
  for (const std::int16_t cell : cells_) {
    if (cell == 0) continue;
    ++count[std::min<std::size_t>(static_cast<std::size_t>(std::abs(cell)), largest)];
    ++all;
  }
  int most = 1;
  for (std::uint64_t seen = count[1]; seen < all - all / 10; ++most)
    seen += count[static_cast<std::size_t>(most) + 1];
  return most;
}

std::string EventFrames::lines(std::size_t frame, int most) const {
  std::string text;
  text.reserve(2 * rows_ * columns_);
  for (std::size_t y = 0; y < rows_; ++y) {
    for (std::size_t x = 0; x < columns_; ++x) {
      const int value = cells_[(frame * rows_ + y) * columns_ + x];
      text += std::to_string(std::clamp(value, -most, most));
      text += x + 1 == columns_ ? '\n' : ' ';
    }
  }
  return text;
}

}  // namespace flurry
