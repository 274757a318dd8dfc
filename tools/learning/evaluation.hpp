// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/document.hpp"
#include "models/energy/energy_profile.hpp"
#include "models/learning/labelled_spikes.hpp"
#include "tools/learning/engine_network.hpp"
#include "tools/learning/task.hpp"

namespace flurry {

/// How a network did on samples, as one way of running it has it.
struct Answers {
  std::string how;  // "grid of 2 ms", "exact time"
  std::uint64_t correct = 0;
  std::uint64_t undecided = 0;
  std::uint64_t ran_away = 0;  // stopped at more than a spike per neuron and ms, counted as wrong
  std::vector<std::vector<std::uint64_t>> confusion;  // [label][answer]
  std::uint64_t decided = 0;                          // samples with an answer whose time is known
  double decision_times = 0.0;                        // ms, their sum: from when on the answer stayed
};

struct Evaluation {
  std::uint64_t samples = 0;
  std::vector<std::string> classes;
  std::vector<Answers> answers;     // on its grid, if it has one; in exact time
  ActivityCounts counts;            // of the first of these, over all samples
  std::uint64_t same_spikes = 0;    // samples on which the trainer's own forward pass gives the same spikes
  double largest_difference = 0.0;  // ms, between spike times of the two in exact time
  double seconds = 0.0;             // to run the first of these
};

/// Runs all samples through the event engine: on the network's grid and in exact time. `stretch`: all input
/// times are multiplied with it, and so is the duration. `progress`: a bar on stderr.
[[nodiscard]] Evaluation evaluate(const LearningTask& task, LearnedNetwork network,
                                  const LabelledSpikes& samples, double stretch, Executor& executor,
                                  bool progress);

[[nodiscard]] std::string evaluation_text(const Evaluation& evaluation,
                                          const std::vector<EnergyProfile>& profiles);
[[nodiscard]] Document evaluation_document(const Evaluation& evaluation,
                                           const std::vector<EnergyProfile>& profiles);

}  // namespace flurry
