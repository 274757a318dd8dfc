// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace flurry {

/// One synapse as it is listed, before it stands in its row.
struct EventPropSynapse {
  std::uint32_t source = 0;
  std::uint32_t target = 0;
  double weight = 0.0;
  double delay = 0.0;  // ms
};

/// Synapses in compressed rows by source: those of source s are row_begin[s] to row_begin[s + 1].
struct EventPropSynapses {
  std::vector<std::uint32_t> row_begin{0};  // sources + 1
  std::vector<std::uint32_t> target;        // neuron; one entry per synapse, as in all that follow
  std::vector<double> weight;               // in units of the threshold
  std::vector<double> delay;                // ms, >= 0; > 0 within a cycle

  [[nodiscard]] std::uint32_t sources() const { return static_cast<std::uint32_t>(row_begin.size() - 1); }
  [[nodiscard]] std::size_t size() const { return target.size(); }

  /// Rows of `sources` sources; a row's synapses keep the order of the list. UsageError for a source out of
  /// range.
  [[nodiscard]] static EventPropSynapses rows(std::uint32_t sources, std::span<const EventPropSynapse> list);
};

/// Leaky integrate-and-fire neurons with one exponential current each, no two alike, in the normalised form
/// of Wunderlich & Pehle (2021, eq. 1 and table 1):
///
///   tau_m dV/dt = -V + I;  tau_syn dI/dt = -I;  V -> 0 where V reaches the threshold, held there for t_ref;
///   an arrival adds w to I, also while V is held.
///
/// The same neurons as `lif_exp` with C_m = tau_m, E_L = V_reset = 0, V_th = threshold, tau_syn_ex =
/// tau_syn_in = tau_syn.
struct EventPropNetwork {
  EventPropSynapses input;        // rows: input channels
  EventPropSynapses recurrent;    // rows: neurons
  std::vector<double> tau_m;      // ms, one per neuron
  std::vector<double> tau_syn;    // ms
  std::vector<double> threshold;  // > 0; infinity: a leaky readout that never spikes
  std::vector<double> t_ref{};    // ms, >= 0; empty: none is refractory

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(tau_m.size()); }
  [[nodiscard]] bool is_readout(std::uint32_t neuron) const;

  /// UsageError names the first thing that cannot be: sizes that differ, a target out of range, a value that
  /// is not finite or not in its range, a readout with synapses of its own.
  void check() const;
};

}  // namespace flurry
