// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "io/recording/event_limits.hpp"

namespace flurry {

/// Turns events into Prophesee RAW EVT2: the mirror image of Evt2Decoder.
///
/// A TIME_HIGH word wherever its value changes; across a wrap also the last and the first value of the
/// epochs, so that no silence is too long.
class Evt2Encoder {
 public:
  static constexpr EventLimits limits{.title = "EVT2", .max_width = 2048, .max_height = 2048};

  explicit Evt2Encoder(SensorSize sensor) : sensor_(sensor) {}

  [[nodiscard]] std::string header() const;
  void encode(std::span<const AddressEvent> events, std::string& bytes);
  void finish(std::string& /*bytes*/) const {}

 private:
  void put_clock(std::int64_t high, std::string& bytes);

  SensorSize sensor_;
  std::int64_t high_ = -1;  // unwrapped TIME_HIGH, unit 64 us; -1 before the first
};

}  // namespace flurry
