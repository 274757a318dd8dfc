// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.hpp"
#include "io/recording/event_reader.hpp"

namespace flurry {

/// What the user chose for `name` among `values`, the first of them where nothing was said. UsageError
/// beginning with `file` for anything else.
inline std::string_view reading_value(const Readings& readings, std::string_view name,
                                      std::span<const std::string_view> values, const std::string& file) {
  const auto chosen = readings.find(name);
  if (chosen == readings.end()) return values.front();
  const auto found = std::find(values.begin(), values.end(), chosen->second);
  if (found != values.end()) return *found;
  const std::vector<std::string> names(values.begin(), values.end());
  throw UsageError(
      unknown_name("value for the reading '" + std::string(name) + "'", chosen->second, file, names));
}

}  // namespace flurry
