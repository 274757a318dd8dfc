// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace flurry {

/// How high a normalised neuron's membrane rises without further input, bounded from above and nearly tight.
///
/// It peaks where V = I, at I (1 + x)^(-p) with x = (1/tau_m - 1/tau_syn) tau_syn (1 - q), q = V/I and p =
/// 1/tau_syn / (1/tau_m - 1/tau_syn), V and I at the start: I times a convex, rising function of q, for any
/// time constants. So between nodes it lies below the chord.
class EventPropPeak {
 public:
  EventPropPeak() = default;
  /// Rates are 1/tau, in 1/ms.
  EventPropPeak(double rate_m, double rate_syn) {
    const double growth = (rate_m - rate_syn) / rate_syn;
    for (std::size_t i = 0; i <= chords; ++i) {
      const double lead = 1.0 - static_cast<double>(i) / chords;
      const double x = growth * lead;
      const double exponent = std::abs(x) < 1e-8 ? lead : std::log1p(x) / growth;
      node_[i] = std::exp(-exponent) * (1.0 + 1e-9);
    }
    node_[chords + 1] = node_[chords];
  }

  /// Whether V may come to reach a threshold; I > 0, V <= I.
  [[nodiscard]] bool may_reach(double threshold, double V, double I) const noexcept {
    // One chord over all of it needs no division and often suffices.
    return node_[0] * I + (node_[chords] - node_[0]) * std::max(0.0, V) >= threshold &&
           bound(V, I) >= threshold;
  }
  /// At least the largest V to come; I > 0, V <= I.
  [[nodiscard]] double bound(double V, double I) const noexcept {
    const double place = std::max(0.0, V) / I * chords;
    const auto i = std::min(static_cast<std::size_t>(place), chords);
    return I * (node_[i] + (place - static_cast<double>(i)) * (node_[i + 1] - node_[i]));
  }

 private:
  static constexpr std::size_t chords = 8;
  std::array<double, chords + 2> node_{};
};

}  // namespace flurry
