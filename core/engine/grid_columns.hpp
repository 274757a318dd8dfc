// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/engine/columns_of.hpp"
#include "core/engine/grid_block.hpp"
#include "core/engine/neuron.hpp"

namespace flurry {

/// GridBlock for a model: the arithmetic of Neuron on a grid, over columns of up to 256 neurons.
///
/// A column moves by single steps as long as Neuron would, and sleeps after that: a sleeping neuron's next
/// arrival or predicted crossing is left to Neuron.
template <NeuronDynamics Model>
class GridColumns final : public GridBlock {
 public:
  using One = Neuron<Model, true>;
  using State = typename Model::State;
  static constexpr std::uint32_t most = PackedArrival::most_neurons;
  static constexpr std::uint32_t channels = input_channels<Model>;

  /// `neurons`: those of the block, numbers `first` on, as they are after grid point `now`.
  GridColumns(One* neurons, std::uint32_t first, std::uint32_t count, double now)
      : neurons_(neurons), first_(first), count_(count) {
    Tally unused;
    for (std::uint32_t n = 0; n < count; ++n) {
      One one = neurons[n];
      one.walk(std::min(now, one.single.until), unused);
      constants_.set(n, one.constants);
      propagators_.set(n, Model::propagator(one.constants, 1.0));
      put(n, one);
    }
  }

  void advance(GridInput& input, const OrderedArrivals& more, double first, double last,
               std::vector<Spike>& spikes, Tally& tally) override {
    by_step(more);
    std::size_t next = 0;
    for (double step = first; step <= last; step += 1.0) {
      std::int64_t* cells[2] = {input.cells() + input.place(step, 0) + first_,
                                input.cells() + input.place(step, channels - 1) + first_};
      const bool some = next < more_.size() && more_[next].step == step;
      for (; next < more_.size() && more_[next].step == step; ++next) add(more_[next]);
      const bool any =
          some ? pass<true>(step, cells, input.cell(), tally) : pass<false>(step, cells, input.cell(), tally);
      if (any) look(step, cells, input.cell(), spikes, tally);
      for (std::uint32_t c = 0; c < channels; ++c) std::fill_n(cells[c], count_, 0);
      if (some) more_sums_ = {};
    }
    more_.clear();
  }

  void leave(double now, BlockCrossings& crossings, Tally& tally) override {
    for (std::uint32_t n = 0; n < count_; ++n) {
      One one = at(n, now);
      one.predict(tally);
      neurons_[n] = one;
      if (one.crossing == never) continue;
      ++tally.queue_pushes;
      crossings.queue.push({one.crossing, Event::Kind::crossing, first_ + n});
    }
  }

  [[nodiscard]] double potential(std::uint32_t neuron, double now, double time) const override {
    One one = at(neuron - first_, now);
    Tally unused;
    if (time > one.last) one.catch_up(time, unused);
    return Model::potential(one.state, one.constants);
  }

  [[nodiscard]] std::uint64_t bytes() const override { return sizeof(GridColumns); }

 private:
  // What is left to look at one by one.
  static constexpr std::int64_t spiked = 1;
  static constexpr std::int64_t falls_asleep = 2;
  static constexpr std::int64_t wakes_up = 4;

  struct More {
    double step = 0.0;
    std::uint32_t column = 0;
    double weight = 0.0;
  };
  struct Sums {
    alignas(64) std::array<double, most> excitatory{};
    std::array<double, most> inhibitory{};
    std::array<std::int64_t, most> counts{};
  };

  // One grid point for all columns. Whether there is anything to look at.
  template <bool with_more>
  bool pass(double step, std::int64_t* const* cells, const GridCell& cell_of, Tally& tally) {
    const GridCell cell = cell_of;
    const std::int64_t* first_cells = cells[0];
    const std::int64_t* second_cells = cells[1];
    const double next_single_until = step + One::single_steps;
    const double forever = never;
    std::int64_t any = 0;
    std::int64_t arrivals = 0;
    std::int64_t refractory = 0;
    std::int64_t updates = 0;
#pragma GCC ivdep
    for (std::size_t n = 0; n < count_; ++n) {
      std::int64_t count = cell.count(first_cells[n]);
      ArrivalSum sum{cell.sum(first_cells[n]), 0.0, 0};
      if constexpr (channels == 2) {
        count += cell.count(second_cells[n]);
        sum.inhibitory = cell.sum(second_cells[n]);
      }
      if constexpr (with_more) {
        count += more_sums_.counts[n];
        sum.excitatory += more_sums_.excitatory[n];
        sum.inhibitory += more_sums_.inhibitory[n];
      }
      const auto constants = constants_.get(n);
      const auto propagator = propagators_.get(n);
      const State before = states_.get(n);
      const double single_until = single_until_[n];
      // All ones for true: sums of conditional values do not become vector instructions otherwise.
      const std::int64_t moves = step <= single_until ? -1 : 0;
      const std::int64_t resting = step <= refractory_until_[n] ? -1 : 0;
      const std::int64_t some = count != 0 ? -1 : 0;

      State free = before;
      Model::advance(free, constants, propagator);
      Model::receive(free, constants, sum);
      State held = before;
      Model::rest(held, constants, propagator);
      Model::receive_refractory(held, constants, sum);
      const State after = choose(moves, choose(resting, held, free), before);
      states_.set(n, after);
      single_until_[n] = choose(moves & some, next_single_until, single_until);

      const std::int64_t spikes = Model::at_threshold(free, constants) ? spiked : 0;
      const std::int64_t ends = step == single_until ? ~some : 0;
      const std::int64_t meets = step == crossing_[n] ? wakes_up : 0;
      crossing_[n] = choose(moves & ends, forever, crossing_[n]);
      const std::int64_t flags =
          (moves & ((spikes & ~resting) | (ends & falls_asleep))) | (~moves & ((some & wakes_up) | meets));
      flags_[n] = flags;
      any |= flags;
      arrivals += count & moves;
      refractory += count & moves & resting;
      updates -= some & moves;
    }
    tally.arrivals += static_cast<std::uint64_t>(arrivals);
    tally.arrivals_refractory += static_cast<std::uint64_t>(refractory);
    tally.updates_input += static_cast<std::uint64_t>(updates);
    return (any & falls_asleep) != 0 ? stays_awake() : any != 0;
  }

