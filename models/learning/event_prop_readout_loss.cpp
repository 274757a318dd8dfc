// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_readout_loss.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/spike.hpp"

namespace flurry {

double event_prop_readout_loss(const EventPropTape& tape, std::span<const std::uint32_t> readouts,
                               std::uint32_t label, double scale, EventPropCredit& credit) {
  double largest = -never;
  for (const std::uint32_t n : readouts) largest = std::max(largest, scale * tape.readout(n));
  double sum = 0.0;
  for (const std::uint32_t n : readouts) sum += std::exp(scale * tape.readout(n) - largest);
  for (const std::uint32_t n : readouts) {
    const double share = std::exp(scale * tape.readout(n) - largest) / sum;
    credit.add_readout(tape, n, scale * share);
  }
  credit.add_readout(tape, readouts[label], -scale);
  return largest + std::log(sum) - scale * tape.readout(readouts[label]);
}

}  // namespace flurry
