// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/learner.hpp"

namespace flurry {

void PassTotals::add(const PassTotals& other) {
  samples += other.samples;
  correct += other.correct;
  loss += other.loss;
  penalty += other.penalty;
  input_spikes += other.input_spikes;
  spikes.resize(std::max(spikes.size(), other.spikes.size()));
  for (std::size_t n = 0; n < other.spikes.size(); ++n) spikes[n] += other.spikes[n];
  active += other.active;
  neuron_steps += other.neuron_steps;
  clipped += other.clipped;
  undecided += other.undecided;
}

std::uint64_t PassTotals::synaptic_operations(const LearnedNetwork& network) const {
  std::uint64_t sum = input_spikes * network.layers.front().size;
  std::size_t n = 0;
  for (std::size_t l = 0; l < network.layers.size(); ++l)
    for (std::uint32_t i = 0; i < network.layers[l].size; ++i) sum += spikes[n++] * network.fan_out(l);
  return sum;
}

}  // namespace flurry
