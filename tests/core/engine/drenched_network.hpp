// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/core/engine/random_network.hpp"

namespace flurry::testing {

/// A downpour on every population: more than eight arrivals per neuron and window, which are worked through
/// eight neurons at a time. Some weights are shared, some drawn; some arrivals coincide.
inline NetworkDescription drenched(std::uint64_t seed) {
  NetworkDescription network = RandomNetwork(seed).description();
  RandomSequence random(seed, Purpose::test, 9, 0);
  for (ProjectionDescription& p : network.projections)
    p.delay = random.below(2) == 0 ? Distribution::constant(1.0) : Distribution::uniform(1.0, 4.0);
  const std::size_t populations = network.populations.size();
  for (std::size_t i = 0; i < populations; ++i) {
    const PopulationDescription target = network.populations[i];
    if (target.model == "poisson" || target.model == "regular") continue;
    const double unit = target.model == "lif" ? 0.4 : target.model == "int_fire1" ? 0.03 : 30.0;
    for (const bool regular : {false, true}) {
      PopulationDescription rain;
      rain.name = (regular ? "hail" : "rain") + std::to_string(i);
      rain.model = regular ? "regular" : "poisson";
      rain.size = target.size;
      if (regular) {
        rain.parameters.emplace("interval", Distribution::constant(0.5 * (1 + random.below(8))));
      } else {
        rain.parameters.emplace(
            "rate", random.below(2) == 0 ? Distribution::constant(12.0) : Distribution::uniform(8.0, 16.0));
      }
      ProjectionDescription p;
      p.name = rain.name;
      p.source = rain.name;
      p.target = target.name;
      p.rule = OneToOne{};
      p.weight = random.below(2) == 0 ? Distribution::constant(unit) : Distribution::normal(0.5 * unit, unit);
      p.delay =
          regular || random.below(2) == 0 ? Distribution::constant(1.5) : Distribution::uniform(1.0, 2.0);
      network.populations.push_back(rain);
      network.projections.push_back(p);
    }
  }
  return network;
}

}  // namespace flurry::testing
