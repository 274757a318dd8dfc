// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "io/recording/stream_reader.hpp"

namespace flurry {

/// The clock of EVT2 and EVT2.1: TIME_HIGH words of 28 bits, unit 64 us. A fall by more than half their range
/// is a wrap; a smaller one is taken as it stands and counted as damage.
class Evt2Clock {
 public:
  static constexpr std::uint32_t time_high = 8, trigger = 10;    // the top 4 bits of a word
  static constexpr std::int64_t range = std::int64_t{1} << 34U;  // us
  static constexpr std::uint32_t high_mask = 0xfffffffU;

  /// A word that gives no event, by its top 32 bits: a trigger, a TIME_HIGH word, or one that is passed over.
  void take_other(std::uint32_t top, std::uint64_t offset, ReadStatistics& statistics) {
    const std::uint32_t type = top >> 28U;
    if (type == time_high)
      set(top & high_mask, offset, statistics);
    else if (type == trigger)
      ++statistics.triggers;
    else
      ++statistics.skipped;
  }

  void set(std::uint32_t high, std::uint64_t offset, ReadStatistics& statistics) {
    if (high < high_) {
      if (high_ - high > half_range)
        epoch_ += range;
      else
        note_damage(statistics, offset, "TIME_HIGH runs back");
    }
    jump(high);
  }

  /// As if this had been the last TIME_HIGH word, in the epoch that is.
  void jump(std::uint32_t high) {
    high_ = high;
    runs_ = true;
    base_ = epoch_ + (std::int64_t{high} << 6U);
  }
  void advance(std::int64_t us) {
    epoch_ += us;
    base_ += us;
  }

  [[nodiscard]] bool runs() const { return runs_; }
  /// us; the time of the last TIME_HIGH word.
  [[nodiscard]] std::int64_t base() const { return base_; }
  [[nodiscard]] std::int64_t epoch() const { return epoch_; }

 private:
  static constexpr std::uint32_t half_range = 1U << 27U;

  std::uint32_t high_ = 0;
  bool runs_ = false;
  std::int64_t epoch_ = 0;  // us, multiples of 2^34
  std::int64_t base_ = 0;   // us, epoch and TIME_HIGH
};

}  // namespace flurry
