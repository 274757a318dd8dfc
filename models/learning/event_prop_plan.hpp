// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "models/learning/event_prop_layers.hpp"
#include "models/learning/event_prop_network.hpp"
#include "models/learning/event_prop_peak.hpp"

namespace flurry {

/// What is read off the leaky readouts (neurons without a threshold).
struct EventPropReadout {
  enum class Kind {
    integral,  // y = integral_0^T exp(-t / decay) V dt, ms (Nowotny et al. 2025: "sum" and "weighted sum")
    maximum,   // y = max over [0, T] of V (Wunderlich & Pehle 2021)
  };
  Kind kind = Kind::integral;
  double decay = std::numeric_limits<double>::infinity();  // ms; infinity: all times count alike
};

/// How a sample is run, the same for all samples.
struct EventPropOptions {
  double duration = 100.0;  // ms: the trial lasts from 0 to here, included
  EventPropReadout readout{};
  /// Neurons whose largest potential is recorded where they stay silent: outputs, for losses that push
  /// missing spikes; all, for a lower bound on rates.
  std::vector<std::uint32_t> watched{};
  /// In the backward pass I - threshold (tau_m dV/dt at a spike) counts as at least this many thresholds:
  /// grazing spikes would blow gradients up. The default only keeps them finite; clipped ones are counted.
  double smallest_slope = 1e-9;
};

/// A network made ready for forward and backward passes. Refers to the network: make a new plan (cost:
/// neurons + synapses) after its parameters have changed.
class EventPropPlan {
 public:
  /// UsageError as EventPropNetwork::check(), for delays of 0 within a cycle or too small for the duration,
  /// and for options out of range.
  EventPropPlan(const EventPropNetwork& network, EventPropOptions options);

  [[nodiscard]] const EventPropNetwork& network() const { return *network_; }
  [[nodiscard]] const EventPropOptions& options() const { return options_; }
  [[nodiscard]] std::uint32_t size() const { return network_->size(); }

  /// Time in a layer runs in windows of this length (ms, a power of two), within which nothing a neuron of
  /// the layer sends can arrive in the layer; `never`: one window.
  [[nodiscard]] double window(std::uint32_t layer) const { return window_[layer]; }
  [[nodiscard]] std::uint32_t layers() const { return static_cast<std::uint32_t>(window_.size()); }

  /// Per neuron.
  struct Neuron {
    double rate_m = 0.0;    // 1/ms
    double rate_syn = 0.0;  // 1/ms
    double threshold = 0.0;
    double smallest_denominator = 0.0;  // of I - threshold at a spike
    double t_ref = 0.0;                 // ms
    double faded = 1.0;                 // what t_ref leaves of a current
    std::uint32_t layer = 0;
    bool watched = false;
    bool integral = false;  // a readout whose integral is wanted: its path need not be followed
  };
  [[nodiscard]] const Neuron& neuron(std::uint32_t n) const { return neurons_[n]; }
  /// Per row of synapses, what holds for all of them.
  struct Row {
    double largest_delay = 0.0;  // ms
    std::uint32_t layer = 0;     // of the targets, if plain
    bool plain = false;          // all targets in one layer of one window, none read as an integral
    bool side_by_side = false;   // targets are many and consecutive, none watched, refractory or an integral
  };
  [[nodiscard]] const Row& input_row(std::uint32_t channel) const { return input_rows_[channel]; }
  [[nodiscard]] const Row& recurrent_row(std::uint32_t n) const { return recurrent_rows_[n]; }
  [[nodiscard]] const EventPropPeak& peak(std::uint32_t n) const { return peaks_[n]; }

 private:
  [[nodiscard]] std::vector<Row> rows_of(const EventPropSynapses& synapses) const;

  const EventPropNetwork* network_;
  EventPropOptions options_;
  std::vector<Neuron> neurons_;
  std::vector<EventPropPeak> peaks_;
  std::vector<double> window_;
  std::vector<Row> input_rows_;
  std::vector<Row> recurrent_rows_;
};

}  // namespace flurry
