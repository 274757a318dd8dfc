// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/learning/event_prop_network.hpp"

namespace flurry {

/// Derivatives of a loss with respect to everything a network is made of. Passes add to it.
struct EventPropGradient {
  struct Synapses {
    std::vector<double> weight;  // one per synapse, as in the network
    std::vector<double> delay;   // per ms
  };

  Synapses input;
  Synapses recurrent;
  std::vector<double> tau_m;      // per ms; one per neuron
  std::vector<double> tau_syn;    // per ms
  std::vector<double> threshold;  // 0 for readouts
  std::vector<double> t_ref;      // per ms; also where it is 0
  std::uint64_t clipped = 0;      // spikes that met EventPropOptions::smallest_slope

  /// Zero, in the shape of the network.
  void clear(const EventPropNetwork& network);
  /// Adds another one of the same shape.
  void add(const EventPropGradient& other);
};

}  // namespace flurry
