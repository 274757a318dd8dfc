// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/learning/event_prop_network.hpp"

namespace flurry {

/// A network cut into layers such that what reaches a layer comes from inputs, earlier layers, or along
/// cycles within the layer.
struct EventPropLayers {
  std::vector<std::uint32_t> layer_of;  // per neuron
  std::vector<double> smallest_delay;   // ms, per layer: along its cycles; `never` where there are none

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(smallest_delay.size()); }
};

/// Strongly connected components (Tarjan 1972), put as early as their sources allow. UsageError where a
/// delay within a cycle is 0.
[[nodiscard]] EventPropLayers event_prop_layers(const EventPropNetwork& network);

}  // namespace flurry
