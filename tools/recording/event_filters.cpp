// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/recording/event_filters.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "tools/recording/event_order.hpp"

namespace flurry {
namespace {

constexpr std::int64_t no_event = std::numeric_limits<std::int64_t>::min();

// Whether `t` lies at most `most` us after `before`. A time that ran back lies within it.
bool within(std::int64_t t, std::int64_t before, std::int64_t most) {
  return before != no_event && (t <= before || time_between(t, before) <= static_cast<std::uint64_t>(most));
}

}  // namespace

void check_pixels(SensorSize sensor, std::string_view name) {
  if (std::uint64_t{sensor.width} * sensor.height <= most_pixels) return;
  throw UsageError("--" + std::string(name) + " keeps a number for each pixel and takes sensors of up to " +
                   std::to_string(most_pixels) + " pixels, not " + std::to_string(sensor.width) + "x" +
                   std::to_string(sensor.height));
}

void SensorStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) {
    return event.x < sensor_.width && event.y < sensor_.height;
  });
}

void SliceStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) { return event.t >= from_ && event.t < to_; });
}

void PolarityStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](AddressEvent& event) {
    if (rule_ == PolarityRule::on) return event.on;
    if (rule_ == PolarityRule::off) return !event.on;
    event.on = rule_ == PolarityRule::merge || !event.on;
    return true;
  });
}

PixelCounts::PixelCounts(SensorSize sensor) : sensor_(sensor) {
  check_pixels(sensor, "hot-pixels");
  counts_.resize(std::size_t{sensor.width} * sensor.height);
}

void PixelCounts::add(const std::vector<AddressEvent>& events) {
  for (const AddressEvent& event : events) {
    std::uint32_t& count = counts_[std::size_t{event.y} * sensor_.width + event.x];
    if (count < std::numeric_limits<std::uint32_t>::max()) ++count;
  }
}

std::vector<bool> PixelCounts::above(double sigmas) const {
  double active = 0.0;
  double sum = 0.0;
  for (const std::uint32_t count : counts_) {
    active += count > 0 ? 1.0 : 0.0;
    sum += count;
  }
  const double mean = sum / std::max(active, 1.0);
  double squares = 0.0;
  for (const std::uint32_t count : counts_)
    if (count > 0) squares += (count - mean) * (count - mean);
  const double limit = mean + sigmas * std::sqrt(squares / std::max(active, 1.0));
  std::vector<bool> hot(counts_.size());
  for (std::size_t i = 0; i < counts_.size(); ++i) hot[i] = counts_[i] > limit;
  return hot;
}

std::vector<bool> PixelCounts::lonely() const {
  std::vector<bool> hot(counts_.size());
  for (std::size_t y = 0; y < sensor_.height; ++y)
    for (std::size_t x = 0; x < sensor_.width; ++x) {
      const std::uint32_t count = counts_[y * sensor_.width + x];
      if (count > 10) hot[y * sensor_.width + x] = count > 10.0 * median_of_neighbours(x, y) + 10.0;
    }
  return hot;
}

double PixelCounts::median_of_neighbours(std::size_t x, std::size_t y) const {
  std::array<std::uint32_t, 8> found{};
  std::size_t count = 0;
  for (std::size_t v = y > 0 ? y - 1 : 0; v <= y + 1 && v < sensor_.height; ++v)
    for (std::size_t u = x > 0 ? x - 1 : 0; u <= x + 1 && u < sensor_.width; ++u)
      if (u != x || v != y) found[count++] = counts_[v * sensor_.width + u];
  if (count == 0) return 0.0;
  std::sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
  return 0.5 * (found[(count - 1) / 2] + static_cast<double>(found[count / 2]));
}

void HotPixelStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) { return !hot_[event.y * width_ + event.x]; });
}

RefractoryStage::RefractoryStage(SensorSize sensor, std::int64_t period)
    : width_(sensor.width), period_(period) {
  check_pixels(sensor, name());
  last_.resize(width_ * sensor.height, no_event);
}

void RefractoryStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) {
    std::int64_t& last = last_[event.y * width_ + event.x];
    if (within(event.t, last, period_ - 1)) return false;
    last = event.t;
    return true;
  });
}

DenoiseStage::DenoiseStage(SensorSize sensor, std::int64_t support)
    : stride_(std::size_t{sensor.width} + 2), support_(support) {
  check_pixels(sensor, name());
  last_.resize(stride_ * (std::size_t{sensor.height} + 2), no_event);
}

bool DenoiseStage::supported(std::size_t cell, std::int64_t t) const {
  for (const std::size_t row : {cell - stride_, cell, cell + stride_})
    for (const std::size_t neighbour : {row - 1, row, row + 1})
      if (neighbour != cell && within(t, last_[neighbour], support_)) return true;
  return false;
}

void DenoiseStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](const AddressEvent& event) {
    const std::size_t cell = (event.y + std::size_t{1}) * stride_ + event.x + 1;
    last_[cell] = event.t;
    return supported(cell, event.t);
  });
}

void CropStage::apply(std::vector<AddressEvent>& events) {
  keep_where(events, [this](AddressEvent& event) {
    // Below the corner the difference is huge.
    const std::uint32_t x = event.x - rectangle_.x;
    const std::uint32_t y = event.y - rectangle_.y;
    event.x = static_cast<std::uint16_t>(x);
    event.y = static_cast<std::uint16_t>(y);
    return x < rectangle_.width && y < rectangle_.height;
  });
}

void DownsampleStage::apply(std::vector<AddressEvent>& events) {
  for (AddressEvent& event : events) {
    event.x = static_cast<std::uint16_t>(event.x / factor_);
    event.y = static_cast<std::uint16_t>(event.y / factor_);
  }
}

}  // namespace flurry
