// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/moving_scene.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/random.hpp"

namespace flurry {

namespace {

constexpr std::uint32_t phase_stream = 0;  // of Purpose::scene; the camera uses others

// Lengths are fractions of the shorter side of the sensor, luminances relative to the background's mean.
constexpr double bar_half_width = 0.05, bar_half_length = 0.46, bar_luminance = 3.0;
constexpr double disc_radius = 0.2, disc_luminance = 1.0, disc_contrast = 0.8;
constexpr double edge = 0.02;
constexpr double grating_period = 0.13;

/// 1 well inside, 0 well outside, smooth over `edge` on both sides of distance 0 (negative inside).
double inside(double distance) {
  const double s = std::clamp(0.5 - distance / (2.0 * edge), 0.0, 1.0);
  return s * s * (3.0 - 2.0 * s);
}

double blend(double below, double above, double cover) { return below + (above - below) * cover; }

}  // namespace

/// Where things are at one time.
struct MovingScene::Pose {
  double bar_cos, bar_sin;
  double disc_x, disc_y;
  double grating_cos, grating_sin;  // wave vector, radians per unit length
  double phase;

  [[nodiscard]] double background_wave(double y) const { return 0.2 * std::sin(9.0 * y - phase); }
  [[nodiscard]] double background(double x, double wave) const {
    return 0.6 + wave * std::sin(7.0 * x + phase);
  }
  [[nodiscard]] double bar(double x, double y) const {
    const double along = std::abs(x * bar_cos + y * bar_sin) - bar_half_length;
    const double across = std::abs(y * bar_cos - x * bar_sin) - bar_half_width;
    return inside(std::max(along, across));
  }
  [[nodiscard]] double disc(double x, double y) const {
    return inside(std::sqrt((x - disc_x) * (x - disc_x) + (y - disc_y) * (y - disc_y)) - disc_radius);
  }
  [[nodiscard]] double disc_texture(double x, double y) const {
    return disc_luminance *
           (1.0 + disc_contrast * std::sin((x - disc_x) * grating_cos + (y - disc_y) * grating_sin));
  }
};

MovingScene::MovingScene(std::uint64_t seed) {
  RandomSequence random(seed, Purpose::scene, phase_stream, 0);
  for (double& phase : phase_) phase = 2.0 * std::numbers::pi * random.uniform();
}

MovingScene::Pose MovingScene::pose(double time) const {
  const double s = time * 1e-3 * 2.0 * std::numbers::pi;
  const double bar = phase_[0] + 0.7 * s + 0.6 * std::sin(s + phase_[1]);  // 0.1 to 1.3 turns a second
  const double turn = phase_[4] + 0.9 * std::sin(0.8 * s);
  const double wave = 2.0 * std::numbers::pi / grating_period;
  return {std::cos(bar),
          std::sin(bar),
          0.38 * std::sin(1.1 * s + phase_[2]),
          0.28 * std::sin(0.7 * s + phase_[3]),
          wave * std::cos(turn),
          wave * std::sin(turn),
          phase_[5]};
}

void MovingScene::luminance(double time, std::uint32_t width, std::span<double> luminance) const {
  const Pose now = pose(time);
  const auto height = static_cast<std::uint32_t>(luminance.size() / width);
  const double scale = 1.0 / std::min(width, height);
  for (std::uint32_t row = 0; row < height; ++row) {
    const double y = (row + 0.5 - 0.5 * height) * scale;
    const double wave = now.background_wave(y);
    for (std::uint32_t column = 0; column < width; ++column) {
      const double x = (column + 0.5 - 0.5 * width) * scale;
      double value = now.background(x, wave);
      value = blend(value, bar_luminance, now.bar(x, y));
      if (const double cover = now.disc(x, y); cover > 0.0)
        value = blend(value, now.disc_texture(x, y), cover);
      luminance[std::size_t{row} * width + column] = value;
    }
  }
}

}  // namespace flurry
