// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/fingerprint.hpp"
#include "core/base/spike.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/arrival_columns.hpp"
#include "core/engine/arrival_order.hpp"
#include "core/engine/block_samples.hpp"
#include "core/engine/engine_state.hpp"
#include "core/engine/event_queue.hpp"

namespace flurry {

class GridBlock;

/// The crossings to come in a block of neurons.
struct BlockCrossings {
  EventQueue queue;  // predicted
  std::vector<std::uint32_t>
      not_sought;  // neurons where nobody has looked yet, as the next window may decide
  double sought_until = -std::numeric_limits<double>::infinity();  // no crossing before is left, ms

  /// When to look at the block again if nothing arrives; infinity for never.
  [[nodiscard]] double wake_up() const { return not_sought.empty() ? queue.next_time() : sought_until; }
};

/// A population of neurons as the engines see it: one virtual call per neuron and instant from SerialEngine,
/// one per block of neurons and window from Simulation. Both end in the same arithmetic. Neuron numbers are
/// within the population.
class Neurons {
 public:
  struct Outcome {
    bool spiked = false;
    double next_crossing = never;  // absolute time of the next crossing if nothing arrives before, ms
  };

  Neurons() = default;
  Neurons(const Neurons&) = delete;
  Neurons& operator=(const Neurons&) = delete;
  virtual ~Neurons() = default;

  [[nodiscard]] virtual std::uint32_t size() const = 0;

  /// When this neuron will cross threshold if nothing arrives, from its initial state at time 0.
  virtual double first_crossing(std::uint32_t neuron, Tally& tally) = 0;
  /// Arrivals at one instant. Time must not go back.
  virtual Outcome receive(std::uint32_t neuron, double time, const ArrivalSum& sum, Tally& tally) = 0;
  /// The predicted crossing happens: the neuron spikes. Returns when it will next.
  virtual double cross(std::uint32_t neuron, double time, Tally& tally) = 0;

  /// Predicts the first crossings of a block into its queue. Called once, before the first window.
  virtual void start_block(std::uint32_t first, std::uint32_t count, BlockCrossings& crossings,
                           Tally& tally) = 0;
  /// Advances the neurons of a block that have arrivals or a crossing before `end`. Spikes are appended with
  /// numbers within the population, in no order; crossings at or after `end` are kept for later. `samples`:
  /// what is due of these neurons before `end`, all of it.
  virtual void advance_block(const OrderedArrivals& arrivals, double end, BlockCrossings& crossings,
                             std::vector<Spike>& spikes, Tally& tally,
                             std::span<const BlockSamples> samples) = 0;
  /// The same for many arrivals, eight neurons at a time.
  virtual void advance_block(ArrivalColumns& arrivals, double end, BlockCrossings& crossings,
                             std::vector<Spike>& spikes, Tally& tally,
                             std::span<const BlockSamples> samples) = 0;
  /// Fetches the neurons that arrivals at block `first` reach, before they are needed.
  virtual void prefetch(std::uint32_t first, std::span<const PackedArrival> arrivals) const = 0;
  /// What is due of neurons of a block, none of which anything happens to until then.
  virtual void sample_block(std::span<const BlockSamples> samples) const = 0;

  /// How many kinds of input are told apart: 2, excitation and inhibition, or 1.
  [[nodiscard]] virtual std::uint32_t channels() const = 0;
  /// On a grid: a block as it is after grid point `now`, to be stepped. The block has the neurons until it is
  /// left.
  virtual std::unique_ptr<GridBlock> step_block(std::uint32_t first, std::uint32_t count, double now) = 0;

  /// Membrane potential (mV, or the model's own scale) at `time` if nothing arrives until then. Does not
  /// touch the state: the same bits with and without a look.
  [[nodiscard]] virtual double potential(std::uint32_t neuron, double time) const = 0;
  /// How many variables can be recorded.
  [[nodiscard]] virtual std::uint32_t variables() const = 0;
  /// As potential(), of any variable: its place in the model's `recordables`, in its unit there.
  [[nodiscard]] virtual double value(std::uint32_t neuron, std::uint32_t variable, double time) const = 0;

  /// What neurons must know to go on, those of stepped blocks put back before: last, refractory_until,
  /// crossing, on a grid SingleSteps::coded, then the fields of the model's State.
  virtual void save(PopulationState& state) const = 0;
  /// Makes neurons what they were. FormatError for a state of other neurons.
  virtual void restore(const PopulationState& state) = 0;
  /// Puts the crossings to come in a block into its queue: neurons are as they were restored or put back when
  /// all before `done_before` had happened.
  virtual void resume_block(std::uint32_t first, std::uint32_t count, double done_before,
                            BlockCrossings& crossings, Tally& tally) = 0;
  /// Of what neurons are made of: a sum over those that are here.
  [[nodiscard]] virtual std::uint64_t fingerprint() const = 0;
  /// Bytes held per neuron.
  [[nodiscard]] virtual std::uint64_t bytes_per_neuron() const = 0;
};

}  // namespace flurry
