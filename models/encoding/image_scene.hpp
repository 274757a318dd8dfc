// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/encoding/scene.hpp"

namespace flurry {

/// A grey picture: row by row from the top, 0 (black) to 1 (white), in proportion to luminance.
struct GreyPicture {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<float> values;
};

/// How the camera is turned while it looks at a picture that stands still.
struct SaccadePath {
  double saccade = 100.0;           // ms each
  double pixels_per_degree = 4.65;  // of rotation: 30 um pixels behind 8 mm, the camera of N-MNIST
};

/// A picture before a dark ground, seen by a camera that makes three saccades along a triangle, as N-MNIST
/// was recorded (Orchard, Jayawant, Cohen & Thakor 2015, Front. Neurosci. 9:437): from (-0.5, 0.5) degrees to
/// (0, -0.5), to (0.5, 0.5) and back, 100 ms each, then still. Within a saccade the angle follows
/// (1 - cos) / 2. The picture is shown in the middle of the sensor, one value a pixel, between pixels
/// bilinear.
class SaccadeScene final : public Scene {
 public:
  /// `dark`: luminance of black as a part of white's, > 0: what a display and its surroundings leave.
  SaccadeScene(GreyPicture picture, double dark, SaccadePath path = {});

  void luminance(double time, std::uint32_t width, std::span<double> luminance) const override;
  /// ms until the camera stands still again.
  [[nodiscard]] double duration() const { return 3.0 * path_.saccade; }

 private:
  struct Place {
    double x, y;
  };
  [[nodiscard]] Place looking_at(double time) const;
  [[nodiscard]] double value(std::int64_t x, std::int64_t y) const;

  GreyPicture picture_;
  double dark_;
  SaccadePath path_;
};

/// Pictures shown one after another, as the frames of a film. The camera takes log luminance as linear
/// between frames if its views are as far apart as they are.
class FrameScene final : public Scene {
 public:
  /// `load(i)` gives frame i, asked for in rising order, each of the sensor's size; `interval` in ms,
  /// at least 0.001.
  FrameScene(std::function<GreyPicture(std::size_t)> load, std::size_t count, double interval, double dark);

  void luminance(double time, std::uint32_t width, std::span<double> luminance) const override;
  [[nodiscard]] double duration() const { return static_cast<double>(count_ - 1) * interval_; }

 private:
  std::function<GreyPicture(std::size_t)> load_;
  std::size_t count_;
  double interval_;
  double dark_;
};

}  // namespace flurry
