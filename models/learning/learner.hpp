// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/executor.hpp"
#include "core/base/spike.hpp"
#include "models/learning/labelled_spikes.hpp"
#include "models/learning/layer_parameters.hpp"

namespace flurry {

/// Keeps every neuron's number c of spikes per sample within bounds, so that none falls silent and none runs
/// away: l = 1/2 above (c - upper)^2 where c > upper, 1/2 below (lower - c)^2 where c < lower, mean over
/// neurons.
struct RateBounds {
  double lower = 0.0;
  double upper = 1e300;
  double below = 0.0;
  double above = 0.0;

  [[nodiscard]] bool any() const { return below > 0.0 || above > 0.0; }
  [[nodiscard]] double loss(double count) const {
    const double excess = count > upper ? count - upper : 0.0;
    const double lack = count < lower ? lower - count : 0.0;
    return 0.5 * (above * excess * excess + below * lack * lack);
  }
  /// dl/dc, as if counts were not whole.
  [[nodiscard]] double slope(double count) const {
    return count > upper ? above * (count - upper) : count < lower ? -below * (lower - count) : 0.0;
  }
};

/// What some samples did to a network, summed over them in their order.
struct PassTotals {
  std::uint64_t samples = 0;
  std::uint64_t correct = 0;
  double loss = 0.0;     // of classes
  double penalty = 0.0;  // of rate bounds
  std::uint64_t input_spikes = 0;
  std::vector<std::uint64_t> spikes;  // per neuron, layer after layer
  std::uint64_t active = 0;           // neurons and steps that carried gradient
  std::uint64_t neuron_steps = 0;     // of how many
  std::uint64_t clipped = 0;          // spikes too steep for an exact gradient
  std::uint64_t undecided = 0;        // samples without an answer: no output spiked

  void add(const PassTotals& other);
  /// Synaptic operations: every spike, input or neuron's, times the synapses it reaches.
  [[nodiscard]] std::uint64_t synaptic_operations(const LearnedNetwork& network) const;
};

/// The class a sample was taken for; `no_answer` where nothing decided.
inline constexpr std::uint32_t no_answer = 0xFFFFFFFF;

/// Samples to run: `read(i, input)` gives sample i < count; it is called from several threads.
struct SampleBatch {
  std::size_t count = 0;
  std::function<void(std::size_t i, SpikeInput& input)> read;
};

/// A network that knows the gradient of its loss. Whatever the gradient comes from, whoever trains needs no
/// more than this.
class Learner {
 public:
  Learner(LearnedNetwork network, const std::vector<LayerTraining>& training, const TrainingScales& scales)
      : network_(std::move(network)), parameters_(network_, training, scales) {}
  Learner(const Learner&) = delete;
  Learner& operator=(const Learner&) = delete;
  virtual ~Learner() = default;

  [[nodiscard]] ParameterSet& parameters() { return parameters_.set(); }
  [[nodiscard]] const ParameterSet& parameters() const { return parameters_.set(); }
  /// The network with these values of parameters(), as it is run: weights in the precision of the learner.
  [[nodiscard]] LearnedNetwork network_of(const std::vector<double>& values) const {
    LearnedNetwork result = network_;
    parameters_.store(values, result);
    make_runnable(result);
    return result;
  }
  /// The network as it is now.
  [[nodiscard]] LearnedNetwork network() const { return network_of(parameters().values); }
  [[nodiscard]] const LearnedNetwork& shape() const { return network_; }

  /// To be called after parameters() have changed.
  virtual void refresh() = 0;
  /// Runs the samples. `gradient`: of the sum of their losses by parameters().values, or nothing to only
  /// look. `answers`: one per sample, or nothing. The same bits for any executor: samples are worked through
  /// in chunks of `chunk`, and chunks are added in order.
  virtual PassTotals pass(const SampleBatch& batch, Executor& executor, std::vector<double>* gradient,
                          std::span<std::uint32_t> answers) = 0;
  PassTotals look(const SampleBatch& batch, Executor& executor, std::span<std::uint32_t> answers = {}) {
    return pass(batch, executor, nullptr, answers);
  }

  /// The spikes of every layer for one sample, neurons numbered within it, ordered by time and neuron.
  [[nodiscard]] virtual std::vector<SpikeTrain> spikes(const SpikeInput& input) const = 0;

  static constexpr std::size_t chunk = 8;  // samples

 protected:
  /// Rounds what is rounded when the network runs.
  virtual void make_runnable(LearnedNetwork& /*network*/) const {}

  LearnedNetwork network_;  // its numbers are those it began with
  LayerParameters parameters_;
};

}  // namespace flurry
