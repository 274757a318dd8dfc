// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/latency_code.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {

SpikeTrain latency_spikes(std::span<const std::uint8_t> pixels, const LatencyCode& code) {
  if (!(code.tau > 0.0) || !std::isfinite(code.tau))
    throw UsageError("latency code: tau is " + shortest(code.tau) + " ms; it must be > 0");
  if (!(code.threshold > 0.0 && code.threshold < 1.0))
    throw UsageError("latency code: threshold is " + shortest(code.threshold) +
                     "; it must be above 0 and below 1");
  if (!(code.last > 0.0))
    throw UsageError("latency code: last is " + shortest(code.last) + " ms; it must be > 0");
  std::array<double, 256> time_of{};
  for (std::size_t value = 0; value < time_of.size(); ++value) {
    const double x = static_cast<double>(value) / 255.0;
    const double time = x > code.threshold ? code.tau * std::log(x / (x - code.threshold)) : never;
    time_of[value] = time < code.last ? time : never;
  }
  SpikeTrain spikes;
  spikes.reserve(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i)
    if (time_of[pixels[i]] < never) spikes.push_back({time_of[pixels[i]], static_cast<std::uint32_t>(i)});
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace flurry
