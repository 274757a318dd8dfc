// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/event_camera.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <tuple>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/base/spike.hpp"
#include "core/base/units.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

namespace {

constexpr std::uint32_t threshold_stream = 1, noise_stream = 2;  // of Purpose::scene
constexpr double lowest_threshold = 0.01;

void require(bool allowed, std::string_view name, double value, std::string_view range) {
  if (!allowed)
    throw UsageError("event camera: " + std::string(name) + " is " + shortest(value) + "; it must be " +
                     std::string(range));
}

void check(const CameraParameters& p) {
  const auto finite = [](double value) { return std::isfinite(value) && value >= 0.0; };
  require(p.width >= 1 && p.width <= 65536, "width", p.width, "1 to 65536 pixels");
  require(p.height >= 1 && p.height <= 65536, "height", p.height, "1 to 65536 pixels");
  require(finite(p.duration) && p.duration <= 1e6, "duration", p.duration, "0 to 1e6 ms");
  require(finite(p.frame_interval) && p.frame_interval >= 1e-3, "frame_interval", p.frame_interval,
          ">= 0.001 ms");
  require(finite(p.threshold_on) && p.threshold_on >= lowest_threshold, "threshold_on", p.threshold_on,
          ">= 0.01");
  require(finite(p.threshold_off) && p.threshold_off >= lowest_threshold, "threshold_off", p.threshold_off,
          ">= 0.01");
  require(finite(p.threshold_spread), "threshold_spread", p.threshold_spread, ">= 0");
  require(finite(p.refractory_period), "refractory_period", p.refractory_period, ">= 0 ms");
  require(finite(p.leak_rate), "leak_rate", p.leak_rate, ">= 0 Hz");
  require(finite(p.noise_rate), "noise_rate", p.noise_rate, ">= 0 Hz");
  require(finite(p.bandwidth), "bandwidth", p.bandwidth, ">= 0 Hz, 0 for none");
}

/// One pixel between two views of the scene, over which its log luminance changes linearly.
class Pixel {
 public:
  Pixel(const CameraParameters& p, std::uint64_t index, double level)
      : level_(level),
        noise_rate_(p.noise_rate * 1e-3),
        noise_(p.seed, Purpose::scene, noise_stream, std::uint64_t{p.take} << 32U | index) {
    RandomSequence random(p.seed, Purpose::scene, threshold_stream, index);
    threshold_on_ = draw(p.threshold_on, p.threshold_spread, random);
    threshold_off_ = draw(p.threshold_off, p.threshold_spread, random);
    leak_ = p.leak_rate * 1e-3 * threshold_on_;
    refractory_ = p.refractory_period;
    next_noise_ = draw_noise(0.0);
  }

  /// The level that the photoreceptor gives, which comes `settled` (0 to 1) of the way nearer to `level`.
  [[nodiscard]] double follow(double level, double settled) const {
    return level_ + (level - level_) * settled;
  }

  /// Calls report(t, on) for every event in [start, end); log luminance is `level` at the end.
  template <class Report>
  void advance(double start, double end, double level, Report&& report) {
    const double slope = (level - level_) / (end - start) + leak_;
    level_ = level;
    double t = std::max(start, held_until_);
    while (t < end) {
      const double crossing = t + time_to_crossing(slope);
      const double next = std::min(crossing, next_noise_);
      if (next >= end) {
        change_ += slope * (end - t);
        return;
      }
      const bool is_noise = next_noise_ < crossing;
      report(next, is_noise ? (noise_() & 1U) != 0 : slope > 0.0);
      change_ = 0.0;
      held_until_ = next + refractory_;
      t = held_until_;
      while (next_noise_ <= next || next_noise_ < held_until_) next_noise_ = draw_noise(next_noise_);
    }
  }

 private:
  static double draw(double mean, double spread, RandomSequence& random) {
    if (spread == 0.0) return mean;
    return Distribution::normal(mean, spread).truncated(lowest_threshold, never).draw(random, 0);
  }

  double draw_noise(double after) {
    return noise_rate_ > 0.0 ? after - std::log(noise_.uniform()) / noise_rate_ : never;
  }

