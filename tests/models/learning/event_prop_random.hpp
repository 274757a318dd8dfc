// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/spike.hpp"
#include "models/learning/event_prop_network.hpp"

namespace flurry::testing {

/// A small recurrent network whose neurons and synapses are all different, with its input: 4 channels, 6 to 9
/// neurons (the last of them hard to make spike), 2 readouts behind them; with refractory times or without.
struct EventPropRandom {
  static constexpr std::uint32_t channels = 4;

  EventPropNetwork network;
  std::vector<Spike> input;
  double duration = 60.0;  // ms
  std::uint32_t spiking = 0;
  std::vector<std::uint32_t> readouts;

  explicit EventPropRandom(std::uint64_t seed, bool refractory = false)
      : random_(seed, Purpose::test, 31, 0) {
    spiking = 6 + random_.below(4);
    readouts = {spiking, spiking + 1};
    for (std::uint32_t n = 0; n < spiking + 2; ++n) add_neuron(n);
    std::vector<EventPropSynapse> in;
    std::vector<EventPropSynapse> rec;
    for (std::uint32_t c = 0; c < channels; ++c)
      for (std::uint32_t n = 0; n < spiking + 2; ++n)
        in.push_back({c, n, n + 1 == spiking ? between(0.0, 0.8) : between(0.2, 1.9), between(0.0, 3.0)});
    for (std::uint32_t from = 0; from < spiking; ++from)
      for (std::uint32_t to = 0; to < spiking + 2; ++to)
        if (random_.below(2) == 0) rec.push_back({from, to, between(-0.6, n_weight(to)), between(0.4, 6.0)});
    network.input = EventPropSynapses::rows(channels, in);
    network.recurrent = EventPropSynapses::rows(spiking + 2, rec);
    for (std::uint32_t k = 0; k < 16; ++k) input.push_back({between(0.0, 45.0), random_.below(channels)});
    std::sort(input.begin(), input.end());
    // Some not at all, some for as long as several spikes of others take.
    for (std::uint32_t n = 0; refractory && n < spiking + 2; ++n)
      network.t_ref.push_back(n >= spiking || random_.below(4) == 0 ? 0.0 : between(0.2, 9.0));
  }

  double between(double low, double high) { return low + (high - low) * random_.uniform(); }

 private:
  [[nodiscard]] double n_weight(std::uint32_t to) const { return to + 1 == spiking ? 0.2 : 0.6; }
  void add_neuron(std::uint32_t n) {
    network.tau_m.push_back(between(5.0, 30.0));
    // Sometimes equal, sometimes nearly so.
    const std::uint32_t kind = random_.below(8);
    const double near = 1.0 + std::pow(10.0, between(-14.0, -2.0));
    network.tau_syn.push_back(kind == 0   ? network.tau_m[n]
                              : kind == 1 ? network.tau_m[n] * near
                                          : between(2.0, 12.0));
    network.threshold.push_back(n < spiking ? between(0.7, 1.2) : never);
  }

  RandomSequence random_;
};

}  // namespace flurry::testing
