// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "core/network/network_description.hpp"

namespace flurry::testing {

/// Three populations of more neurons than the smallest blocks: rain on each, and connections among
/// themselves.
inline NetworkDescription large_populations(bool on_grid) {
  NetworkDescription network;
  if (on_grid) network.resolution = 0.1;
  for (const char* model : {"lif", "lif_exp", "lif_alpha"}) {
    const double unit = std::string(model) == "lif" ? 0.35 : 45.0;
    PopulationDescription neurons;
    neurons.name = neurons.model = model;
    neurons.size = 1300;
    neurons.parameters.emplace("tau_m", Distribution::uniform(8.0, 25.0));
    PopulationDescription rain;
    rain.name = "rain_" + neurons.name;
    rain.model = "poisson";
    rain.size = neurons.size;
    rain.parameters.emplace("rate", Distribution::constant(6.0));
    const auto project = [&](const std::string& from, ConnectionRule rule, Distribution weight,
                             Distribution delay) {
      ProjectionDescription p;
      p.name = from + "_" + neurons.name;
      p.source = from;
      p.target = neurons.name;
      p.rule = std::move(rule);
      p.weight = std::move(weight);
      p.delay = std::move(delay);
      network.projections.push_back(std::move(p));
    };
    network.populations.push_back(neurons);
    network.populations.push_back(rain);
    project(rain.name, OneToOne{}, Distribution::constant(unit), Distribution::constant(1.0));
    project(neurons.name, FixedInDegree{30}, Distribution::normal(0.0, unit),
            Distribution::uniform(1.0, 3.0));
  }
  return network;
}

}  // namespace flurry::testing
