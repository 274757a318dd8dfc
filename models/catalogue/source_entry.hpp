// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/catalogue.hpp"
#include "core/engine/sources_of.hpp"

namespace flurry {

/// The catalogue entry of a stimulus source, from what its file says.
template <SourceDynamics Model>
SourceModel source_entry() {
  static const ModelInfo info{Model::name,
                              Model::summary,
                              Model::equations,
                              Dimension::number,
                              {},
                              parameter_infos<Model>(),
                              {Model::options.begin(), Model::options.end()},
                              true,
                              {},
                              SourcesOf<Model>::element_bytes};
  return {
      info,
      [](const Population& population, std::uint64_t seed, const TimeUnit& unit) -> std::unique_ptr<Sources> {
        return std::make_unique<SourcesOf<Model>>(population, info, seed, unit);
      }};
}

}  // namespace flurry
