// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/engine/columns_of.hpp"
#include "core/engine/grid_block.hpp"
#include "core/engine/neuron.hpp"

namespace flurry {

/// Up to 256 neurons of one model that go through a grid side by side: the arithmetic of Neuron, over
/// columns.
///
/// A column moves by single steps as long as Neuron would, and sleeps after that: a sleeping neuron's next
/// arrival or predicted crossing is left to Neuron.
template <NeuronDynamics Model>
class GridPart {
 public:
  using One = Neuron<Model, true>;
  using State = typename Model::State;
  using Cells = std::array<std::int64_t*, 2>;  // what arrives, by channel
  static constexpr std::uint32_t most = 256;
  static constexpr std::uint32_t channels = input_channels<Model>;

  /// `neurons`: numbers `first` on, as they are after grid point `now`.
  GridPart(One* neurons, std::uint32_t first, std::uint32_t count, double now)
      : neurons_(neurons), first_(first), count_(count) {
    Tally unused;
    for (std::uint32_t n = 0; n < count; ++n) {
      One one = neurons[n];
      one.walk(std::min(now, one.single.until()), unused);
      constants_.set(n, one.constants);
      propagators_.set(n, Model::propagator(one.constants, 1.0));
      put(n, one);
      alike_ = alike_ && bits_of(one.constants) == bits_of(neurons[0].constants);
    }
    find_next_crossing(now);
  }

  /// One grid point. `more`: cells are not all, see add_more().
  void step(double step, const Cells& cells, const GridCell& cell, bool more, std::vector<Spike>& spikes,
            Tally& tally) {
    if (pass(step, cells, cell, more, tally) || step == next_crossing_)
      look(step, cells, cell, spikes, tally);
    if (more) more_ = {};
  }
  /// Where there are so many arrivals that a cell may overflow.
  void add_more(std::uint32_t n, double weight) {
    more_.excitatory[n] += std::max(weight, 0.0);
    more_.inhibitory[n] += std::min(weight, 0.0);
    ++more_.counts[n];
  }

  void put_back(double now) {
    for (std::uint32_t n = 0; n < count_; ++n) {
      neurons_[n] = at(n, now);
      neurons_[n].crossing = not_sought;
    }
  }

  /// The state at `time`, from grid point `now` on.
  [[nodiscard]] State state(std::uint32_t n, double time, double now) const {
    const bool moving = time == now && now <= single_until_[n];
    return moving ? states_.get(n) : at(n, now).at(time);
  }
  [[nodiscard]] const One& neuron(std::uint32_t n) const { return neurons_[n]; }

  // The neuron of a column, as it is after a grid point.
  [[nodiscard]] One at(std::uint32_t n, double now) const {
    One one = neurons_[n];
    one.state = states_.get(n);
    one.single.coded = single_until_[n];
    one.last = std::min(now, one.single.until());
    one.refractory_until = refractory_until_[n];
    one.crossing = crossing_[n];
    return one;
  }

 private:
  // Masks of 64 bits, all ones for true: sums of conditional values do not become vector instructions.
  using Mask = std::int64_t;

  struct Sums {
    alignas(64) std::array<double, most> excitatory{};
    std::array<double, most> inhibitory{};
    std::array<std::int64_t, most> counts{};
  };

  // Whether there is anything to look at.
  bool pass(double step, const Cells& cells, const GridCell& cell, bool more, Tally& tally) {
    if (more) return pass_over<true, false>(step, cells, cell, tally);
    return alike_ ? pass_over<false, true>(step, cells, cell, tally)
                  : pass_over<false, false>(step, cells, cell, tally);
  }

  template <bool with_more, bool alike>
  bool pass_over(double step, const Cells& cells, const GridCell& cell_of, Tally& tally) {
    const GridCell cell = cell_of;
    const std::int64_t* first_cells = cells[0];
    const std::int64_t* second_cells = cells[1];
    const double next_single_until = step + SingleSteps<true>::most;
    Mask any = 0;
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
        count += more_.counts[n];
        sum.excitatory += more_.excitatory[n];
        sum.inhibitory += more_.inhibitory[n];
      }
      const auto constants = constants_.get(alike ? 0 : n);
      const auto propagator = propagators_.get(alike ? 0 : n);
      const State before = states_.get(n);
      const double single_until = single_until_[n];
      const Mask moves = step <= single_until ? -1 : 0;
      const Mask resting = step <= refractory_until_[n] ? -1 : 0;
      const Mask some = count != 0 ? -1 : 0;

      State free = before;
      Model::advance(free, constants, propagator);
      Model::receive(free, constants, sum);
      State held = before;
      Model::rest(held, constants, propagator);
      Model::receive_refractory(held, constants, sum);
      states_.set(n, choose(moves, choose(resting, held, free), before));
      single_until_[n] = choose(moves & some, next_single_until, single_until);

