// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/network/distribution.hpp"
#include "models/learning/learned_network.hpp"
#include "models/learning/learner.hpp"

namespace flurry {

/// A layer before its numbers are drawn.
struct LayerDescription {
  std::string name;
  std::uint32_t size = 0;
  bool spiking = true;
  bool recurrent = false;
  Distribution tau_m = Distribution::constant(20.0);    // ms
  Distribution tau_syn = Distribution::constant(10.0);  // ms
  Distribution threshold = Distribution::constant(1.0);
  Distribution reset = Distribution::constant(0.0);
  Distribution t_ref = Distribution::constant(0.0);  // ms
  ResetRule rule = ResetRule::to_value;
  Distribution weight;  // of synapses from the layer before
  Distribution recurrent_weight;
  bool own_delays = false;                           // every synapse has its own
  Distribution delay = Distribution::constant(1.0);  // ms, where they have
};

/// Draws all numbers of `layers` into a network that has everything else: a pure function of the seed.
void draw_layers(const std::vector<LayerDescription>& layers, std::uint64_t seed, LearnedNetwork& network);

/// Scales the incoming weights of each spiking layer in turn so that its neurons fire `spikes` spikes per
/// sample on average over the batch, within a tenth. UsageError where no scale between 1/1000 and 1000 does.
void scale_to_activity(LearnedNetwork& network, double spikes, const SampleBatch& batch, Executor& executor);

}  // namespace flurry
