// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "core/base/quantity.hpp"

namespace flurry {

/// What the engine counts time in: milliseconds (exact time), or steps of a resolution (grid time).
///
/// On a grid every spike and every delay is a whole number of steps, held exactly in a double, and quantities
/// that contain time are converted once, when a population is made: all arithmetic after that is the same in
/// both. What lies between grid points is taken at the next one.
class TimeUnit {
 public:
  TimeUnit() = default;
  /// A grid of this many ms, > 0.
  explicit TimeUnit(double resolution)
      : on_grid_(true), resolution_(resolution), per_ms_(std::round(1.0 / resolution)) {
    // 0.1 ms is ten to the millisecond: dividing by ten gives the double nearest to 0.3, three times 0.1 does
    // not.
    if (!(std::abs(per_ms_ * resolution - 1.0) < 1e-12)) per_ms_ = 0.0;
  }

  [[nodiscard]] bool on_grid() const { return on_grid_; }
  /// ms; 1 in exact time.
  [[nodiscard]] double length() const { return resolution_; }

  [[nodiscard]] double to_ms(double time) const {
    if (!on_grid_) return time;
    return per_ms_ > 0.0 ? time / per_ms_ : time * resolution_;
  }
  /// Of an event at `ms`: the step at whose end it counts.
  [[nodiscard]] double from_ms(double ms) const {
    return on_grid_ ? std::ceil(ms / resolution_ - tolerance) : ms;
  }
  /// The last time not after `ms`.
  [[nodiscard]] double not_after(double ms) const {
    return on_grid_ ? std::floor(ms / resolution_ + tolerance) : ms;
  }
  /// `ms` in this unit, also between grid points; what rounding has moved off a grid point is put back on it.
  [[nodiscard]] double instant(double ms) const {
    if (!on_grid_) return ms;
    const double time = ms / resolution_;
    const double nearest = std::round(time);
    return std::abs(time - nearest) <= tolerance ? nearest : time;
  }
  /// A duration to the nearest step.
  [[nodiscard]] double nearest(double ms) const { return on_grid_ ? std::round(ms / resolution_) : ms; }
  /// The smallest ms that from_ms does not take before `time`: events before `time` are those before this.
  [[nodiscard]] double first_ms_of(double time) const {
    if (!on_grid_ || !std::isfinite(time)) return time;
    time = std::ceil(time);
    double ms = (time - 1.0 + tolerance) * resolution_;
    while (from_ms(ms) >= time) ms = std::nextafter(ms, -1e300);
    while (from_ms(ms) < time) ms = std::nextafter(ms, 1e300);
    return ms;
  }
  /// What a parameter of this dimension must be multiplied with: charge per voltage and duration shrink with
  /// the unit, rates grow.
  [[nodiscard]] double factor(Dimension dimension) const {
    switch (dimension) {
      case Dimension::time:
      case Dimension::capacitance:
        return 1.0 / resolution_;
      case Dimension::rate:
        return resolution_;
      default:
        return 1.0;
    }
  }

 private:
  static constexpr double tolerance =
      1e-6;  // steps: what rounding may have done to a time meant to be on the grid

  bool on_grid_ = false;
  double resolution_ = 1.0;
  double per_ms_ = 1.0;  // whole steps in a ms; 0 where they are not whole
};

}  // namespace flurry
