// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/engine/model_info.hpp"

namespace flurry {

/// One line of a model's `recordables` table: the only place where a variable that can be recorded is named.
template <class State, class Constants>
struct Recordable {
  std::string_view name;
  Dimension dimension;
  std::string_view help;
  double (*value)(const State&, const Constants&) noexcept;
  bool per_time = false;  // the slope of something: its unit is that of `dimension` per ms
};

/// The table of a model as users see it.
template <class Model>
std::vector<RecordableInfo> recordable_infos() {
  std::vector<RecordableInfo> infos;
  for (const auto& line : Model::recordables)
    infos.push_back({line.name, line.dimension, line.per_time, line.help});
  return infos;
}

}  // namespace flurry
