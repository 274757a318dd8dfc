// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>

#include "core/base/random.hpp"
#include "models/learning/initial_network.hpp"
#include "models/learning/trainer.hpp"

namespace flurry::testing {

/// 6 inputs, 12 recurrent neurons, 3 readouts, no two alike; `resolution` 0: exact time, delays of their own.
inline LearnedNetwork small_network(std::uint64_t seed, double resolution) {
  LearnedNetwork network;
  network.inputs = 6;
  network.classes = {"a", "b", "c"};
  network.resolution = resolution;
  network.delay = resolution > 0.0 ? resolution : 1.0;
  network.duration = 60.0;
  LayerDescription hidden;
  hidden.name = "hidden";
  hidden.size = 12;
  hidden.recurrent = true;
  hidden.tau_m = Distribution::uniform(8.0, 25.0);
  hidden.tau_syn = Distribution::uniform(3.0, 7.5);
  hidden.threshold = Distribution::uniform(0.8, 1.2);
  hidden.t_ref = Distribution::uniform(1.0, 3.0);
  hidden.weight = Distribution::normal(0.7, 0.5);
  hidden.recurrent_weight = Distribution::normal(0.0, 0.3);
  hidden.own_delays = resolution == 0.0;
  hidden.delay = Distribution::uniform(1.0, 5.0);
  LayerDescription readout = hidden;
  readout.name = "readout";
  readout.size = 3;
  readout.recurrent = false;
  readout.spiking = false;
  readout.weight = Distribution::normal(0.2, 0.5);
  draw_layers({hidden, readout}, seed, network);
  return network;
}

/// Makes a readout spike.
inline void make_spiking(LearnedLayer& layer, double threshold) {
  layer.spiking = true;
  layer.threshold.assign(layer.size, threshold);
  layer.reset.assign(layer.size, 0.0);
  layer.t_ref.assign(layer.size, 0.0);
}

inline std::vector<LayerTraining> all_trained(const LearnedNetwork& network) {
  std::vector<LayerTraining> training;
  for (const LearnedLayer& layer : network.layers)
    training.push_back({true, Fit::individual, Fit::individual, layer.spiking ? Fit::individual : Fit::fixed,
                        layer.delay_in.empty() ? Fit::fixed : Fit::individual});
  return training;
}

/// Each class likes channels of its own and a time of its own.
inline LabelledSpikes random_samples(const LearnedNetwork& network, std::size_t count) {
  LabelledSpikes samples;
  samples.channels = network.inputs;
  samples.classes = network.classes;
  for (std::size_t i = 0; i < count; ++i) {
    RandomSequence random(9, Purpose::test, 7, i);
    const auto label = static_cast<std::uint32_t>(i % 3);
    std::vector<Spike> spikes;
    for (std::uint32_t c = 0; c < network.inputs; ++c)
      for (std::uint32_t k = 0; k < (c % 3 == label ? 4U : 1U); ++k)
        spikes.push_back({5.0 + 10.0 * label + 20.0 * random.uniform(), c});
    std::sort(spikes.begin(), spikes.end());
    samples.add(spikes, label);
  }
  return samples;
}

}  // namespace flurry::testing
