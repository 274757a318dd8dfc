// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include "core/base/address_event.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// Writes events as Prophesee RAW EVT3. The bytes depend on the sensor and the events alone, and reading them
/// back gives the same events in the same order.
///
/// Written under PATH.partial until close() renames it; without close() nothing is left.
/// Silence costs two bytes for each 4.096 ms, but no more than 8 KiB a gap and four bytes for each 16.8 s.
class Evt3Writer {
 public:
  /// UsageError if the sensor is not 1x1 to 2048x2048; SystemError if the file cannot be made.
  Evt3Writer(std::filesystem::path path, SensorSize sensor);
  Evt3Writer(const Evt3Writer&) = delete;
  Evt3Writer& operator=(const Evt3Writer&) = delete;
  ~Evt3Writer();

  /// Events ordered by time, none before the last one written. UsageError for a negative or falling time or a
  /// pixel outside the sensor; SystemError if the disk refuses.
  void write(std::span<const AddressEvent> events);
  /// Completes the file. SystemError if the disk refuses.
  void close();

 private:
  void put(std::uint32_t type, std::uint32_t value);
  void check(const AddressEvent& event) const;
  void put_time(std::int64_t t);
  void put_clock(std::int64_t high);
  std::size_t put_pixels(std::span<const AddressEvent> rest);
  [[nodiscard]] std::size_t vector_length(std::span<const AddressEvent> rest) const;
  void flush();

  std::filesystem::path path_;
  std::filesystem::path partial_;
  SensorSize sensor_;
  std::ofstream file_;
  std::string buffer_;
  std::uint64_t count_ = 0;  // events written
  std::int64_t high_ = -1;   // unwrapped TIME_HIGH, unit 4096 us; -1 before the first
  std::int64_t time_ = -1;   // us, of the last event
  std::int32_t row_ = -1;    // of the last ADDR_Y
};

/// A whole recording as one EVT3 file; errors as above.
void write_evt3(const std::filesystem::path& path, SensorSize sensor, std::span<const AddressEvent> events);

}  // namespace flurry
