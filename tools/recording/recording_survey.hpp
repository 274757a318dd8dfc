// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/address_event.hpp"

namespace flurry {

__extension__ typedef __int128 WideSum;

/// Events over time, on and off apart, in bins that double in width as the recording goes on: a fixed amount
/// of memory for any duration.
class RateCurve {
 public:
  /// Of a curve with few bins.
  struct Bin {
    std::uint64_t on = 0;
    std::uint64_t off = 0;
    [[nodiscard]] std::uint64_t events() const { return on + off; }
  };
  struct Curve {
    std::int64_t start = 0;   // us, of the first bin
    std::uint64_t width = 1;  // us, of each bin
    std::vector<Bin> bins;
  };

  void add(const std::vector<AddressEvent>& events);

  /// The whole of it in at most `most` bins of equal width, from the first event to the last.
  [[nodiscard]] Curve curve(std::size_t most) const;

 private:
  static constexpr std::size_t bin_count = 4096;

  [[nodiscard]] std::uint64_t bin_of(std::int64_t t) const {
    return (static_cast<std::uint64_t>(t) - static_cast<std::uint64_t>(start_)) >> shift_;
  }
  std::size_t make_room(std::int64_t t);
  void double_width(bool upwards);

  std::array<Bin, bin_count> bins_{};
  std::int64_t start_ = 0;
  unsigned shift_ = 0;  // bins are 2^shift us wide
  bool empty_ = true;
};

/// Sums over a whole recording; those that do not depend on order serve as checksums.
struct RecordingSurvey {
  std::uint64_t events = 0;
  std::uint64_t on = 0;
  std::int64_t t_first = 0;  // of the first event in the file, us
  std::int64_t t_last = 0;
  std::int64_t t_min = std::numeric_limits<std::int64_t>::max();
  std::int64_t t_max = std::numeric_limits<std::int64_t>::min();
  std::uint16_t x_min = std::numeric_limits<std::uint16_t>::max();
  std::uint16_t x_max = 0;
  std::uint16_t y_min = std::numeric_limits<std::uint16_t>::max();
  std::uint16_t y_max = 0;
  std::uint64_t sum_x = 0;
  std::uint64_t sum_y = 0;
  WideSum sum_t = 0;  // us; Unix times add up beyond 64 bits
  RateCurve rate;

  void add(const std::vector<AddressEvent>& events);
  /// us from the earliest event to the latest; 0 if there is none.
  [[nodiscard]] std::uint64_t duration() const;
};

}  // namespace flurry
