// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "io/recording/event_reader.hpp"
#include "tools/recording/event_stage.hpp"

namespace flurry {

/// A rectangle of pixels.
struct PixelRectangle {
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// Sensors with more pixels than this (1280x720 has 0.9 million) are too large for what keeps a number for
/// each pixel.
constexpr std::uint64_t most_pixels = std::uint64_t{1} << 21U;

/// UsageError where `sensor` is too large for `name`, the option that asks for it.
void check_pixels(SensorSize sensor, std::string_view name);

/// `--sensor`: only events on it, for files that do not name their sensor.
class SensorStage final : public EventStage {
 public:
  explicit SensorStage(SensorSize sensor) : sensor_(sensor) {}
  [[nodiscard]] std::string_view name() const override { return "sensor"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  SensorSize sensor_;
};

/// `--slice`: only events with from <= t < to.
class SliceStage final : public EventStage {
 public:
  SliceStage(std::int64_t from, std::int64_t to) : from_(from), to_(to) {}
  [[nodiscard]] std::string_view name() const override { return "slice"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  std::int64_t from_;  // us
  std::int64_t to_;    // us
};

/// `--polarity`: only on or only off events; or all of them, made on (merge) or turned round (invert).
enum class PolarityRule { on, off, merge, invert };
class PolarityStage final : public EventStage {
 public:
  explicit PolarityStage(PolarityRule rule) : rule_(rule) {}
  [[nodiscard]] std::string_view name() const override { return "polarity"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  PolarityRule rule_;
};

/// Events of each pixel.
class PixelCounts {
 public:
  explicit PixelCounts(SensorSize sensor);
  void add(const std::vector<AddressEvent>& events);

  /// Pixels with more than `sigmas` standard deviations above the mean; both over the pixels with an event.
  [[nodiscard]] std::vector<bool> above(double sigmas) const;
  /// Pixels with more than ten times as many events as the median of their neighbours (up to 8), plus ten.
  [[nodiscard]] std::vector<bool> lonely() const;

 private:
  [[nodiscard]] double median_of_neighbours(std::size_t x, std::size_t y) const;

  SensorSize sensor_;
  std::vector<std::uint32_t> counts_;  // by row; stops at the largest it holds
};

/// `--hot-pixels`: no event of the pixels marked.
class HotPixelStage final : public EventStage {
 public:
  HotPixelStage(SensorSize sensor, std::vector<bool> hot) : width_(sensor.width), hot_(std::move(hot)) {}
  [[nodiscard]] std::string_view name() const override { return "hot-pixels"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  std::size_t width_;
  std::vector<bool> hot_;  // by row
};

/// `--refractory`: no event within `period` us after the last one kept of its pixel, whatever their
/// polarities.
class RefractoryStage final : public EventStage {
 public:
  RefractoryStage(SensorSize sensor, std::int64_t period);
  [[nodiscard]] std::string_view name() const override { return "refractory"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  std::size_t width_;
  std::int64_t period_;             // us
  std::vector<std::int64_t> last_;  // us, by row
};

/// `--denoise`: the background-activity filter of Delbruck (2008, "Frame-free dynamic digital vision"): only
/// events of which one of the 8 neighbours had an event, kept or not, at most `support` us before.
class DenoiseStage final : public EventStage {
 public:
  DenoiseStage(SensorSize sensor, std::int64_t support);
  [[nodiscard]] std::string_view name() const override { return "denoise"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  [[nodiscard]] bool supported(std::size_t cell, std::int64_t t) const;

  std::size_t stride_;
  std::int64_t support_;            // us
  std::vector<std::int64_t> last_;  // us, by row, with a rim of one pixel around the sensor
};

/// `--crop`: only events in the rectangle; its corner becomes pixel 0, 0.
class CropStage final : public EventStage {
 public:
  explicit CropStage(const PixelRectangle& rectangle) : rectangle_(rectangle) {}
  [[nodiscard]] std::string_view name() const override { return "crop"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  PixelRectangle rectangle_;
};

/// `--downsample`: squares of factor x factor pixels become one; every event is kept.
class DownsampleStage final : public EventStage {
 public:
  explicit DownsampleStage(std::uint32_t factor) : factor_(factor) {}
  [[nodiscard]] std::string_view name() const override { return "downsample"; }
  void apply(std::vector<AddressEvent>& events) override;

 private:
  std::uint32_t factor_;
};

}  // namespace flurry
