// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/network/network_description.hpp"

namespace flurry {

/// A network that speed is measured on, the same in every version.
struct StandardNetwork {
  std::string_view name;
  std::string_view what;  // one line
  NetworkDescription (*describe)() = nullptr;
  double warm_up = 0.0;   // ms simulated before measuring
  double measured = 0.0;  // ms
  bool large = false;     // gigabytes: measured only where it is named
};

/// All of them, in the order in which they are shown.
[[nodiscard]] std::span<const StandardNetwork> standard_networks();
/// UsageError naming the nearest where there is none of this name.
[[nodiscard]] const StandardNetwork& find_standard_network(const std::string& name);

enum class Synapses { delta, exponential };

/// Balanced random network (Brunel 2000, model A as the NEST benchmarks use it): 80 % excitatory, in-degree
/// 1000 + 250, g = 5, one Poisson source per neuron (20 kHz; 18.195 kHz with exponential synapses).
///
/// In exact time everything is different: tau_m gamma(mean 20 ms, shape 3), delays uniform in 1.5 to 3 ms,
/// with exponential synapses tau_syn gamma(mean 2 ms, shape 3, >= 0.5 ms) at the same mean charge. On the
/// grid of 0.1 ms tau_m is 20 ms and delays are 1.5 ms as in the peers' benchmarks; with exponential synapses
/// tau_m is individual.
[[nodiscard]] NetworkDescription balanced_exact(Synapses synapses, std::uint32_t neurons = 12'500);
[[nodiscard]] NetworkDescription balanced_grid(Synapses synapses, std::uint32_t neurons = 12'500);

/// 200,000 neurons with exponential synapses, out-degree 100, delays 1 to 10 ms; 1 % of them driven by
/// Poisson input of 50 Hz, every spike of which makes them fire: 0.5 Hz on average.
[[nodiscard]] NetworkDescription sparse();
[[nodiscard]] NetworkDescription sparse_on_grid();

/// 10^6 neurons of which one spikes, once a second.
[[nodiscard]] NetworkDescription silence();

/// `driven` neurons that receive Poisson input and drive each other, beside `silent` ones that nothing
/// reaches.
[[nodiscard]] NetworkDescription mostly_silent(std::uint32_t silent, std::uint32_t driven);

/// The cortical microcircuit (Potjans & Diesmann 2014, Cereb. Cortex 24:785) on a grid of 0.1 ms, neurons and
/// in-degrees scaled by `scale`; what scaling takes from the mean input is given back as constant drive
/// (van Albada et al. 2015), initial potentials and delays as in NEST's example network.
[[nodiscard]] NetworkDescription microcircuit(double scale);

}  // namespace flurry
