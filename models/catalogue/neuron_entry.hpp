// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/catalogue.hpp"
#include "core/engine/neurons_of.hpp"
#include "core/engine/recordable.hpp"

namespace flurry {

/// The catalogue entry of a neuron model, from what its file says.
template <NeuronDynamics Model>
NeuronModel neuron_entry() {
  static const ModelInfo info{Model::name,
                              Model::summary,
                              Model::equations,
                              Model::weight,
                              {Model::foreign.begin(), Model::foreign.end()},
                              parameter_infos<Model>(),
                              {},
                              false,
                              recordable_infos<Model>(),
                              sizeof(Neuron<Model, true>)};
  return {
      info,
      [](const Population& population, std::uint64_t seed, const TimeUnit& unit) -> std::unique_ptr<Neurons> {
        if (unit.on_grid()) return std::make_unique<NeuronsOf<Model, true>>(population, info, seed, unit);
        return std::make_unique<NeuronsOf<Model, false>>(population, info, seed, unit);
      }};
}

}  // namespace flurry
