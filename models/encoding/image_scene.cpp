// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/image_scene.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

void check_dark(double dark) {
  if (!(dark > 0.0 && dark <= 1.0))
    throw UsageError("scene: the luminance of black is " + shortest(dark) +
                     " of white's; it must be > 0 and at most 1");
}

double shown(double value, double dark) { return dark + (1.0 - dark) * value; }

}  // namespace

SaccadeScene::SaccadeScene(GreyPicture picture, double dark, SaccadePath path)
    : picture_(std::move(picture)), dark_(dark), path_(path) {
  check_dark(dark);
}

SaccadeScene::Place SaccadeScene::looking_at(double time) const {
  constexpr std::array<Place, 4> corners{{{-0.5, 0.5}, {0.0, -0.5}, {0.5, 0.5}, {-0.5, 0.5}}};
  const double saccades = std::clamp(time / path_.saccade, 0.0, 3.0);
  const auto leg = std::min<std::size_t>(static_cast<std::size_t>(saccades), 2);
  const double part = 0.5 - 0.5 * std::cos(std::numbers::pi * (saccades - static_cast<double>(leg)));
  const Place from = corners[leg];
  const Place to = corners[leg + 1];
  return {(from.x + (to.x - from.x) * part) * path_.pixels_per_degree,
          (from.y + (to.y - from.y) * part) * path_.pixels_per_degree};
}

double SaccadeScene::value(std::int64_t x, std::int64_t y) const {
  if (x < 0 || y < 0 || x >= picture_.width || y >= picture_.height) return 0.0;
  return static_cast<double>(
      picture_.values[static_cast<std::size_t>(y) * picture_.width + static_cast<std::size_t>(x)]);
}

void SaccadeScene::luminance(double time, std::uint32_t width, std::span<double> luminance) const {
  const auto height = static_cast<std::uint32_t>(luminance.size() / width);
  const Place at = looking_at(time);
  // Degrees count upwards, rows downwards; a camera that turns right sees the picture go left.
  const double left = at.x - 0.5 * (static_cast<double>(width) - picture_.width);
  const double top = -at.y - 0.5 * (static_cast<double>(height) - picture_.height);
  const auto column = static_cast<std::int64_t>(std::floor(left));
  const auto row = static_cast<std::int64_t>(std::floor(top));
  const double right_part = left - static_cast<double>(column);
  const double lower_part = top - static_cast<double>(row);
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::int64_t px = column + x;
      const std::int64_t py = row + y;
      const double upper = std::lerp(value(px, py), value(px + 1, py), right_part);
      const double lower = std::lerp(value(px, py + 1), value(px + 1, py + 1), right_part);
      luminance[std::size_t{y} * width + x] = shown(std::lerp(upper, lower, lower_part), dark_);
    }
  }
}

FrameScene::FrameScene(std::function<GreyPicture(std::size_t)> load, std::size_t count, double interval,
                       double dark)
    : load_(std::move(load)), count_(count), interval_(interval), dark_(dark) {
  check_dark(dark);
  if (count == 0) throw InternalError("a film without frames");
  if (!(interval >= 1e-3 && std::isfinite(interval)))
    throw UsageError("scene: the time between frames is " + shortest(interval) +
                     " ms; it must be at least 0.001 ms");
}

void FrameScene::luminance(double time, std::uint32_t width, std::span<double> luminance) const {
  const auto frame = static_cast<std::size_t>(std::max(0L, std::lround(time / interval_)));
  const GreyPicture picture = load_(std::min(frame, count_ - 1));
  if (picture.width != width || picture.values.size() != luminance.size())
    throw InternalError("a frame is not of the sensor's size");
  std::transform(picture.values.begin(), picture.values.end(), luminance.begin(),
                 [this](float value) { return shown(static_cast<double>(value), dark_); });
}

}  // namespace flurry
