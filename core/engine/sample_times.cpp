// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sample_times.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {

SampleTimes SampleTimes::every(double interval, double start, double stop) {
  if (!(interval > 0.0) || !std::isfinite(interval))
    throw UsageError("the sampling interval is " + shortest(interval) + " ms; allowed: > 0 ms");
  if (!(start >= 0.0) || !std::isfinite(start))
    throw UsageError("sampling starts at " + shortest(start) + " ms; allowed: >= 0 ms");
  SampleTimes times;
  times.start_ = start;
  times.interval_ = interval;
  times.stop_ = stop;
  times.unit_ = TimeUnit(interval);
  return times;
}

SampleTimes SampleTimes::at(std::vector<double> list) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!std::isfinite(list[i]) || list[i] < 0.0)
      throw UsageError("sampling time " + std::to_string(i) + " is " + shortest(list[i]) +
                       " ms; allowed: >= 0 ms");
    if (i > 0 && list[i] <= list[i - 1])
      throw UsageError("sampling time " + std::to_string(i) + " is " + shortest(list[i]) + " ms after " +
                       shortest(list[i - 1]) + " ms; times must ascend");
  }
  SampleTimes times;
  times.list_ = std::move(list);
  return times;
}

SampleTimes SampleTimes::from(std::uint64_t number) const {
  SampleTimes rest = *this;
  if (is_regular())
    rest.start_ = start_ + unit_.to_ms(static_cast<double>(number));
  else
    rest.list_.erase(
        rest.list_.begin(),
        rest.list_.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(number, list_.size())));
  return rest;
}

double SampleTimes::operator[](std::uint64_t number) const {
  if (!is_regular()) return number < list_.size() ? list_[number] : never;
  const double time = start_ + unit_.to_ms(static_cast<double>(number));
  return time < stop_ ? time : never;
}

std::uint64_t SampleTimes::count_before(double time) const {
  if (!is_regular())
    return static_cast<std::uint64_t>(std::lower_bound(list_.begin(), list_.end(), time) - list_.begin());
  const double end = std::min(time, stop_);
  if (!(end > start_)) return 0;
  auto count = static_cast<std::uint64_t>((end - start_) / interval_);
  while (count > 0 && !((*this)[count - 1] < end)) --count;
  while ((*this)[count] < end) ++count;
  return count;
}

}  // namespace flurry
