// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/arrival.hpp"

namespace flurry {

/// A block's arrivals in a window on a grid, by grid point (counting sort).
class ArrivalsByStep {
 public:
  /// `first`: the grid point number 0 stands for; `total`: how many arrivals there are, all packed.
  void assign(const BlockArrivals& filed, double first, std::size_t total) {
    starts_.fill(0);
    if (total == 0) return;
    const auto skipped = static_cast<std::uint32_t>(first - filed.start);
    if (arrivals_.size() < total) arrivals_.resize(total);
    for (const auto& part : filed.packed)
      for (const PackedArrival arrival : part) ++starts_[arrival.grid_step() - skipped + 2];
    for (std::size_t s = 2; s < starts_.size(); ++s) starts_[s] += starts_[s - 1];
    for (const auto& part : filed.packed)
      for (const PackedArrival arrival : part)
        arrivals_[starts_[arrival.grid_step() - skipped + 1]++] = arrival;
  }

  [[nodiscard]] std::span<const PackedArrival> at(std::uint32_t step) const {
    return {arrivals_.data() + starts_[step], starts_[step + 1] - starts_[step]};
  }
  [[nodiscard]] std::uint64_t bytes() const { return arrivals_.capacity() * sizeof(PackedArrival); }

 private:
  std::vector<PackedArrival> arrivals_;
  std::array<std::uint32_t, static_cast<std::size_t>(PackedArrival::most_steps) + 2> starts_{};
};

}  // namespace flurry
