// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "models/encoding/cochlea.hpp"

namespace flurry {
namespace {

constexpr auto to = static_cast<std::int64_t>(cochlea_rate);  // Hz
constexpr double crossings = 16.0;                            // of the sinc, a side

/// sinc at `t`, in zero crossings from its middle, under a Hann window.
double windowed_sinc(double t) {
  if (std::abs(t) >= crossings) return 0.0;
  const double angle = std::numbers::pi * t;
  const double window = 0.5 * (1.0 + std::cos(angle / crossings));
  return t == 0.0 ? window : window * std::sin(angle) / angle;
}

}  // namespace

std::vector<float> resample(std::span<const float> samples, double rate) {
  if (!(rate >= 1e3 && rate <= 1e6) || std::nearbyint(rate) != rate)
    throw UsageError("sound at " + shortest(rate) + " Hz; allowed: a whole number from 1000 to 1000000 Hz");
  const auto from = static_cast<std::int64_t>(rate);
  if (from == to) return {samples.begin(), samples.end()};
  // Sample n comes from n x from / to: a whole part and one of `phases` fractions.
  const std::int64_t common = std::gcd(from, to);
  const std::int64_t phases = to / common;
  const std::int64_t advance = from / common;
  const double cut = std::min(1.0, cochlea_rate / rate);
  const auto reach = static_cast<std::int64_t>(std::ceil(crossings / cut));
  const std::int64_t taps = 2 * reach;
  std::vector<float> kernel(static_cast<std::size_t>(phases * taps));
  for (std::int64_t phase = 0; phase < phases; ++phase) {
    for (std::int64_t k = 0; k < taps; ++k) {
      const double distance =
          static_cast<double>(k - reach + 1) - static_cast<double>(phase) / static_cast<double>(phases);
      kernel[static_cast<std::size_t>(phase * taps + k)] =
          static_cast<float>(cut * windowed_sinc(distance * cut));
    }
  }
  const auto count = static_cast<std::int64_t>(samples.size());
  std::vector<float> result(static_cast<std::size_t>((count * phases + advance - 1) / advance));
  for (std::size_t n = 0; n < result.size(); ++n) {
    const std::int64_t position = static_cast<std::int64_t>(n) * advance;
    const std::int64_t start = position / phases - reach + 1;
    const float* weights = kernel.data() + position % phases * taps;
    float sum = 0.0F;
    const std::int64_t last = std::min(taps, count - start);
    for (std::int64_t k = std::max<std::int64_t>(0, -start); k < last; ++k)
      sum = std::fma(weights[k], samples[static_cast<std::size_t>(start + k)], sum);
    result[n] = sum;
  }
  return result;
}

}  // namespace flurry
