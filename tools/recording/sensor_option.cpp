// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/sensor_option.hpp"

#include <charconv>

#include "core/base/error.hpp"

namespace flurry {

std::string size_text(SensorSize sensor) {
  return std::to_string(sensor.width) + "x" + std::to_string(sensor.height);
}

SensorSize parse_sensor(std::string_view text) {
  constexpr std::uint32_t most = 65536;
  SensorSize sensor;
  const char* const end = text.data() + text.size();
  const auto [mark, bad_width] = std::from_chars(text.data(), end, sensor.width);
  bool good = bad_width == std::errc() && mark != end && (*mark == 'x' || *mark == ',');
  if (good) {
    const auto [rest, bad_height] = std::from_chars(mark + 1, end, sensor.height);
    good = bad_height == std::errc() && rest == end;
  }
  if (!good || sensor.width < 1 || sensor.width > most || sensor.height < 1 || sensor.height > most)
    throw UsageError("--sensor is '" + std::string(text) +
                     "'; expected width and height in pixels, as 34x34, each from 1 to 65536");
  return sensor;
}

}  // namespace flurry
