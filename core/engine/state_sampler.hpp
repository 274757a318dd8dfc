// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/engine/block_samples.hpp"
#include "core/engine/columns_of.hpp"
#include "core/engine/neuron.hpp"

namespace flurry {

/// In place of a StateSampler where nothing is due: what asks it compiles to nothing.
struct NoSampler {
  [[nodiscard]] static constexpr bool watches(std::uint32_t) { return false; }
  [[nodiscard]] static constexpr Unwatched watch(std::uint32_t) { return {}; }
  template <class Neurons>
  static constexpr void finish(const Neurons&) {}
};

/// Takes the samples due of a block while its neurons move through a window: each is the propagator of the
/// time since the neuron's last event, applied to a copy of its state. The neuron itself never stops for one.
template <NeuronDynamics Model, bool on_grid = false>
class StateSampler {
 public:
  using One = Neuron<Model, on_grid>;
  using State = typename Model::State;

  /// Handed to a neuron that moves on.
  struct Watch {
    StateSampler* sampler;
    std::uint32_t neuron;
    void before(const One& n, double time) { sampler->before(n, neuron, time); }
  };

  explicit StateSampler(std::span<const BlockSamples> samples) : samples_(samples) {
    if (samples.empty()) return;
    batch_ = std::make_unique<Batch>();
    first_ = samples[0].neurons.front();
    std::uint32_t last = first_;
    for (const BlockSamples& due : samples) {
      first_ = std::min(first_, due.neurons.front());
      last = std::max(last, due.neurons.back());
    }
    count_ = last - first_ + 1;
    starts_.assign(std::size_t{count_} + 1, 0);
    for (const BlockSamples& due : samples)
      for (const std::uint32_t neuron : due.neurons) ++starts_[neuron - first_ + 1];
    for (std::uint32_t n = 0; n < count_; ++n) starts_[n + 1] += starts_[n];
    slots_.resize(starts_[count_]);
    std::vector<std::uint32_t> fill(starts_.begin(), starts_.end() - 1);
    for (std::uint32_t s = 0; s < samples.size(); ++s)
      for (std::uint32_t i = 0; i < samples[s].neurons.size(); ++i)
        slots_[fill[samples[s].neurons[i] - first_]++] = {
            samples[s].times.data(), samples[s].times.data() + samples[s].times.size(), s, i};
  }
  StateSampler(const StateSampler&) = delete;
  StateSampler& operator=(const StateSampler&) = delete;

  [[nodiscard]] bool watches(std::uint32_t neuron) const {
    const std::uint32_t n = neuron - first_;
    return n < count_ && starts_[n + 1] > starts_[n];
  }
  [[nodiscard]] Watch watch(std::uint32_t neuron) { return {this, neuron}; }
  /// A neuron stands in column `c` of eight. Returns the time of its next sample, in the network's unit;
  /// never where none is left.
  double watch_column(std::size_t c, std::uint32_t neuron) {
    if (!watches(neuron)) return never;
    columns_[c] = {slots_.data() + starts_[neuron - first_], slots_.data() + starts_[neuron - first_ + 1]};
    double next = never;
    for (const Slot& slot : columns_[c]) next = std::min(next, slot.due());
    return next;
  }
  /// Stores the state of the neuron in column `c` at `time`, when its next samples are due. Returns the time
  /// of those after.
  double store_column(std::size_t c, double time, const State& state,
                      const typename Model::Constants& constants) {
    double next = never;
    for (Slot& slot : columns_[c]) {
      for (; slot.due() == time; ++slot.next) store(slot, state, constants);
      next = std::min(next, slot.due());
    }
    return next;
  }

  /// The neuron is about to leave its present state at `time`: samples before are taken.
  void before(const One& n, std::uint32_t neuron, double time) {
    for (std::uint32_t s = starts_[neuron - first_]; s < starts_[neuron - first_ + 1]; ++s) {
      Slot& slot = slots_[s];
      if (slot.due() < time) take(n, neuron, slot, time);
    }
  }

