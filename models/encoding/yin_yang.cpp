// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/yin_yang.hpp"

#include <cmath>

#include "core/base/random.hpp"

namespace flurry {
namespace {

constexpr double large = 0.5;
constexpr double small = 0.1;
constexpr std::uint32_t stream = 0x59594e;  // of scenes: apart from those of cameras

}  // namespace

std::uint32_t yin_yang_label(double x, double y) {
  const double right = std::hypot(x - 1.5 * large, y - large);
  const double left = std::hypot(x - 0.5 * large, y - large);
  if (right < small || left < small) return 2;
  const bool yin =
      right <= small || (left > small && left <= 0.5 * large) || (y > large && right > 0.5 * large);
  return yin ? 1 : 0;
}

std::vector<YinYangSample> yin_yang(std::uint64_t seed, std::uint32_t count) {
  std::vector<YinYangSample> samples(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    RandomSequence random(seed, Purpose::scene, stream, i);
    YinYangSample& s = samples[i];
    s.label = random.below(3);
    do {
      s.x = random.uniform();
      s.y = random.uniform();
    } while (std::hypot(s.x - large, s.y - large) > large || yin_yang_label(s.x, s.y) != s.label);
  }
  return samples;
}

}  // namespace flurry
