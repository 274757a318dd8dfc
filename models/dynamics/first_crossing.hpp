// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace flurry {

/// Where a function that rises from `height` at `low` to `height` at `high` is 0, by the cubic that the
/// inverse function agrees with in value and slope at both ends (Hermite).
struct PathPoint {
  double time = 0.0;
  double height = 0.0;
  double slope = 0.0;
};
inline double inverse_interpolation(const PathPoint& low, const PathPoint& high) noexcept {
  const double rise = high.height - low.height;
  const double x = -low.height / rise;
  const double y = 1.0 - x;
  return low.time + (high.time - low.time) * (x * x * (3.0 - 2.0 * x)) +
         rise * x * y * (y / low.slope - x / high.slope);
}

/// The root of a function that rises through 0 once between `from` (height below 0) and `to` (not below 0):
/// Newton's method inside a bracket that never opens, to the last bit that rounding leaves meaningful. A step
/// is the last one if the next would be too small to matter, by what the last two say of quadratic
/// convergence, or if it is itself as small as rounding makes them.
template <class Path>
double root_between(const Path& path, const PathPoint& from, const PathPoint& to) noexcept {
  double low = from.time;
  double high = to.time;
  double t = inverse_interpolation(from, to);
  if (!(t > low && t < high)) t = high;
  double before = 0.0;  // size of the last Newton step
  for (int iteration = 0; iteration < 100; ++iteration) {
    const auto state = path.at(t);
    const double height = path.height(state);
    (height < 0.0 ? low : high) = t;
    double next = t - height / path.slope(state);
    const double change = std::abs(next - t);
    if (change <= 0x1p-46 * t ||
        (change <= 0x1p-27 * t && change * change * change <= 0x1p-54 * t * (before * before)))
      return std::clamp(next, low, high);
    before = change;
    if (!(next > low && next < high)) {
      next = 0.5 * (low + high);
      before = 0.0;
      if (next <= low || next >= high) return high;
    }
    t = next;
  }
  return high;
}

/// The first time > 0 at which a membrane path reaches threshold, or infinity; never a later one.
///
/// Steps forward through intervals of which one of three things is proved: the path stays below threshold
/// (`below`, by comparison with the response to the largest current in the interval), or it rises all the way
/// (`rising`, by the sign of the smallest possible slope) and so crosses at most once, or nothing ever
/// happens any more (`settled`). An interval of which nothing can be proved is halved; the proofs sharpen
/// quadratically, so that this ends.
template <class Path>
double first_crossing(const Path& path) noexcept {
  double start = 0.0;
  auto from = path.start;
  if (path.height(from) >= 0.0) return 0.0;
  double step = path.first_step();
  while (!path.settled(from)) {
    const double end = start + step;
    const auto to = path.at(end);
    const bool above = path.height(to) >= 0.0;
    if (end <= start || step < 0x1p-52 * end) {  // as fine as time can be told
      if (above) return end;
    } else if (path.rising(from, to, step)) {
      if (above)
        return root_between(path, {start, path.height(from), path.slope(from)},
                            {end, path.height(to), path.slope(to)});
    } else if (above || !path.below(from, to, step)) {
      step *= 0.5;
      continue;
    }
    start = std::max(end, std::nextafter(start, std::numeric_limits<double>::infinity()));
    from = to;
    step *= 2.0;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace flurry