  [[nodiscard]] double time_to_crossing(double slope) const {
    if (slope == 0.0) return never;
    const double distance = slope > 0.0 ? threshold_on_ - change_ : threshold_off_ + change_;
    return std::max(distance, 0.0) / std::abs(slope);
  }

  double level_;             // log luminance at the last view
  double change_ = 0.0;      // of log luminance since the last report's reset, leak included
  double held_until_ = 0.0;  // ms
  double threshold_on_ = 0.0;
  double threshold_off_ = 0.0;
  double leak_ = 0.0;          // log luminance per ms
  double refractory_ = 0.0;    // ms
  double next_noise_ = never;  // ms
  double noise_rate_;          // 1/ms
  RandomSequence noise_;
};

/// The logarithm of the scene's luminance at `time`.
void view(const Scene& scene, double time, std::uint32_t width, std::span<double> levels) {
  scene.luminance(time, width, levels);
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!(levels[i] > 0.0) || !std::isfinite(levels[i]))
      throw UsageError("event camera: the scene's luminance at pixel x " + std::to_string(i % width) +
                       ", y " + std::to_string(i / width) + " at " + shortest(time) + " ms is " +
                       shortest(levels[i]) + "; it must be > 0 and finite");
    levels[i] = std::log(levels[i]);
  }
}

/// How much of a step of log luminance one pole has followed after `interval` ms.
double settled_part(double bandwidth, double interval) {
  return -std::expm1(-2.0 * std::numbers::pi * bandwidth * 1e-3 * interval);
}

/// Reports the events before `end` us in order and keeps the others.
void hand_over(std::vector<AddressEvent>& events, std::int64_t end,
               const std::function<void(std::span<const AddressEvent>)>& report) {
  std::sort(events.begin(), events.end(), [](const AddressEvent& a, const AddressEvent& b) {
    return std::tie(a.t, a.y, a.x, a.on) < std::tie(b.t, b.y, b.x, b.on);
  });
  const auto kept =
      std::find_if(events.begin(), events.end(), [end](const AddressEvent& event) { return event.t >= end; });
  if (kept != events.begin()) report({events.begin(), kept});
  events.erase(events.begin(), kept);
}

}  // namespace

void watch(const CameraParameters& parameters, const Scene& scene,
           const std::function<void(std::span<const AddressEvent>)>& report) {
  check(parameters);
  const std::uint32_t width = parameters.width;
  std::vector<double> levels(std::size_t{width} * parameters.height);
  view(scene, 0.0, width, levels);
  std::vector<Pixel> pixels;
  pixels.reserve(levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) pixels.emplace_back(parameters, i, levels[i]);

  std::vector<AddressEvent> events;
  const auto frames = static_cast<std::uint64_t>(std::ceil(parameters.duration / parameters.frame_interval));
  for (std::uint64_t frame = 0; frame < frames; ++frame) {
    const double start = static_cast<double>(frame) * parameters.frame_interval;
    const double end =
        std::min(static_cast<double>(frame + 1) * parameters.frame_interval, parameters.duration);
    view(scene, end, width, levels);
    const double settled = parameters.bandwidth > 0.0 ? settled_part(parameters.bandwidth, end - start) : 1.0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      const double level = settled < 1.0 ? pixels[i].follow(levels[i], settled) : levels[i];
      pixels[i].advance(start, end, level, [&](double t, bool on) {
        events.push_back({static_cast<std::int64_t>(t * 1000.0), static_cast<std::uint16_t>(i % width),
                          static_cast<std::uint16_t>(i / width), on});
      });
    }
    // Events of the microsecond in which the frame ends wait for those of the next.
    const std::int64_t whole = frame + 1 == frames ? std::numeric_limits<std::int64_t>::max()
                                                   : static_cast<std::int64_t>(end * 1000.0);
    hand_over(events, whole, report);
  }
}

std::vector<AddressEvent> watch(const CameraParameters& parameters, const Scene& scene) {
  std::vector<AddressEvent> all;
  watch(parameters, scene, [&all](std::span<const AddressEvent> events) {
    all.insert(all.end(), events.begin(), events.end());
  });
  return all;
}

}  // namespace flurry
