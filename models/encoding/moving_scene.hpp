// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "models/encoding/scene.hpp"

namespace flurry {

/// A dim background of soft blobs, before it a bright bar that turns about the middle, now slowly, now fast,
/// and a grated disc that wanders on a Lissajous path and turns. All edges are smooth. Fits any sensor size.
class MovingScene final : public Scene {
 public:
  /// `seed` sets where everything starts.
  explicit MovingScene(std::uint64_t seed);

  void luminance(double time, std::uint32_t width, std::span<double> luminance) const override;

 private:
  struct Pose;
  [[nodiscard]] Pose pose(double time) const;

  std::array<double, 6> phase_{};  // radians: bar, its speed, disc x, disc y, its grating, background
};

}  // namespace flurry
