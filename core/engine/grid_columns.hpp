// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/engine/arrivals_by_step.hpp"
#include "core/engine/grid_block.hpp"
#include "core/engine/grid_part.hpp"

namespace flurry {

/// GridBlock for a model: what arrives is added up for the whole block, which then goes on part by part.
template <NeuronDynamics Model>
class GridColumns final : public GridBlock {
 public:
  using Part = GridPart<Model>;
  using One = typename Part::One;
  static constexpr std::uint32_t channels = Part::channels;

  /// `neurons`: those of the block, numbers `first` on, as they are after grid point `now`.
  GridColumns(One* neurons, std::uint32_t first, std::uint32_t count, double now)
      : first_(first), count_(count) {
    for (std::uint32_t n = 0; n < count; n += Part::most)
      parts_.push_back(std::make_unique<Part>(neurons + n, first + n, std::min(Part::most, count - n), now));
  }

  void advance(const GridArrivals& arrivals, GridWindow window, std::vector<Spike>& spikes,
               Tally& tally) override {
    const auto steps = static_cast<std::uint32_t>(window.last - window.first + 1.0);
    std::size_t filed = 0;
    for (const auto& part : arrivals.filed->packed) filed += part.size();
    begin_samples(arrivals.samples);
    if (!sampled_.empty()) sample_before(window.first, window.first - 1.0);
    if (steps > 1) by_step_.assign(*arrivals.filed, window.first, filed);
    for (std::uint32_t s = 0; s < steps; ++s) {
      const double step = window.first + s;
      if (steps > 1) filed = by_step_.at(s).size();
      const bool fits = filed <= arrivals.spare;
      const Cells cells = prepare(arrivals, step);
      if (steps > 1) {
        land(by_step_.at(s), fits, arrivals, cells);
      } else {
        for (const auto& part : arrivals.filed->packed) land(part, fits, arrivals, cells);
      }
      for (std::size_t p = 0; p < parts_.size(); ++p) {
        const std::size_t begin = p * Part::most;
        parts_[p]->step(step, {cells[0] + begin, cells[1] + begin}, arrivals.cell, !fits, spikes, tally);
      }
      if (arrivals.ring != nullptr) clear(cells);
      if (!sampled_.empty()) sample_before(step + 1.0, step);
    }
  }

  void sample(std::span<const BlockSamples> samples, double now) override {
    begin_samples(samples);
    sample_before(never, now);
  }

  void put_back(double now) override {
    for (const auto& part : parts_) part->put_back(now);
  }

  [[nodiscard]] double potential(std::uint32_t neuron, double now, double time) const override {
    const std::uint32_t n = neuron - first_;
    const One one = parts_[n / Part::most]->at(n % Part::most, now);
    return Model::potential(one.at(time), one.constants);
  }

  [[nodiscard]] std::uint64_t bytes() const override {
    return sizeof(GridColumns) + parts_.size() * sizeof(Part) + by_step_.bytes();
  }

 private:
  using Cells = typename Part::Cells;

  void begin_samples(std::span<const BlockSamples> samples) {
    sampled_ = samples;
    taken_.assign(samples.size(), 0);
  }
  // Samples before `time`, from the states as they are after grid point `now`.
  void sample_before(double time, double now) {
    for (std::size_t s = 0; s < sampled_.size(); ++s) {
      const BlockSamples& due = sampled_[s];
      std::size_t& next = taken_[s];
      for (; next < due.times.size() && due.times[next] < time; ++next)
        for (std::size_t i = 0; i < due.neurons.size(); ++i) {
          const std::uint32_t n = due.neurons[i] - first_;
          const Part& part = *parts_[n / Part::most];
          const auto state = part.state(n % Part::most, due.times[next], now);
          due.template store<Model>(next, i, state, part.neuron(n % Part::most).constants);
        }
    }
  }

  // Where the input of a grid point stands, counted spikes included.
  Cells prepare(const GridArrivals& arrivals, double step) const {
    Cells cells{arrivals.cells,
                arrivals.cells + std::size_t{channels - 1} * PackedArrival::most_neurons_on_grid};
    if (arrivals.ring != nullptr) {
      for (std::uint32_t c = 0; c < channels; ++c)
        cells[c] = arrivals.ring->cells() + arrivals.ring->place(step, c) + first_;
    } else {
      clear(cells);
    }
    for (const CountedInput& counted : arrivals.counted) add(counted, step, cells);
    return cells;
  }
  void clear(const Cells& cells) const {
    for (std::uint32_t c = 0; c < channels; ++c) std::fill_n(cells[c], count_, 0);
  }
  void land(std::span<const PackedArrival> filed, bool fits, const GridArrivals& arrivals,
            const Cells& cells) {
    if (fits) {
      add(filed, *arrivals.filed, arrivals.cell, cells);
    } else {
      add_more(filed, *arrivals.filed);
    }
  }

  // Most weights are singles, which are decoded side by side.
  void add(std::span<const PackedArrival> filed, const BlockArrivals& arrivals, const GridCell& cell_of,
           const Cells& cells) const {
    constexpr std::size_t chunk = 32;
    const GridCell cell = cell_of;
    std::int64_t* const base = cells[0];
    const std::int64_t second = channels == 2 ? cells[1] - cells[0] : 0;
    std::int64_t values[chunk];
    std::int64_t places[chunk];
    std::int64_t others = 0;
    for (std::size_t begin = 0; begin < filed.size(); begin += chunk) {
      const std::size_t count = std::min(chunk, filed.size() - begin);
      const PackedArrival* from = filed.data() + begin;
      others = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const double weight = static_cast<double>(std::bit_cast<float>(from[i].weight_code()));
        values[i] = cell.arrival(weight);
        places[i] = static_cast<std::int64_t>(from[i].grid_neuron()) + (weight < 0.0 ? second : 0);
        others |= from[i].weight_kind();  // WeightCodes::single is 0
      }
      for (std::size_t i = 0; others != 0 && i < count; ++i) {
        const double weight = arrivals.codes->weight_on_grid(from[i]);
        values[i] = cell.arrival(weight);
        places[i] = static_cast<std::int64_t>(from[i].grid_neuron()) + (weight < 0.0 ? second : 0);
      }
      for (std::size_t i = 0; i < count; ++i) base[places[i]] += values[i];
    }
  }
  void add_more(std::span<const PackedArrival> filed, const BlockArrivals& arrivals) {
    for (const PackedArrival arrival : filed)
      parts_[arrival.grid_neuron() / Part::most]->add_more(arrival.grid_neuron() % Part::most,
                                                           arrivals.codes->weight_on_grid(arrival));
  }
  void add(const CountedInput& counted, double step, const Cells& cells) const {
    const double sent = step - counted.delay;
    if (!counted.line->holds(sent)) return;
    const std::uint8_t* counts = counted.line->at(sent);
    std::int64_t* to = cells[counted.channel];
#pragma GCC ivdep
    for (std::size_t n = 0; n < count_; ++n) to[n] += counted.arrival * counts[n];
  }

  std::uint32_t first_;
  std::uint32_t count_;
  std::vector<std::unique_ptr<Part>> parts_;
  std::span<const BlockSamples> sampled_;
  std::vector<std::size_t> taken_;  // taken, of each
  ArrivalsByStep by_step_;
};

}  // namespace flurry
