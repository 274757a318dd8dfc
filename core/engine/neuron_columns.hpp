// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>
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
/// happens: a spike, several arrivals at one instant, refractoriness, a crossing before the next arrival.
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
        if (const std::uint64_t flags = step(group, row); flags != 0) look(group, row, flags);
        std::swap(now_, after_);
        if (active_ == 0) return;
      }
      for_each_column(active_, [&](std::uint32_t c) {
        if (group.counts[c] == row) finish(group, c);
      });
    }
  }

 private:
  // What happens in a column, a byte each.
  static constexpr std::uint64_t leave = 1;   // not for columns
  static constexpr std::uint64_t search = 2;  // a crossing may come before the next arrival
  static constexpr std::uint64_t sample = 4;  // a sample is due before this arrival
  static constexpr std::uint64_t all = leave | search | sample;
  static constexpr bool sampled = !std::is_same_v<Sampler, NoSampler>;

  static constexpr std::uint64_t bit(std::uint32_t c) { return std::uint64_t{1} << 8 * c; }
  // Of a set of columns, their bytes' lowest bits.
  template <class Visit>
  static void for_each_column(std::uint64_t set, Visit&& visit) {
    for (; set != 0; set &= set - 1) visit(static_cast<std::uint32_t>(std::countr_zero(set)) / 8);
  }

  void load(const Group& group) {
    active_ = 0;
    for (std::uint32_t c = 0; c < columns; ++c) {
      if (group.counts[c] == 0) continue;
      Neuron<Model>& n = *neurons_[c];
      const double first = group.times[c];
      if (n.crossing == not_sought) n.predict_before(first, tally_);
      if (n.last < n.refractory_until || n.crossing < first) {
        work_through(group, c, 0);
        continue;
      }
      active_ |= bit(c);
      constants_.set(c, n.constants);
      now_->set(c, n.state);
      last_[c] = n.last;
      searched_row_[c] = group.rows;
      if constexpr (sampled) due_[c] = sampler_.watch_column(c, numbers_[c]);
    }
  }

  // One row for all columns; whatever happens in columns that are not active is not looked at.
  std::uint64_t step(const Group& group, std::uint32_t row) {
    const double* times = group.times + std::size_t{row} * columns;
    const double* weights = group.weights + std::size_t{row} * columns;
    const double* before = row == 0 ? last_.data() : times - columns;
    const auto& now = *now_;
    auto& after = *after_;
    std::uint64_t flags = 0;
#pragma GCC ivdep
    for (std::size_t c = 0; c < columns; ++c) {
      const auto constants = constants_.get(c);
      auto state = now.get(c);
      const double left = times[c + columns] - times[c];
      Model::advance(state, constants, Model::propagator(constants, times[c] - before[c]));
      ArrivalSum sum;
      sum.add(weights[c]);
      Model::receive(state, constants, sum);
      const std::uint64_t stop = Model::at_threshold(state, constants) || left == 0.0 ? leave : 0;
      const std::uint64_t seek = Model::may_cross(state, constants, left) ? search : 0;
      const std::uint64_t due = sampled && due_[c] < times[c] ? sample : 0;
      flags |= (stop | seek | due) << 8 * c;
      after.set(c, state);
    }
    return flags & active_ * all;
  }

  void look(const Group& group, std::uint32_t row, std::uint64_t flags) {
    constexpr std::uint64_t everyone = ~std::uint64_t{0} / 0xFFU;
    if constexpr (sampled)
      if ((flags & sample * everyone) != 0) take_samples(group, row, flags / sample & everyone);
    for_each_column((flags | flags / search) & everyone, [&](std::uint32_t c) {
      Neuron<Model>& n = *neurons_[c];
      const double time = group.times[row * columns + c];
      if ((flags & leave * bit(c)) != 0) {
        put_back(group, c, row);
        n.crossing = never;
        work_through(group, c, row);
        active_ &= ~bit(c);
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
      active_ &= ~bit(c);
    });
  }

  // Samples before a row, of the columns where any are due: the next of each, until none is left.
  void take_samples(const Group& group, std::uint32_t row, std::uint64_t wanted) {
    const double* times = group.times + std::size_t{row} * columns;
    const double* before = row == 0 ? last_.data() : times - columns;
    const auto& now = *now_;
    ColumnsOf<columns, typename Model::State> samples;
    while (wanted != 0) {
#pragma GCC ivdep
      for (std::size_t c = 0; c < columns; ++c) {
        const auto constants = constants_.get(c);
        const auto still = now.get(c);
        auto moved = still;
        const double elapsed = due_[c] - before[c];
        Model::advance(moved, constants, Model::propagator(constants, elapsed));
        samples.set(c, choose(elapsed > 0.0 ? -1 : 0, moved, still));
      }
      for_each_column(wanted, [&](std::uint32_t c) {
        due_[c] = sampler_.store_column(c, due_[c], samples.get(c), neurons_[c]->constants);
        if (!(due_[c] < times[c])) wanted &= ~bit(c);
      });
    }
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
    active_ &= ~bit(c);
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
  std::uint64_t active_ = 0;  // columns, a bit() each
  ColumnsOf<columns, typename Model::Constants> constants_;
  ColumnsOf<columns, typename Model::State> states_[2];
  ColumnsOf<columns, typename Model::State>* now_ = &states_[0];
  ColumnsOf<columns, typename Model::State>* after_ = &states_[1];
  alignas(64) std::array<double, columns> last_{};
  std::array<double, columns> crossing_{};  // found after row searched_row_
  std::array<std::uint32_t, columns> searched_row_{};
  alignas(64) std::array<double, columns> due_{};  // the next sample of each
  std::vector<double> times_;
  std::vector<double> weights_;
};

}  // namespace flurry
