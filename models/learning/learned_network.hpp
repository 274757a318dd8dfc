// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/learning/readout_loss.hpp"
#include "models/learning/surrogate_layer.hpp"

namespace flurry {

/// A layer of leaky integrate-and-fire neurons with one exponential current each, or of leaky readouts, with
/// the synapses that lead to it: numbers only, in ms and in units of which thresholds are usually 1.
///
///   tau_m dV/dt = -V + I;  tau_syn dI/dt = -I;  an arrival adds w to I.
struct LearnedLayer {
  std::string name;
  std::uint32_t size = 0;
  bool spiking = true;  // false: readouts, which have no threshold, reset or refractory time

  std::vector<double> w_in;       // [from][size], from the layer before or the inputs
  std::vector<double> w_rec;      // [size][size] by source; empty in a feed-forward layer
  std::vector<double> delay_in;   // ms, as w_in; empty: LearnedNetwork::delay
  std::vector<double> delay_rec;  // as w_rec
  std::vector<double> tau_m;      // ms, [size] as all that follow
  std::vector<double> tau_syn;    // ms
  std::vector<double> threshold;
  std::vector<double> reset;
  std::vector<double> t_ref;  // ms
  ResetRule rule = ResetRule::to_value;

  [[nodiscard]] bool recurrent() const { return !w_rec.empty(); }
};

/// A feed-forward chain of layers, each of which may have synapses of its own.
struct LearnedNetwork {
  /// How a class is told from what the last layer does.
  enum class Decision : std::uint8_t { max_over_time, sum_over_time, last, first_spike };

  std::uint32_t inputs = 0;
  std::vector<std::string> classes;  // names, one per neuron of the last layer
  std::vector<LearnedLayer> layers;
  double resolution = 0.0;  // ms; 0: exact time
  double delay = 0.0;       // ms, of all synapses without one of their own; on a grid, one step
  double duration = 0.0;    // ms of a sample; later input is not heard
  Integrator integrator = Integrator::exact;
  Decision decision = Decision::max_over_time;

  [[nodiscard]] bool on_grid() const { return resolution > 0.0; }
  /// Whoever sends to layer `l`.
  [[nodiscard]] std::uint32_t senders(std::size_t l) const { return l == 0 ? inputs : layers[l - 1].size; }
  [[nodiscard]] std::uint32_t neurons() const;
  /// Synapses that a spike of layer `l` reaches.
  [[nodiscard]] std::uint64_t fan_out(std::size_t l) const;
  /// UsageError names the first list that has not the size it must have, and the first number that cannot be.
  void check() const;
};

}  // namespace flurry
