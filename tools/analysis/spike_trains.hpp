// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/spikes/spike_file.hpp"

namespace flurry {

/// Spike times of each neuron of a population, ascending, in ms.
using NeuronTrains = std::vector<std::vector<double>>;

/// Sorts a population's spikes by neuron. `size` 0: just large enough for the largest id.
/// FormatError naming the population where an id is not below `size`.
[[nodiscard]] NeuronTrains trains_of(const PopulationSpikes& spikes, std::uint64_t size,
                                     const std::string& population);

/// Spikes per second of each neuron over `duration` ms.
[[nodiscard]] std::vector<double> rates(const NeuronTrains& trains, double duration);

/// Mean rate per neuron (Hz) in consecutive bins of `bin` ms over [0, duration); a last partial bin counts as
/// what it is. Only the neurons of `members`.
[[nodiscard]] std::vector<double> rate_over_time(const NeuronTrains& trains,
                                                 const std::vector<std::size_t>& members, double duration,
                                                 double bin);

/// 0, 1, ..., size - 1.
[[nodiscard]] std::vector<std::size_t> everyone(const NeuronTrains& trains);

}  // namespace flurry
