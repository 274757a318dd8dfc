// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace flurry {

/// What neurons and sources did. Exact integers; the first six do not depend on engine, threads or block
/// size.
struct Tally {
  std::uint64_t spikes = 0;               // emitted
  std::uint64_t arrivals = 0;             // synaptic events received
  std::uint64_t arrivals_refractory = 0;  // of these, received while refractory (lost by delta synapses)
  std::uint64_t updates_input = 0;        // state updates caused by arrivals: one per neuron and instant
  std::uint64_t updates_crossing = 0;     // state updates caused by a predicted crossing between arrivals
  std::uint64_t updates_idle = 0;         // updates without cause: 0 in an event-driven engine

  std::uint64_t exponentials = 0;       // exp() evaluated for propagators
  std::uint64_t crossing_searches = 0;  // searches for a threshold crossing started
  std::uint64_t queue_pushes = 0;       // predicted crossings put into an event queue
  std::uint64_t queue_pops = 0;
  std::uint64_t crossings_stale = 0;  // predictions overtaken by an arrival

  [[nodiscard]] std::uint64_t updates() const { return updates_input + updates_crossing + updates_idle; }

  /// All of them, in the order above.
  static constexpr auto fields() {
    return std::array{&Tally::spikes,        &Tally::arrivals,          &Tally::arrivals_refractory,
                      &Tally::updates_input, &Tally::updates_crossing,  &Tally::updates_idle,
                      &Tally::exponentials,  &Tally::crossing_searches, &Tally::queue_pushes,
                      &Tally::queue_pops,    &Tally::crossings_stale};
  }
  Tally& operator+=(const Tally& other) {
    for (auto count : fields()) this->*count += other.*count;
    return *this;
  }
};

/// What one population did.
struct PopulationCounts : Tally {
  std::string name;
  std::string model;
  bool is_source = false;
  std::uint64_t size = 0;
};

/// What one projection carried.
struct ProjectionCounts {
  std::string name;
  std::string source;
  std::string target;
  std::uint64_t synapses = 0;
  std::uint64_t arrivals = 0;           // synaptic events delivered up to the end of the run
  std::uint64_t in_flight = 0;          // spikes x synapses still travelling at the end
  std::uint64_t bytes_per_synapse = 0;  // read for every synaptic event: target, weight, delay
};

/// Everything a run did, for prices to be put on it.
struct ActivityCounts {
  double duration = 0.0;  // ms simulated
  std::vector<PopulationCounts> populations;
  std::vector<ProjectionCounts> projections;

  std::uint64_t windows = 0;      // windows of the smallest delay that held anything
  std::uint64_t state_bytes = 0;  // per-neuron state and constants read and written by updates

  [[nodiscard]] std::uint64_t total(std::uint64_t PopulationCounts::*count) const {
    std::uint64_t sum = 0;
    for (const PopulationCounts& population : populations) sum += population.*count;
    return sum;
  }
  [[nodiscard]] std::uint64_t total(std::uint64_t ProjectionCounts::*count) const {
    std::uint64_t sum = 0;
    for (const ProjectionCounts& projection : projections) sum += projection.*count;
    return sum;
  }
};

}  // namespace flurry
