// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// One point of the Yin-Yang data set.
struct YinYangSample {
  double x = 0.0;           // 0 to 1
  double y = 0.0;           // 0 to 1
  std::uint32_t label = 0;  // 0: yang, 1: yin, 2: dot

  /// Spike times of five channels: x, y, 1 - x and 1 - y as `start` + value * `span`, and a bias at `start`
  /// (ms). By channel, not by time.
  [[nodiscard]] std::array<Spike, 5> spikes(double start = 0.0, double span = 30.0) const {
    return {{{start + x * span, 0},
             {start + y * span, 1},
             {start + (1.0 - x) * span, 2},
             {start + (1.0 - y) * span, 3},
             {start, 4}}};
  }
};

/// Which class a point of the disc is in: the figure of Kriener, Goeltz & Petrovici (2022, The Yin-Yang
/// dataset, NICE 2022), large radius 1/2, small radius 1/10. Points outside the disc are classified as if the
/// figure went on.
[[nodiscard]] std::uint32_t yin_yang_label(double x, double y);

/// `count` samples of equally likely classes, points uniform within each: a pure function of the seed. Use
/// different seeds for training and test (the paper has 5000 and 1000).
[[nodiscard]] std::vector<YinYangSample> yin_yang(std::uint64_t seed, std::uint32_t count);

}  // namespace flurry
