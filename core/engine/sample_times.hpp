// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/spike.hpp"
#include "core/base/time_unit.hpp"

namespace flurry {

/// When to sample: at a fixed interval, or at given times. Number 0 is the first.
class SampleTimes {
 public:
  /// start, start + interval, ... before `stop` (ms). UsageError unless interval > 0 and start >= 0.
  [[nodiscard]] static SampleTimes every(double interval, double start = 0.0, double stop = never);
  /// These times (ms). UsageError unless they are finite, ascending, none twice, none below 0.
  [[nodiscard]] static SampleTimes at(std::vector<double> times);

  /// The same without the first `number`.
  [[nodiscard]] SampleTimes from(std::uint64_t number) const;
  /// ms; infinity beyond the last.
  [[nodiscard]] double operator[](std::uint64_t number) const;
  /// How many lie before `time` (ms), or up to it.
  [[nodiscard]] std::uint64_t count_before(double time) const;

  [[nodiscard]] bool is_regular() const { return interval_ > 0.0; }
  // Of regular times, ms.
  [[nodiscard]] double start() const { return start_; }
  [[nodiscard]] double interval() const { return interval_; }
  [[nodiscard]] double stop() const { return stop_; }
  // Of given times.
  [[nodiscard]] std::span<const double> list() const { return list_; }

 private:
  double start_ = 0.0;
  double interval_ = 0.0;
  double stop_ = never;
  TimeUnit unit_;  // of the interval: multiples of 0.1 ms are the doubles nearest to 0.1, 0.2, 0.3
  std::vector<double> list_;
};

}  // namespace flurry