  /// What is left, of neurons that stay as they are until the last time due.
  void finish(const std::vector<One>& neurons) {
    for (const BlockSamples& due : samples_)
      for (const std::uint32_t neuron : due.neurons) before(neurons[neuron], neuron, never);
    flush();
  }

 private:
  struct Slot {
    const double* next = nullptr;  // time
    const double* end = nullptr;
    std::uint32_t samples = 0;
    std::uint32_t neuron = 0;  // place in its request's neurons of this block

    [[nodiscard]] double due() const { return next == end ? never : *next; }
  };
  static constexpr std::uint32_t eight = 8;
  static constexpr std::uint32_t most = 2 * eight;
  // Samples of one neuron.
  struct Batch {
    std::uint32_t size = 0;
    std::uint32_t neuron = 0;
    typename Model::Constants constants{};
    ColumnsOf<most, State> states;
    alignas(64) std::array<double, most> elapsed;
    std::array<Slot, most> places;
  };

  void take(const One& n, std::uint32_t neuron, Slot& slot, double end) {
    [[maybe_unused]] One copy = n;
    for (; slot.due() < end; ++slot.next) {
      const double time = slot.due();
      if constexpr (on_grid) {
        Tally unused;
        copy.walk(std::min(std::floor(time), copy.single.until()), unused);
        store(slot, copy.at(time), n.constants);
      } else if (n.last < n.refractory_until) {
        State state = n.state;
        const double rested = std::min(time, n.refractory_until);
        Model::rest(state, n.constants, Model::propagator(n.constants, rested - n.last));
        gather(neuron, n.constants, state, rested, slot);
      } else {
        gather(neuron, n.constants, n.state, n.last, slot);
      }
    }
  }

  // A sample of a neuron that moves on freely from its state at `last`.
  void gather(std::uint32_t neuron, const typename Model::Constants& constants, const State& state,
              double last, const Slot& slot) {
    Batch& batch = *batch_;
    if (batch.size == most || batch.neuron != neuron) flush();
    if (batch.size == 0) batch.constants = constants;
    batch.neuron = neuron;
    batch.states.set(batch.size, state);
    batch.elapsed[batch.size] = *slot.next - last;
    batch.places[batch.size++] = slot;
  }

  void flush() {
    if (!batch_ || batch_->size == 0) return;
    Batch& batch = *batch_;
    for (std::uint32_t i = batch.size; i % eight != 0; ++i) batch.elapsed[i] = 0.0;
    for (std::uint32_t begin = 0; begin < batch.size; begin += eight) move_eight(batch, begin);
    for (std::uint32_t i = 0; i < batch.size; ++i)
      store(batch.places[i], batch.states.get(i), batch.constants);
    batch.size = 0;
  }

  void store(const Slot& slot, const State& state, const typename Model::Constants& constants) const {
    const BlockSamples& due = samples_[slot.samples];
    due.template store<Model>(static_cast<std::size_t>(slot.next - due.times.data()), slot.neuron, state,
                              constants);
  }

  static void move_eight(Batch& batch, std::uint32_t begin) {
    const auto constants = batch.constants;
#pragma GCC ivdep
    for (std::uint32_t i = begin; i < begin + eight; ++i) {
      const State still = batch.states.get(i);
      State moved = still;
      Model::advance(moved, constants, Model::propagator(constants, batch.elapsed[i]));
      batch.states.set(i, choose(batch.elapsed[i] > 0.0 ? -1 : 0, moved, still));
    }
  }

  std::span<const BlockSamples> samples_;
  std::uint32_t first_ = 0;  // neurons from the first to the last that is sampled
  std::uint32_t count_ = 0;
  std::vector<std::uint32_t> starts_;  // of each neuron's slots
  std::vector<Slot> slots_;
  std::unique_ptr<Batch> batch_;
  std::array<std::span<Slot>, eight> columns_;  // of eight neurons side by side
};

}  // namespace flurry