  // Of those that fall asleep only neurons that may cross later are to be looked at.
  bool stays_awake() {
    std::int64_t any = 0;
#pragma GCC ivdep
    for (std::size_t n = 0; n < count_; ++n) {
      const std::int64_t no_crossing =
          Model::may_cross(states_.get(n), constants_.get(n), never) ? 0 : falls_asleep;
      const std::int64_t flags = flags_[n] & ~no_crossing;
      flags_[n] = flags;
      any |= flags;
    }
    return any != 0;
  }

  void look(double step, std::int64_t* const* cells, const GridCell& cell, std::vector<Spike>& spikes,
            Tally& tally) {
    for (std::uint32_t n = 0; n < count_; ++n) {
      if (flags_[n] == 0) continue;
      if ((flags_[n] & spiked) != 0) {
        const bool arrived = input(n, cells, cell).count > 0;
        spike(n, step, arrived, tally);
        spikes.push_back({step, first_ + n});
      } else if ((flags_[n] & falls_asleep) != 0) {
        One one = at(n, step);
        one.predict(tally);
        crossing_[n] = one.crossing;
      } else {
        wake_up(n, step, input(n, cells, cell), spikes, tally);
      }
    }
  }

  [[nodiscard]] ArrivalSum input(std::uint32_t n, std::int64_t* const* cells, const GridCell& cell) const {
    ArrivalSum sum{cell.sum(cells[0][n]) + more_sums_.excitatory[n], more_sums_.inhibitory[n], 0};
    std::int64_t count = cell.count(cells[0][n]) + more_sums_.counts[n];
    if constexpr (channels == 2) {
      sum.inhibitory += cell.sum(cells[1][n]);
      count += cell.count(cells[1][n]);
    }
    sum.count = static_cast<std::uint32_t>(count);
    return sum;
  }

  void spike(std::uint32_t n, double step, bool arrived, Tally& tally) {
    State state = states_.get(n);
    const auto constants = constants_.get(n);
    Model::reset(state, constants);
    states_.set(n, state);
    refractory_until_[n] = step + neurons_[n].refractory_time();
    single_until_[n] = step + One::single_steps;
    ++tally.spikes;
    if (!arrived) ++tally.updates_crossing;
  }

  void wake_up(std::uint32_t n, double step, const ArrivalSum& sum, std::vector<Spike>& spikes,
               Tally& tally) {
    One one = at(n, step);
    bool spikes_now = one.crossing == step && sum.count == 0;
    if (spikes_now) {
      one.cross(step, tally);
    } else {
      one.catch_up(step, tally);
      spikes_now = one.take(sum, tally);
    }
    if (spikes_now) spikes.push_back({step, first_ + n});
    put(n, one);
  }

  // The neuron of a column, as it is after a grid point.
  [[nodiscard]] One at(std::uint32_t n, double now) const {
    One one = neurons_[n];
    one.state = states_.get(n);
    one.single.until = single_until_[n];
    one.last = std::min(now, single_until_[n]);
    one.refractory_until = refractory_until_[n];
    one.crossing = crossing_[n];
    return one;
  }
  void put(std::uint32_t n, const One& one) {
    states_.set(n, one.state);
    single_until_[n] = one.single.until;
    refractory_until_[n] = one.refractory_until;
    crossing_[n] = one.crossing;
  }

  // Arrivals from elsewhere, by grid point.
  void by_step(const OrderedArrivals& more) {
    for (const auto& segment : more.segments())
      for (std::uint32_t i = segment.begin; i < segment.end; ++i)
        more_.push_back({more.times()[i], segment.neuron - first_, more.weights()[i]});
    std::stable_sort(more_.begin(), more_.end(),
                     [](const More& a, const More& b) { return a.step < b.step; });
  }
  void add(const More& arrival) {
    ArrivalSum sum;
    sum.add(arrival.weight);
    more_sums_.excitatory[arrival.column] += sum.excitatory;
    more_sums_.inhibitory[arrival.column] += sum.inhibitory;
    ++more_sums_.counts[arrival.column];
  }

  One* neurons_;
  std::uint32_t first_;
  std::uint32_t count_;
  ColumnsOf<most, typename Model::Constants> constants_;
  ColumnsOf<most, typename Model::Propagator> propagators_;
  ColumnsOf<most, State> states_;
  alignas(64) std::array<double, most> single_until_{};
  std::array<double, most> refractory_until_{};
  std::array<double, most> crossing_{};
  std::array<std::int64_t, most> flags_{};
  Sums more_sums_;
  std::vector<More> more_;
};

}  // namespace flurry
