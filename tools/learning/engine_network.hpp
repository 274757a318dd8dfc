// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/spike.hpp"
#include "core/network/network.hpp"
#include "models/learning/labelled_spikes.hpp"
#include "models/learning/learned_network.hpp"

namespace flurry {

/// A learned network as the engine knows it: a source `input`, and a population of `lif_exp` for every layer,
/// named as it. Potentials are in mV, weights in pA, membranes have 1 GOhm (C_m = tau_m). Readouts are
/// neurons whose threshold lies out of reach. In exact time a network learnt on a grid has refractory times
/// half a step longer: what waiting for the next grid point adds to an interval on average. UsageError for
/// what no model of the engine does: reset by subtraction, the study's order of a step, delays of 0.
[[nodiscard]] NetworkDescription engine_description(const LearnedNetwork& network, bool on_grid,
                                                    SpikeTrain input);

/// What one sample made a network do.
struct EngineSample {
  std::vector<SpikeTrain> spikes;  // of every layer; neurons are numbered within it
  ActivityCounts counts;
  bool ran_away = false;  // stopped: more than a spike per neuron and ms
};

/// Runs samples through the event engine, each from rest.
class EngineRunner {
 public:
  EngineRunner(const LearnedNetwork& network, bool on_grid);
  /// May be called from several threads at once.
  [[nodiscard]] EngineSample run(const SpikeInput& input) const;

 private:
  std::unique_ptr<const Network> network_;
  double duration_;
};

/// The input as a source plays it: in order of time, nothing before 0 (what was comes at 0) or after
/// `duration` (ms).
[[nodiscard]] SpikeTrain source_spikes(const SpikeInput& input, double duration);

}  // namespace flurry
