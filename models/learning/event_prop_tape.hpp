// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// What the forward pass leaves for the losses and the backward pass: one record per spike, nothing per
/// arrival or time step.
///
/// Records stand in causal order: slices (a window of a layer) one after the other, and within a slice the
/// spikes of each neuron by time. Behind the spikes follow probes: the largest potential of watched neurons
/// that stayed silent.
struct EventPropTape {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  struct Record {
    double time = 0.0;     // ms
    double current = 0.0;  // I at the spike; tau_m dV/dt before it is current - threshold. Of a probe: tau_m
                           // dV/dt before it, not 0 where an arrival cuts the rise of V short
    double potential = 0.0;  // of a probe: V
    double restart = 0.0;    // I when V is let go, t_ref later, if the neuron gets that far
    std::uint32_t neuron = 0;
    std::uint32_t previous = none;  // record of the same neuron
    std::uint32_t next = none;
  };

  std::vector<Record> records;
  std::vector<std::uint32_t> slice_end;  // records
  std::uint32_t spikes = 0;              // records before this one are spikes, from it on probes

  std::vector<std::uint32_t> first;  // per neuron: its first record, or none
  std::vector<std::uint32_t> last;
  std::vector<std::uint32_t> count;  // per neuron: spikes
  std::vector<double> integral;      // per neuron: y of readouts whose integral is wanted, else 0

  std::vector<Spike> input;  // what came in; `neuron` is the channel

  /// The first spike's record, or none.
  [[nodiscard]] std::uint32_t first_spike(std::uint32_t neuron) const {
    return count[neuron] > 0 ? first[neuron] : none;
  }
  /// The probe of a watched neuron that stayed silent, or none.
  [[nodiscard]] std::uint32_t probe(std::uint32_t neuron) const {
    return count[neuron] == 0 ? first[neuron] : none;
  }
  /// What a leaky readout says: its integral (ms) or its largest potential, whichever the options ask for.
  [[nodiscard]] double readout(std::uint32_t neuron) const {
    return probe(neuron) == none ? integral[neuron] : records[probe(neuron)].potential;
  }

  /// Empty, for a network of this size; keeps its memory.
  void clear(std::uint32_t neurons) {
    records.clear();
    slice_end.clear();
    input.clear();
    spikes = 0;
    first.assign(neurons, none);
    last.assign(neurons, none);
    count.assign(neurons, 0);
    integral.assign(neurons, 0.0);
  }
  void append(double time, double current, double potential, std::uint32_t neuron) {
    const auto here = static_cast<std::uint32_t>(records.size());
    records.push_back({time, current, potential, current, neuron, last[neuron], none});
    (last[neuron] == none ? first[neuron] : records[last[neuron]].next) = here;
    last[neuron] = here;
  }
};

}  // namespace flurry
