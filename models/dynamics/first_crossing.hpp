// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace flurry {

/// The root of a function that rises through 0 once between `low` (below 0) and `high` (not below 0):
/// Newton's method inside a bracket that never opens, to the last bit that rounding leaves meaningful.
template <class Path>
double root_between(const Path& path, double low, double high) noexcept {
  double t = high;
  for (int iteration = 0; iteration < 100; ++iteration) {
    const auto state = path.at(t);
    const double height = path.height(state);
    (height < 0.0 ? low : high) = t;
    double next = t - height / path.slope(state);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (next <= low || next >= high || std::abs(next - t) <= 0x1p-53 * t)
      return height < 0.0 ? high : std::min(t, next);
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
  auto from = path.at(0.0);
  if (path.height(from) >= 0.0) return 0.0;
  double step = path.first_step();
  while (!path.settled(from)) {
    const double end = start + step;
    const auto to = path.at(end);
    const bool above = path.height(to) >= 0.0;
    if (end <= start || step < 0x1p-52 * end) {  // as fine as time can be told
      if (above) return end;
    } else if (path.rising(from, to, step)) {
      if (above) return root_between(path, start, end);
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
