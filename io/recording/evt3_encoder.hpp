// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include "io/recording/event_limits.hpp"

namespace flurry {

/// Turns events into Prophesee RAW EVT3: the mirror image of Evt3Decoder.
///
/// Silence costs two bytes for each 4.096 ms, but no more than 8 KiB a gap and four bytes for each 16.8 s. A
/// run of five or more events of one row, instant and polarity within 32 aligned pixels becomes a vector.
class Evt3Encoder {
 public:
  static constexpr EventLimits limits{.title = "EVT3", .max_width = 2048, .max_height = 2048};

  explicit Evt3Encoder(SensorSize sensor) : sensor_(sensor) {}

  [[nodiscard]] std::string header() const;
  void encode(std::span<const AddressEvent> events, std::string& bytes);
  void finish(std::string& bytes) { put_run(bytes); }

 private:
  static constexpr std::uint32_t vector_pixels = 32;

  [[nodiscard]] bool continues_run(const AddressEvent& event) const;
  void put_run(std::string& bytes);
  void put_vector(std::string& bytes);
  void put_time(std::int64_t t, std::string& bytes);
  void put_clock(std::int64_t high, std::string& bytes);

  SensorSize sensor_;
  std::int64_t high_ = -1;                         // unwrapped TIME_HIGH, unit 4096 us; -1 before the first
  std::int64_t time_ = -1;                         // us, as written last
  std::int32_t row_ = -1;                          // of the last ADDR_Y
  std::array<AddressEvent, vector_pixels> run_{};  // not yet written: one row, instant, polarity, x rising
  std::size_t run_length_ = 0;
};

}  // namespace flurry
