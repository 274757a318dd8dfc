// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// How many spikes each element of a block of sources sent at the last grid points: what is on its way to
/// neurons that are stepped, in a byte each. A ring; written for the present window, read for earlier ones.
class CountLine {
 public:
  static constexpr std::uint32_t most = 255;  // spikes of an element at a grid point

  /// Counts begin after grid point `now`; they are read for so many grid points.
  void open(std::uint32_t elements, std::uint32_t slots, double now) {
    elements_ = elements;
    slots_ = slots;
    counts_.assign(std::size_t{elements} * slots, 0);
    since_ = now;
    until_ = never;
  }
  /// None come after grid point `now`.
  void close(double now) { until_ = now; }
  [[nodiscard]] bool is_open() const { return since_ < never && until_ == never; }
  /// Whether all that was counted has been read by grid point `now`.
  [[nodiscard]] bool is_drained(double now) const { return since_ == never || now >= until_ + slots_; }

  [[nodiscard]] bool holds(double step) const { return step > since_ && step <= until_; }
  [[nodiscard]] std::uint8_t* at(double step) { return counts_.data() + place(step); }
  [[nodiscard]] const std::uint8_t* at(double step) const { return counts_.data() + place(step); }
  [[nodiscard]] std::uint64_t bytes() const { return counts_.capacity(); }

 private:
  [[nodiscard]] std::size_t place(double step) const {
    return (static_cast<std::size_t>(static_cast<std::int64_t>(step)) & (slots_ - 1)) * elements_;
  }

  std::uint32_t elements_ = 0;
  std::uint32_t slots_ = 1;  // a power of two
  double since_ = never;     // grid points (since, until]
  double until_ = never;
  std::vector<std::uint8_t> counts_;
};

}  // namespace flurry
