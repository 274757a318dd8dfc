// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/communicator.hpp"
#include "core/base/document.hpp"
#include "tools/bench/standard_networks.hpp"

namespace flurry {

/// What one standard network cost.
struct Measurement {
  std::string name;
  std::uint64_t ranks = 1;
  std::uint64_t threads = 0;   // of each rank
  double measured = 0.0;       // ms simulated
  double seconds = 0.0;        // wall time of that
  double build_seconds = 0.0;  // rows and states
  std::uint64_t neurons = 0;
  std::uint64_t synapses = 0;
  double bytes_per_synapse = 0.0;
  std::uint64_t events = 0;  // arrivals at synapses, of external spikes too
  std::uint64_t external_events = 0;
  std::uint64_t spikes = 0;      // of neurons
  std::uint64_t peak_bytes = 0;  // of the whole process so far
  std::uint64_t exchanges = 0;
  std::uint64_t bytes_sent = 0;  // to other ranks, by all
  double waiting = 0.0;          // s, of the rank that waited most

  [[nodiscard]] double ns_per_event() const;
  [[nodiscard]] double ns_per_recurrent_event() const;
  [[nodiscard]] double rate() const;              // Hz per neuron
  [[nodiscard]] double real_time_factor() const;  // seconds per simulated second
};

/// Builds the network, lets it settle, and times it. Called by all ranks; counts are of all together, times
/// of the slowest.
[[nodiscard]] Measurement measure(const StandardNetwork& network, std::size_t threads, Communicator& ranks);

/// A table for people; an array of objects for programs.
[[nodiscard]] std::string measurement_header();
[[nodiscard]] std::string measurement_line(const Measurement& measurement);
[[nodiscard]] Document measurement_document(const std::vector<Measurement>& measurements);

}  // namespace flurry
