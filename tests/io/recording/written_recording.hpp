// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "tests/io/recording/recording_bytes.hpp"

namespace flurry::testing {

/// The bytes of a file of these events.
inline std::string written(std::string_view format, SensorSize sensor, const Events& events) {
  const TemporaryRecording file("");
  write_recording(file.path(), format, sensor, events);
  return file_bytes(file.path());
}

/// Written as `format`, recognised, read, written again: nothing lost, and the same bytes, which are given
/// back.
inline std::string check_round_trip(std::string_view format, SensorSize sensor, const Events& events) {
  const std::string bytes = written(format, sensor, events);
  const EventRecording r = read_bytes(bytes, "");
  CHECK(r.format == format);
  CHECK(r.sensor.width == sensor.width);
  CHECK(r.sensor.height == sensor.height);
  CHECK(r.events == events);
  CHECK(r.statistics.damaged == 0);
  CHECK(r.statistics.skipped == 0);
  CHECK(r.statistics.bytes_read == bytes.size());
  CHECK(written(format, r.sensor, r.events) == bytes);
  return bytes;
}

/// Where a file is written until it is whole.
inline std::filesystem::path partial_of(const std::filesystem::path& path) {
  return path.string() + ".partial";
}

/// What a writer refuses these events with, "" if it does not; a file that was there stays as it is.
inline std::string writing_refusal(std::string_view format, SensorSize sensor, const Events& events) {
  const TemporaryRecording file("old");
  try {
    write_recording(file.path(), format, sensor, events);
  } catch (const UsageError& error) {
    CHECK(file_bytes(file.path()) == "old");
    CHECK_FALSE(std::filesystem::exists(partial_of(file.path())));
    return error.what();
  }
  return "";
}

/// What a reader refuses these bytes with, "" if it does not.
inline std::string reading_refusal(std::string_view bytes, std::string_view format,
                                   const Readings& readings = {}) {
  const TemporaryRecording file(bytes);
  try {
    static_cast<void>(read_recording(file.path(), format, readings));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace flurry::testing
