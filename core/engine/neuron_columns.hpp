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

/// What neurons of a population have in common.
template <NeuronDynamics Model>
struct NeuronKind {
  bool quick = true;  // all have the quick propagator
  bool alike = true;  // all have these constants
  typename Model::Constants constants{};

  void add(const typename Model::Constants& more, bool first) {
    if constexpr (QuickDynamics<Model>) quick = quick && Model::is_quick(more);
    if (first) constants = more;
    alike = alike && bits_of(more) == bits_of(constants);
  }
};

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

  /// `kind`: of all neurons.
  NeuronColumns(double end, std::vector<Spike>& spikes, Tally& tally, Sampler& sampler,
                const NeuronKind<Model>& kind)
      : end_(end), kind_(kind), spikes_(spikes), tally_(tally), sampler_(sampler) {}

  /// `neurons` are those of the population; `first` is the first of the block. Their `crossing` tells
  /// afterwards what is known of the next one. Visits those that may have one.
  template <class Visit>
  void run(Neuron<Model>* neurons, std::uint32_t first, const Group& group, Visit&& visit) {
    work(neurons, first, group);
    for_each_column(open_, [&](std::uint32_t c) { visit(numbers_[c]); });
  }

 private:
  void work(Neuron<Model>* neurons, std::uint32_t first, const Group& group) {
    open_ = 0;
    for (std::uint32_t c = 0; c < columns; ++c) {
      numbers_[c] = first + (group.counts[c] > 0 ? group.neurons[c] : 0);
      neurons_[c] = neurons + numbers_[c];
    }
    load(group);
    std::uint32_t row = 0;
    while (active_ != 0) {
      std::uint32_t stop = group.rows;
      for (std::uint32_t c = 0; c < columns; ++c)
        stop = std::min(stop, (active_ & bit(c)) != 0 ? group.counts[c] : group.rows);
      for (; row < stop; ++row) {
        if (const std::uint64_t flags = step(group, row); flags != 0) look(group, row, flags);
        std::swap(now_, after_);
        if (active_ == 0) return;
      }
      finish(group, row);
    }
  }

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

  // The fields of eight neurons, in the order of Neuron's.
  struct Loaded {
    ColumnsOf<columns, typename Model::Constants> constants;
    ColumnsOf<columns, typename Model::State> state;
    alignas(64) std::array<double, columns> last{};
    std::array<double, columns> refractory_until{};
    std::array<double, columns> crossing{};
  };
  static constexpr std::size_t fields = sizeof(Neuron<Model>) / sizeof(double);
  static_assert(sizeof(Loaded) == columns * sizeof(Neuron<Model>));

  void load(const Group& group) {
    std::array<const double*, columns> from;
    for (std::uint32_t c = 0; c < columns; ++c) from[c] = reinterpret_cast<const double*>(neurons_[c]);
    auto* const rows = reinterpret_cast<double*>(&loaded_);
    if (kind_.alike) {
      constexpr std::size_t own = sizeof(typename Model::Constants) / sizeof(double);
      if (!constants_loaded_)
        for (std::uint32_t c = 0; c < columns; ++c) loaded_.constants.set(c, kind_.constants);
      constants_loaded_ = true;
      transpose<fields, own>(from, rows);
    } else {
      transpose<fields>(from, rows);
    }
    now_ = &loaded_.state;
    after_ = &other_state_;
    searched_row_.fill(group.rows);
    active_ = 0;
    std::uint64_t away = 0;  // refractory, about to spike, or nobody has looked when it would
    for (std::uint32_t c = 0; c < columns; ++c) {
      const bool elsewhere =
          loaded_.last[c] < loaded_.refractory_until[c] || loaded_.crossing[c] < group.times[c];
      active_ |= std::uint64_t{group.counts[c] > 0} << 8 * c;
      away |= std::uint64_t{elsewhere} << 8 * c;
    }
    for_each_column(active_ & away, [&](std::uint32_t c) {
      Neuron<Model>& n = *neurons_[c];
      const double first = group.times[c];
      if (n.crossing == not_sought) n.predict_before(first, tally_);
      if (!(n.last < n.refractory_until || n.crossing < first)) return;
      work_through(group, c, 0);
      active_ &= ~bit(c);
    });
    if constexpr (sampled)
      for_each_column(active_, [&](std::uint32_t c) { due_[c] = sampler_.watch_column(c, numbers_[c]); });
  }

  std::uint64_t step(const Group& group, std::uint32_t row) {
    if constexpr (QuickDynamics<Model>)
      if (kind_.quick) return step_by<Model::quick_propagator>(group, row);
    return step_by<Model::propagator>(group, row);
  }

  // One row for all columns; whatever happens in columns that are not active is not looked at.
  template <typename Model::Propagator (*propagator)(const typename Model::Constants&, double) noexcept>
  std::uint64_t step_by(const Group& group, std::uint32_t row) {
    const double* times = group.times + std::size_t{row} * columns;
    const double* weights = group.weights + std::size_t{row} * columns;
    const double* before = row == 0 ? loaded_.last.data() : times - columns;
    const auto& now = *now_;
    auto& after = *after_;
    std::uint64_t flags = 0;
#pragma GCC ivdep
    for (std::size_t c = 0; c < columns; ++c) {
      const auto constants = loaded_.constants.get(c);
      auto state = now.get(c);
      const double left = times[c + columns] - times[c];
      Model::advance(state, constants, propagator(constants, times[c] - before[c]));
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
    const double* before = row == 0 ? loaded_.last.data() : times - columns;
    const auto& now = *now_;
    ColumnsOf<columns, typename Model::State> samples;
    while (wanted != 0) {
#pragma GCC ivdep
      for (std::size_t c = 0; c < columns; ++c) {
        const auto constants = loaded_.constants.get(c);
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
  // All columns that end with the row before this one.
  void finish(const Group& group, std::uint32_t row) {
    std::uint64_t ended = 0;
    for (std::uint32_t c = 0; c < columns; ++c) ended |= std::uint64_t{group.counts[c] == row} << 8 * c;
    ended &= active_;
    active_ &= ~ended;
    std::uint64_t open = 0;
    const auto look_ahead = [&](std::uint32_t c) {
      open |= std::uint64_t{Model::may_cross(now_->get(c), loaded_.constants.get(c), never)} << 8 * c;
    };
    constexpr int few = 3;
    if (std::popcount(ended) < few)
      for_each_column(ended, look_ahead);
    else
      for (std::uint32_t c = 0; c < columns; ++c) look_ahead(c);
    for_each_column(ended, [&](std::uint32_t c) {
      Neuron<Model>& n = *neurons_[c];
      n.state = now_->get(c);
      n.last = group.times[(row - 1) * columns + c];
      n.crossing = (open & bit(c)) != 0 ? not_sought : never;
      if (searched_row_[c] + 1 == row) n.crossing = crossing_[c];
      if (n.crossing != never) open_ |= bit(c);
    });
    count(row * static_cast<std::uint32_t>(std::popcount(ended)));
  }
  void count(std::uint32_t rows) {
    tally_.updates_input += rows;
    tally_.arrivals += rows;
    tally_.exponentials += rows * Neuron<Model>::width;
  }

  void work_through(const Group& group, std::uint32_t c, std::uint32_t row) {
    open_ |= bit(c);
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
  const NeuronKind<Model>& kind_;
  bool constants_loaded_ = false;
  std::vector<Spike>& spikes_;
  Tally& tally_;
  Sampler& sampler_;
  std::uint64_t active_ = 0;  // columns, a bit() each
  std::uint64_t open_ = 0;    // whose neuron may cross later
  Loaded loaded_;
  ColumnsOf<columns, typename Model::State> other_state_;
  ColumnsOf<columns, typename Model::State>* now_ = nullptr;
  ColumnsOf<columns, typename Model::State>* after_ = nullptr;
  std::array<double, columns> crossing_{};  // found after row searched_row_
  std::array<std::uint32_t, columns> searched_row_{};
  alignas(64) std::array<double, columns> due_{};  // the next sample of each
  std::vector<double> times_;
  std::vector<double> weights_;
};

}  // namespace flurry
