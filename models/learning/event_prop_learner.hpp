// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/learning/event_prop_first_spike.hpp"
#include "models/learning/learner.hpp"

namespace flurry {

struct EventPropLearning {
  EventPropFirstSpike first_spike{};  // where the first output to spike decides
  double score_scale = 1.0;           // of readouts: what scores are multiplied with before the softmax
  RateBounds rates{};                 // of all layers but the last
  double smallest_slope = 1e-3;       // thresholds: see EventPropOptions
};

/// Trains by exact gradients in exact time (Wunderlich & Pehle 2021). The last layer spikes and the first to
/// do so decides, or it is a readout whose mean or largest potential does. UsageError for a network on a
/// grid, reset to another value than 0, or a decision of another kind.
[[nodiscard]] std::unique_ptr<Learner> event_prop_learner(LearnedNetwork network,
                                                          const std::vector<LayerTraining>& training,
                                                          const TrainingScales& scales,
                                                          const EventPropLearning& options);

}  // namespace flurry
