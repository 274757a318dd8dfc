// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/learning/learner.hpp"
#include "models/learning/surrogate_derivative.hpp"

namespace flurry {

struct SurrogateOptions {
  SurrogateDerivative derivative{};
  RateBounds rates{};
  double score_scale = 1.0;  // what scores are multiplied with before the softmax; a sum over time is a mean
  bool in_double = false;    // weights and gradients in double precision
};

/// Trains by surrogate gradients on a grid: spiking layers, then a leaky readout. UsageError for a network in
/// exact time, with delays of its own, or without a readout.
[[nodiscard]] std::unique_ptr<Learner> surrogate_learner(LearnedNetwork network,
                                                         const std::vector<LayerTraining>& training,
                                                         const TrainingScales& scales,
                                                         const SurrogateOptions& options);

/// Spikes as the network's grid has them: a spike counts at the grid point not before it, as for the engine's
/// sources; later ones than the duration are lost.
void put_on_grid(const SpikeInput& input, const LearnedNetwork& network, SpikeRaster& raster);

}  // namespace flurry
