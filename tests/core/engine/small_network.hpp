// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "core/network/network_description.hpp"

namespace flurry::testing {

/// Networks put together by hand.
inline PopulationDescription population(const std::string& name, const std::string& model,
                                        std::uint32_t size) {
  PopulationDescription p;
  p.name = name;
  p.model = model;
  p.size = size;
  return p;
}

/// A source of these spikes.
inline PopulationDescription given(const std::string& name, std::uint32_t size, SpikeTrain spikes) {
  PopulationDescription p = population(name, "spike_train", size);
  p.spikes = std::make_shared<const SpikeTrain>(std::move(spikes));
  return p;
}

inline void set(PopulationDescription& p, const std::string& name, double value) {
  p.parameters.insert_or_assign(name, Distribution::constant(value));
}

/// All to all, the same weight and delay (ms) for each synapse.
inline ProjectionDescription projection(const std::string& source, const std::string& target, double weight,
                                        double delay) {
  ProjectionDescription p;
  p.name = source + "_" + target;
  p.source = source;
  p.target = target;
  p.weight = Distribution::constant(weight);
  p.delay = Distribution::constant(delay);
  return p;
}

inline void connect(NetworkDescription& network, const std::string& source, const std::string& target,
                    ConnectionRule rule, Distribution weight, Distribution delay) {
  ProjectionDescription p = projection(source, target, 0.0, 0.0);
  p.rule = std::move(rule);
  p.weight = std::move(weight);
  p.delay = std::move(delay);
  network.projections.push_back(std::move(p));
}

}  // namespace flurry::testing
