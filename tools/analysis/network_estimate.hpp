// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/document.hpp"
#include "core/engine/catalogue.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

struct PopulationEstimate {
  std::string name;
  std::string model;
  bool is_source = false;
  std::uint64_t size = 0;
  double rate = 0.0;     // kHz per element: known of sources, assumed of neurons
  bool reached = false;  // by a chain of projections from some source; always true of sources
};

struct ProjectionEstimate {
  std::string name;
  std::string rule;
  double synapses = 0.0;         // expected
  double bytes = 0.0;            // expected
  double arrivals_per_ms = 0.0;  // at the estimated rates
};

/// What a network will take, told without building it.
struct NetworkEstimate {
  std::vector<PopulationEstimate> populations;
  std::vector<ProjectionEstimate> projections;
  std::optional<double> duration;  // ms
  double assumed_rate = 0.0;       // kHz, of neurons
  double synapses = 0.0;
  double bytes = 0.0;                // of synapses
  double element_bytes = 0.0;        // of neurons and sources
  double in_flight_bytes = 0.0;      // of arrivals on their way, at the estimated rates
  double arrivals_per_second = 0.0;  // per simulated second
  std::uint64_t neurons = 0;
  std::optional<std::uint64_t> neurons_unreached;  // exact, where the network is small enough to build for it
};

/// `assumed_rate`: kHz per neuron.
[[nodiscard]] NetworkEstimate estimate_network(const NetworkDescription& network, const Catalogue& catalogue,
                                               double assumed_rate);

/// Of a run: all of it and the program, which takes 23 MB (measured: ten neurons, Debian 12).
[[nodiscard]] double peak_bytes(const NetworkEstimate& estimate);

[[nodiscard]] std::string estimate_text(const NetworkEstimate& estimate);
[[nodiscard]] Document estimate_document(const NetworkEstimate& estimate);

}  // namespace flurry
