// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace flurry {

/// What an event camera looks at.
class Scene {
 public:
  Scene() = default;
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;
  virtual ~Scene() = default;

  /// Fills `luminance` (> 0, any unit; row by row from the top, `width` values a row) as seen at `time` ms.
  virtual void luminance(double time, std::uint32_t width, std::span<double> luminance) const = 0;
};

}  // namespace flurry
