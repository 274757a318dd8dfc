// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "io/recording/event_reader.hpp"

namespace flurry {

/// "320x240"
[[nodiscard]] std::string size_text(SensorSize sensor);

/// The size in `--sensor`: "320x240", or "320,240". UsageError for anything else and for more than 65536
/// pixels a side.
[[nodiscard]] SensorSize parse_sensor(std::string_view text);

}  // namespace flurry
