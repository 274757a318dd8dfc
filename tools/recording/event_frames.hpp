// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address_event.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// Frames: on minus off events of each pixel in windows of time, `width` us long and `spacing` us apart.
/// Sensors wider than `most_columns` are reduced to it, squares of pixels to one.
class EventFrames {
 public:
  struct Windows {
    std::int64_t start = 0;
    std::uint64_t spacing = 1;  // >= width
    std::uint64_t width = 1;
    std::size_t count = 1;
  };

  EventFrames(SensorSize sensor, const Windows& windows, std::uint32_t most_columns);
  void add(const std::vector<AddressEvent>& events);

  [[nodiscard]] const Windows& windows() const { return windows_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// The value that most cells (9 of 10 that are not 0) do not exceed; at least 1.
  [[nodiscard]] int usual_most() const;
  /// A frame as lines of numbers from the top, each cell limited to -most..most.
  [[nodiscard]] std::string lines(std::size_t frame, int most) const;

 private:
  Windows windows_;
  std::uint32_t square_;
  std::size_t columns_;
  std::size_t rows_;
  std::vector<std::int16_t> cells_;
};

}  // namespace flurry
