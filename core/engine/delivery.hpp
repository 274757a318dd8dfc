// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "core/base/spike.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/calendar.hpp"
#include "core/engine/window_grid.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Sends spikes through one projection: files an arrival for every synapse of their rows under window and
/// block of the target.
class Delivery {
 public:
  /// Targets begin with block `first_block` of 2^block_shift neurons each.
  Delivery(const Network& network, const WeightCodes& codes, std::uint32_t projection,
           std::uint32_t first_block, std::uint32_t block_shift);

  /// Spikes carry numbers within the source population; those of one source side by side are cheapest.
  /// Returns how many synapses they were sent to.
  std::uint64_t deliver(std::span<const Spike> spikes, const WindowGrid& grid, Calendar& calendar) const;
  /// The same for a spike that has arrived in part: files its arrivals from `from` on.
  void deliver_rest(const Spike& spike, double from, const WindowGrid& grid, Calendar& calendar) const;
  /// Fetches what delivering a spike of this source needs first: where its row is, then how it begins.
  void fetch_row(std::uint32_t source) const { __builtin_prefetch(projection_->rows.data() + source); }
  void fetch_synapses(std::uint32_t source) const;

 private:
  void deliver_packed(std::span<const Spike> train, std::uint32_t next, const WindowGrid& grid,
                      Calendar& calendar) const;
  void deliver_wide(const Spike& spike, double from, const WindowGrid& grid, Calendar& calendar) const;
  template <class Delays>
  void deliver_row(const Spike& spike, const Delays& delays, const WindowGrid& grid,
                   Calendar& calendar) const;
  std::uint64_t deliver_on_grid(const Spike& spike, const WindowGrid& grid, Calendar& calendar) const;
  void file(const Spike& spike, std::uint64_t synapse, const WindowGrid& grid, Calendar& calendar) const;
  template <class Delays>
  void deliver_train(std::span<const Spike> train, const Delays& delays, const WindowGrid& grid,
                     Calendar& calendar) const;

  const Projection* projection_;
  std::uint32_t number_;
  std::uint32_t code_;  // of the weight in packed arrivals
  std::uint32_t first_block_;
  std::uint32_t block_shift_;
  bool on_grid_;
};

}  // namespace flurry
