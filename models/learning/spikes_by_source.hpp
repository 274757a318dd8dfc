// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/learning/spike_raster.hpp"

namespace flurry {

/// A raster's spikes by who spiked: a row of weights is then looked at once per sample, not once per spike.
class SpikesBySource {
 public:
  /// Takes the spikes of all steps t with t + late < steps; ids are below `sources`.
  void sort(const SpikeRaster& raster, std::size_t sources, std::size_t late = 0) {
    const std::size_t steps = raster.steps() - std::min(late, raster.steps());
    end_.assign(sources + 1, 0);
    for (std::size_t t = 0; t < steps; ++t)
      for (const std::uint32_t id : raster.at(t)) ++end_[id + 1];
    for (std::size_t source = 0; source < sources; ++source) end_[source + 1] += end_[source];
    steps_.resize(end_[sources]);
    // end_[source] begins as where the source's steps begin and ends where they end.
    for (std::size_t t = 0; t < steps; ++t)
      for (const std::uint32_t id : raster.at(t)) steps_[end_[id]++] = static_cast<std::uint32_t>(t);
  }

  /// The steps at which `source` spiked, first to last.
  [[nodiscard]] std::span<const std::uint32_t> steps_of(std::size_t source) const {
    const std::size_t begin = source == 0 ? 0 : end_[source - 1];
    return std::span(steps_).subspan(begin, end_[source] - begin);
  }

 private:
  std::vector<std::uint32_t> end_;
  std::vector<std::uint32_t> steps_;
};

}  // namespace flurry
