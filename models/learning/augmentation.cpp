// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/augmentation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace flurry {
namespace {

/// Box & Muller (1958), one of the two.
double standard_normal(RandomSequence& random) {
  const double radius = std::sqrt(-2.0 * std::log(random.uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * random.uniform());
}

double normal(RandomSequence& random, double sd) { return sd > 0.0 ? sd * standard_normal(random) : 0.0; }
double symmetric(RandomSequence& random, double largest) {
  return largest > 0.0 ? largest * (2.0 * random.uniform() - 1.0) : 0.0;
}

/// A stretch of a line that falls silent: its width uniform up to `widest`, its place uniform on [0, end].
struct Mask {
  Mask(RandomSequence& random, double widest, double end) {
    if (!(widest > 0.0)) return;
    const double width = std::min(widest, end) * random.uniform();
    from = (end - width) * random.uniform();
    until = from + width;
  }
  [[nodiscard]] bool hides(double x) const { return x >= from && x < until; }

  double from = 0.0, until = 0.0;
};

/// Spikes are lost with a probability that grows linearly from one end of the channels to the other.
struct Tilt {
  Tilt(RandomSequence& random, double largest, double channels)
      : slope(symmetric(random, largest) / channels), start(slope < 0.0 ? -slope * channels : 0.0) {}
  [[nodiscard]] double loss(double channel) const { return start + slope * channel; }

  double slope, start;
};

}  // namespace

void Augmentation::apply(SpikeInput& input, std::uint32_t channels, double duration,
                         RandomSequence random) const {
  if (!any()) return;
  const auto width = static_cast<double>(channels);
  const double factor = std::exp2(normal(random, stretch) + symmetric(random, stretch_range));
  const double late = normal(random, shift);
  const double higher = std::round(symmetric(random, channel_shift));
  const double apart = 1.0 + symmetric(random, channel_stretch);
  const Mask band(random, channel_mask, width);
  const Mask pause(random, time_mask, duration);
  const Tilt slope(random, tilt, width);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < input.times.size(); ++i) {
    if (drop > 0.0 && random.uniform() < drop) continue;
    const double time = input.times[i] * factor + late + normal(random, jitter);
    const double place = static_cast<double>(input.channels[i]);
    const double warped = channel_stretch > 0.0 ? 0.5 * width + apart * (place - 0.5 * width) : place;
    const double channel = std::round(warped + higher + normal(random, channel_jitter));
    if (!(time >= 0.0 && time <= duration && channel >= 0.0 && channel < width)) continue;
    if (band.hides(channel) || pause.hides(time)) continue;
    if (tilt > 0.0 && random.uniform() < slope.loss(channel)) continue;
    input.times[kept] = time;
    input.channels[kept++] = static_cast<std::uint32_t>(channel);
  }
  input.times.resize(kept);
  input.channels.resize(kept);
  if (!(noise > 0.0)) return;
  const double mean_interval = 1.0 / (noise * static_cast<double>(channels));
  for (double time = -mean_interval * std::log(random.uniform()); time <= duration;
       time -= mean_interval * std::log(random.uniform())) {
    input.times.push_back(time);
    input.channels.push_back(random.below(channels));
  }
}

}  // namespace flurry