      const Mask crosses = Model::at_threshold(free, constants) ? -1 : 0;
      const Mask ends = step == single_until ? ~some : 0;
      any |= (moves & ((crosses & ~resting) | ends)) | (~moves & some);
      arrivals += count & moves;
      refractory += count & moves & resting;
      updates -= some & moves;
    }
    tally.arrivals += static_cast<std::uint64_t>(arrivals);
    tally.arrivals_refractory += static_cast<std::uint64_t>(refractory);
    tally.updates_input += static_cast<std::uint64_t>(updates);
    return any != 0;
  }

  // After a pass: neurons that spike, fall asleep or wake up.
  void look(double step, const Cells& cells, const GridCell& cell, std::vector<Spike>& spikes, Tally& tally) {
    mark(step, cells, cell);
    for (std::uint32_t group = 0; group < count_; group += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, marks_.data() + group, sizeof eight);
      for (; eight != 0; eight &= eight - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(eight));
        const std::uint32_t n = group + bit / 8;
        if (n < count_) look_at(n, std::uint64_t{1} << (bit % 8), step, input(n, cells, cell), spikes, tally);
      }
    }
    if (next_crossing_ <= step) find_next_crossing(step);
  }

  static constexpr std::uint64_t spiked = 1;
  static constexpr std::uint64_t falls_asleep = 2;
  static constexpr std::uint64_t wakes_up = 4;

  // What pass_over saw, found again from what it left.
  void mark(double step, const Cells& cells, const GridCell& cell_of) {
    const GridCell cell = cell_of;
    const std::int64_t* first_cells = cells[0];
    const std::int64_t* second_cells = cells[1];
#pragma GCC ivdep
    for (std::size_t n = 0; n < count_; ++n) {
      std::int64_t count = cell.count(first_cells[n]) + more_.counts[n];
      if constexpr (channels == 2) count += cell.count(second_cells[n]);
      const State state = states_.get(n);
      const auto constants = constants_.get(n);
      const Mask some = count != 0 ? -1 : 0;
      const Mask moved = step <= single_until_[n] ? -1 : 0;
      const Mask free = step <= refractory_until_[n] ? 0 : -1;
      const Mask crosses = Model::at_threshold(state, constants) ? -1 : 0;
      const Mask ends = step == single_until_[n] ? -1 : 0;
      const Mask may_cross = Model::may_cross(state, constants, never) ? -1 : 0;
      const Mask meets = step == crossing_[n] ? -1 : 0;
      const Mask spikes = moved & free & crosses & Mask{spiked};
      const Mask sleeps = ends & may_cross & Mask{falls_asleep};
      const Mask wakes = ~moved & (some | meets) & Mask{wakes_up};
      crossing_[n] = choose(ends, static_cast<double>(never), crossing_[n]);
      wide_marks_[n] = spikes | sleeps | wakes;
    }
    for (std::size_t n = 0; n < count_; ++n) marks_[n] = static_cast<std::uint8_t>(wide_marks_[n]);
  }

  void look_at(std::uint32_t n, std::uint64_t marked, double step, const ArrivalSum& sum,
               std::vector<Spike>& spikes, Tally& tally) {
    if (marked == spiked) {
      spike(n, step, sum.count > 0, tally);
      spikes.push_back({step, first_ + n});
    } else if (marked == falls_asleep && single_until_[n] == step) {  // and has not spiked instead
      One one = at(n, step);
      one.predict(tally);
      crossing_[n] = one.crossing;
      next_crossing_ = std::min(next_crossing_, one.crossing);
    } else if (marked == wakes_up) {
      wake_up(n, step, sum, spikes, tally);
    }
  }

  [[nodiscard]] ArrivalSum input(std::uint32_t n, const Cells& cells, const GridCell& cell) const {
    ArrivalSum sum{cell.sum(cells[0][n]) + more_.excitatory[n], more_.inhibitory[n], 0};
    std::int64_t count = cell.count(cells[0][n]) + more_.counts[n];
    if constexpr (channels == 2) {
      sum.inhibitory += cell.sum(cells[1][n]);
      count += cell.count(cells[1][n]);
    }
    sum.count = static_cast<std::uint32_t>(count);
    return sum;
  }

  void spike(std::uint32_t n, double step, bool arrived, Tally& tally) {
    State state = states_.get(n);
    Model::reset(state, neurons_[n].constants);
    states_.set(n, state);
    refractory_until_[n] = step + neurons_[n].refractory_time();
    single_until_[n] = step + SingleSteps<true>::most;
    ++tally.spikes;
    if (!arrived) ++tally.updates_crossing;
  }

  void wake_up(std::uint32_t n, double step, const ArrivalSum& sum, std::vector<Spike>& spikes,
               Tally& tally) {
    One one = at(n, step);
    bool spikes_now = sum.count == 0;  // then it is the predicted crossing
    if (spikes_now) {
      one.cross(step, tally);
    } else {
      one.catch_up(step, tally);
      spikes_now = one.take(sum, tally);
      if (one.single.until() == step) one.predict(tally);  // it sleeps on
    }
    if (one.single.until() == step) next_crossing_ = std::min(next_crossing_, one.crossing);
    if (spikes_now) spikes.push_back({step, first_ + n});
    put(n, one);
  }

  // The earliest predicted crossing of a sleeping neuron after a grid point.
  void find_next_crossing(double now) {
    next_crossing_ = never;
    for (std::uint32_t n = 0; n < count_; ++n)
      if (std::floor(single_until_[n]) <= now && crossing_[n] > now)
        next_crossing_ = std::min(next_crossing_, crossing_[n]);
  }

  void put(std::uint32_t n, const One& one) {
    states_.set(n, one.state);
    single_until_[n] = one.single.coded;
    refractory_until_[n] = one.refractory_until;
    crossing_[n] = one.crossing;
  }

  One* neurons_;
  std::uint32_t first_;
  std::uint32_t count_;
  bool alike_ = true;             // the constants of all
  double next_crossing_ = never;  // of the sleeping
  ColumnsOf<most, State> states_;
  alignas(64) std::array<double, most> single_until_{};  // as SingleSteps codes it
  std::array<double, most> refractory_until_{};
  std::array<double, most> crossing_{};  // of the sleeping
  ColumnsOf<most, typename Model::Propagator> propagators_;
  ColumnsOf<most, typename Model::Constants> constants_;
  alignas(64) std::array<Mask, most> wide_marks_{};
  std::array<std::uint8_t, most + 8> marks_{};
  Sums more_;
};

}  // namespace flurry
