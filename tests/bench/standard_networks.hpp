// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/network/network_description.hpp"

namespace flurry::bench {

/// Balanced random network (Brunel 2000, model A as the NEST benchmarks use it): 80 % excitatory, in-degree
/// 1000 + 250, g = 5, external Poisson input one source per neuron. Time constants all different (gamma,
/// shape 3), delays all different (uniform 1.5 to 3 ms). `exponential`: lif_exp with tau_syn gamma(mean 2,
/// shape 3, >= 0.5 ms) and the same mean charge per spike, else lif (delta synapses, 0.1 mV).
inline NetworkDescription balanced(bool exponential, std::uint32_t neurons = 12'500) {
  NetworkDescription network;
  const std::uint32_t excitatory = neurons / 5 * 4;
  const auto population = [&](const std::string& name, std::uint32_t size) {
    PopulationDescription p;
    p.name = name;
    p.model = exponential ? "lif_exp" : "lif";
    p.size = size;
    p.parameters.emplace("tau_m", Distribution::gamma(20.0, 3.0).truncated(2.0, 200.0));
    p.parameters.emplace("E_L", Distribution::constant(0.0));
    p.parameters.emplace("V_th", Distribution::constant(20.0));
    p.parameters.emplace("V_reset", Distribution::constant(10.0));
    p.parameters.emplace("t_ref", Distribution::constant(2.0));
    if (exponential) {
      // One synaptic time constant per neuron, all different between neurons.
      std::vector<double> tau_syn;
      for (std::uint32_t i = 0; i < size; ++i) {
        RandomSequence random(1, Purpose::test, static_cast<std::uint32_t>(network.populations.size()), i);
        tau_syn.push_back(Distribution::gamma(2.0, 3.0).truncated(0.5, 50.0).draw(random, i));
      }
      p.parameters.emplace("tau_syn_ex", Distribution::list(tau_syn));
      p.parameters.emplace("tau_syn_in", Distribution::list(tau_syn));
    }
    network.populations.push_back(p);
  };
  population("E", excitatory);
  population("I", neurons - excitatory);
  for (const char* target : {"E", "I"}) {
    PopulationDescription external;
    external.name = std::string("external_") + target;
    external.model = "poisson";
    external.size = target[0] == 'E' ? excitatory : neurons - excitatory;
    external.parameters.emplace("rate", Distribution::constant(exponential ? 18.195 : 20.0));
    network.populations.push_back(external);
  }
  const double J = exponential ? 13.74 : 0.1;  // pA or mV
  const auto project = [&](const std::string& source, const std::string& target, ConnectionRule rule,
                           double weight) {
    ProjectionDescription p;
    p.name = source + "_" + target;
    p.source = source;
    p.target = target;
    p.rule = std::move(rule);
    p.weight = Distribution::constant(weight);
    p.delay = Distribution::uniform(1.5, 3.0);
    network.projections.push_back(p);
  };
  const std::uint32_t from_excitatory = 1000;
  for (const char* target : {"E", "I"}) {
    project("E", target, FixedInDegree{from_excitatory}, J);
    project("I", target, FixedInDegree{from_excitatory / 4}, -5.0 * J);
    project(std::string("external_") + target, target, OneToOne{}, J);
  }
  return network;
}

/// One million neurons of which `driven` receive Poisson input and drive each other; the rest is connected to
/// nothing that ever speaks.
inline NetworkDescription mostly_silent(std::uint32_t silent, std::uint32_t driven) {
  NetworkDescription network;
  const auto neurons = [&](const std::string& name, std::uint32_t size) {
    PopulationDescription p;
    p.name = name;
    p.model = "lif_exp";
    p.size = size;
    p.parameters.emplace("tau_m", Distribution::gamma(20.0, 3.0).truncated(2.0, 200.0));
    network.populations.push_back(p);
  };
  neurons("driven", driven);
  if (silent > 0) neurons("silent", silent);
  PopulationDescription external;
  external.name = "external";
  external.model = "poisson";
  external.size = driven;
  external.parameters.emplace("rate", Distribution::constant(2.0));
  network.populations.push_back(external);
  const auto project = [&](const std::string& source, const std::string& target, ConnectionRule rule,
                           double weight) {
    ProjectionDescription p;
    p.name = source + "_" + target;
    p.source = source;
    p.target = target;
    p.rule = std::move(rule);
    p.weight = Distribution::constant(weight);
    p.delay = Distribution::uniform(1.0, 5.0);
    network.projections.push_back(p);
  };
  project("external", "driven", OneToOne{}, 200.0);
  project("driven", "driven", FixedInDegree{20}, 20.0);
  if (silent > 0) project("silent", "driven", FixedOutDegree{10}, 100.0);
  if (silent > 0) project("silent", "silent", FixedOutDegree{10}, 100.0);
  return network;
}

}  // namespace flurry::bench
