// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace flurry {

/// A network by its numbers alone, dealt out to ranks.
struct ExchangePlan {
  double neurons = 1e9;
  double out_degree = 1e4;  // synapses of a neuron
  double rate = 5.0;        // Hz
  double window = 0.5;      // ms
  double tile = 0.0;        // neurons that stand side by side, also on ranks; 0: none do
  double local = 0.0;       // part of a neuron's synapses that stay within its tile
  double synapse_bytes = 8.0;
  double neuron_bytes = 150.0;
};

/// What each of so many ranks holds, and what it sends in a window. Means over ranks.
struct ExchangeEstimate {
  double ranks = 1.0;
  double neurons = 0.0;
  double synapses = 0.0;
  double senders = 0.0;       // elements anywhere with synapses here: rows
  double routes = 0.0;        // ranks that a neuron's spikes go to
  double memory_bytes = 0.0;  // neurons, synapses, rows, routes
  double build_bytes = 0.0;   // besides, while rows are built
  double spikes = 0.0;        // sent in a window, one for each rank they go to
  double messages = 0.0;      // in a window
  double bytes = 0.0;         // of these
  double notice_bytes = 0.0;  // that all ranks send to all in a window
  double imbalance = 1.0;     // spikes of the busiest rank of a window relative to the mean, by chance alone
};

/// Virtual ranks exchange spikes of virtual neurons: targets, spikes and who gets them are drawn, nothing is
/// simulated. Up to 100,000 ranks in seconds.
[[nodiscard]] ExchangeEstimate estimate_exchange(const ExchangePlan& plan, std::uint32_t ranks);

}  // namespace flurry
