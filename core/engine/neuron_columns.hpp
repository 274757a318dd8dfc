// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/engine/arrival_columns.hpp"
#include "core/engine/columns_of.hpp"
#include "core/engine/neuron.hpp"
#include "core/engine/state_sampler.hpp"

namespace flurry {

/// Works eight neurons through their arrivals side by side, row by row: the arithmetic of Neuron, from the
/// same functions of the model, on eight states at once.
///
/// A column is left to Neuron from the row on where anything but "advance, receive, stay below threshold"
/// happens: a spike, several arrivals at one instant, refractoriness, a crossing before the next arrival; and
/// as a whole where samples are due of its neuron.
template <NeuronDynamics Model, class Sampler>
class NeuronColumns {
 public:
  static constexpr std::uint32_t columns = ArrivalColumns::width;
  using Group = ArrivalColumns::Group;

  NeuronColumns(double end, std::vector<Spike>& spikes, Tally& tally, Sampler& sampler)
      : end_(end), spikes_(spikes), tally_(tally), sampler_(sampler) {}

  /// `neurons` are those of the population; `first` is the first of the block. Their `crossing` tells
  /// afterwards what is known of the next one.
  void run(Neuron<Model>* neurons, std::uint32_t first, const Group& group) {
    for (std::uint32_t c = 0; c < columns; ++c) {
      numbers_[c] = first + (group.counts[c] > 0 ? group.neurons[c] : 0);
      neurons_[c] = neurons + numbers_[c];
    }
    load(group);
    std::uint32_t row = 0;
    while (active_ != 0) {
      std::uint32_t stop = group.rows;
      for_each_column(active_, [&](std::uint32_t c) { stop = std::min(stop, group.counts[c]); });
      for (; row < stop; ++row) {
        if (step(group, row)) look(group, row);
        std::swap(now_, after_);
        if (active_ == 0) return;
      }
      for_each_column(active_, [&](std::uint32_t c) {
        if (group.counts[c] == row) finish(group, c);
      });
    }
  }

 private:
  static constexpr std::int64_t leave = 1;   // not for columns
  static constexpr std::int64_t search = 2;  // a crossing may come before the next arrival

  template <class Visit>
  static void for_each_column(std::uint32_t mask, Visit&& visit) {
    for (; mask != 0; mask &= mask - 1) visit(static_cast<std::uint32_t>(std::countr_zero(mask)));
  }

  void load(const Group& group) {
    active_ = 0;
    for (std::uint32_t c = 0; c < columns; ++c) {
      if (group.counts[c] == 0) continue;
      Neuron<Model>& n = *neurons_[c];
      const double first = group.times[c];
      if (n.crossing == not_sought) n.predict_before(first, tally_);
      if (n.last < n.refractory_until || n.crossing < first || sampler_.watches(numbers_[c])) {
        work_through(group, c, 0);
        continue;
      }
      active_ |= 1U << c;
      constants_.set(c, n.constants);
      now_->set(c, n.state);
      last_[c] = n.last;
      searched_row_[c] = group.rows;
    }
  }

  // One row for all columns; whatever happens in columns that are not active is not looked at.
  bool step(const Group& group, std::uint32_t row) {
    const double* times = group.times + std::size_t{row} * columns;
    const double* weights = group.weights + std::size_t{row} * columns;
    const double* before = row == 0 ? last_.data() : times - columns;
    const auto& now = *now_;
    auto& after = *after_;
    std::int64_t any = 0;
#pragma GCC ivdep
    for (std::size_t c = 0; c < columns; ++c) {
      const auto constants = constants_.get(c);
      auto state = now.get(c);
      const double left = times[c + columns] - times[c];
      Model::advance(state, constants, Model::propagator(constants, times[c] - before[c]));
      ArrivalSum sum;
      sum.add(weights[c]);
      Model::receive(state, constants, sum);
      const std::int64_t stop = Model::at_threshold(state, constants) || left == 0.0 ? leave : 0;
      flags_[c] = Model::may_cross(state, constants, left) ? stop | search : stop;
      any |= flags_[c];
      after.set(c, state);
    }
    return any != 0;
  }

  void look(const Group& group, std::uint32_t row) {
    for_each_column(active_, [&](std::uint32_t c) {
      if (flags_[c] == 0) return;
      Neuron<Model>& n = *neurons_[c];
      const double time = group.times[row * columns + c];
      if ((flags_[c] & leave) != 0) {
        put_back(group, c, row);
        n.crossing = never;
        work_through(group, c, row);
        active_ &= ~(1U << c);
        return;
      }
      n.state = after_->get(c);
      n.last = time;
      n.predict(tally_);
      crossing_[c] = n.crossing;
      searched_row_[c] = row;
      if (n.crossing >= group.times[(row + 1) * columns + c]) return;
      count(row + 1);
      work_through(group, c, row + 1);
      active_ &= ~(1U << c);
    });
  }

  // The column's neuron as it is before `row`.
  void put_back(const Group& group, std::uint32_t c, std::uint32_t row) {
    neurons_[c]->state = now_->get(c);
    if (row > 0) neurons_[c]->last = group.times[(row - 1) * columns + c];
    count(row);
  }
  void finish(const Group& group, std::uint32_t c) {
    Neuron<Model>& n = *neurons_[c];
    put_back(group, c, group.counts[c]);
    if (searched_row_[c] + 1 == group.counts[c]) {
      n.crossing = crossing_[c];
    } else {
      n.crossing = Model::may_cross(n.state, n.constants, never) ? not_sought : never;
    }
    active_ &= ~(1U << c);
  }
  void count(std::uint32_t rows) {
    tally_.updates_input += rows;
    tally_.arrivals += rows;
    tally_.exponentials += rows * Neuron<Model>::width;
  }

  void work_through(const Group& group, std::uint32_t c, std::uint32_t row) {
    const std::uint32_t left = group.counts[c] - row;
    times_.resize(left);
    weights_.resize(left);
    for (std::uint32_t i = 0; i < left; ++i) {
      times_[i] = group.times[(row + i) * columns + c];
      weights_[i] = group.weights[(row + i) * columns + c];
      for (std::uint32_t j = i; j > 0 && times_[j - 1] == times_[j] && weights_[j] < weights_[j - 1]; --j)
        std::swap(weights_[j - 1], weights_[j]);
    }
    const auto work = [&](auto watch) {
      neurons_[c]->work_through(times_.data(), weights_.data(), left, end_, numbers_[c], spikes_, tally_,
                                watch);
    };
    if (sampler_.watches(numbers_[c]))
      work(sampler_.watch(numbers_[c]));
    else
      work(Unwatched{});
  }

  std::array<Neuron<Model>*, columns> neurons_{};
  std::array<std::uint32_t, columns> numbers_{};
  double end_;
  std::vector<Spike>& spikes_;
  Tally& tally_;
  Sampler& sampler_;
  std::uint32_t active_ = 0;  // columns, a bit each
  ColumnsOf<columns, typename Model::Constants> constants_;
  ColumnsOf<columns, typename Model::State> states_[2];
  ColumnsOf<columns, typename Model::State>* now_ = &states_[0];
  ColumnsOf<columns, typename Model::State>* after_ = &states_[1];
  alignas(64) std::array<double, columns> last_{};
  std::array<double, columns> crossing_{};  // found after row searched_row_
  std::array<std::uint32_t, columns> searched_row_{};
  alignas(64) std::array<std::int64_t, columns> flags_{};
  std::vector<double> times_;
  std::vector<double> weights_;
};

}  // namespace flurry
