// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/spike.hpp"
#include "core/engine/neuron_model.hpp"

namespace flurry {

/// In place of a predicted crossing: nobody has looked yet.
inline constexpr double not_sought = -std::numeric_limits<double>::infinity();

/// Until when a neuron on a grid moves by single steps: some after an event that followed closely on another,
/// none after one that stands alone. Takes no room in exact time.
template <bool on_grid>
struct SingleSteps {};
template <>
struct SingleSteps<true> {
  static constexpr double most = 32.0;
  double coded = 0.5;  // grid point; half a step more where the event stands alone

  [[nodiscard]] double until() const { return std::floor(coded); }
  [[nodiscard]] double last_event() const { return coded == until() ? coded - most : until(); }
  void event(double time) { coded = time - last_event() <= most ? time + most : time + 0.5; }
};

/// Watches a neuron that nobody watches: what `Neuron` calls before its state moves on to `time`.
struct Unwatched {
  template <class One>
  void before(const One&, double) const noexcept {}
};

/// Neurons that fill whole lines of a cache begin with one.
template <NeuronDynamics Model, bool on_grid>
inline constexpr std::size_t neuron_alignment = [] {
  constexpr std::size_t line = 64;
  constexpr std::size_t own = (on_grid ? 4 : 3) * sizeof(double);
  constexpr std::size_t size = sizeof(typename Model::Constants) + sizeof(typename Model::State) + own;
  return size % line == 0 ? line : alignof(double);
}();

/// One neuron between events: the model's pure functions put to work on one state. Times are in the network's
/// unit.
///
/// On a grid (whole steps; the semantics of NEST's iaf_psc_delta, iaf_psc_exp and iaf_psc_alpha) nothing else
/// changes but this: refractoriness lasts whole steps and loses what arrives at its very end, and the
/// threshold is tested at grid points only. Where events follow each other closely the state moves by single
/// steps, else by the closed form as in exact time: a busy neuron always moves by the same propagator, which
/// GridColumns makes use of.
template <NeuronDynamics Model, bool on_grid = false>
struct Neuron {
  using Constants = typename Model::Constants;
  using State = typename Model::State;
  using Propagator = typename Model::Propagator;
  static constexpr std::size_t width = std::tuple_size_v<Propagator>;
  static constexpr std::uint32_t batch = 128;        // propagators computed at once
  static constexpr std::uint32_t batch_minimum = 4;  // below, one by one

  alignas(neuron_alignment<Model, on_grid>) Constants constants;
  State state;
  double last = 0.0;               // the state is of this time, ms
  double refractory_until = -1.0;  // the potential is held before this time
  double crossing = never;         // predicted; also tells which queue entry is still true
  [[no_unique_address]] SingleSteps<on_grid> single{};

  void catch_up(double time, Tally& tally) {
    if constexpr (on_grid) walk(std::min(time, single.until()), tally);
    if (last < refractory_until) {
      const double end = std::min(time, refractory_until);
      Model::rest(state, constants, propagator_of<Model>(constants, end - last));
      tally.exponentials += width;
      last = end;
    }
    if (time > last) {
      Model::advance(state, constants, propagator_of<Model>(constants, time - last));
      tally.exponentials += width;
      last = time;
    }
  }

  /// The state at `time`, not before `last`, if nothing arrives or crosses until then.
  [[nodiscard]] State at(double time) const {
    Neuron n = *this;
    Tally unused;
    const double whole = on_grid ? std::floor(time) : time;
    if (whole > n.last) n.catch_up(whole, unused);
    if (time > n.last) {  // between grid points
      const Propagator part = propagator_of<Model>(constants, time - n.last);
      if (n.last < n.refractory_until) {
        Model::rest(n.state, constants, part);
      } else {
        Model::advance(n.state, constants, part);
      }
    }
    return n.state;
  }

  /// Moves by single steps (on a grid).
  void walk(double time, Tally& tally) {
    if (!(last < time)) return;
    const Propagator step = propagator_of<Model>(constants, 1.0);
    tally.exponentials += width;
    while (last < time) move(step);
  }

  /// Arrivals at `last`. True if the neuron spikes.
  bool take(const ArrivalSum& sum, Tally& tally) {
    ++tally.updates_input;
    tally.arrivals += sum.count;
    if constexpr (on_grid) single.event(last);
    if (on_grid ? last <= refractory_until : last < refractory_until) {
      tally.arrivals_refractory += sum.count;
      Model::receive_refractory(state, constants, sum);
      return false;
    }
    Model::receive(state, constants, sum);
    if (!Model::at_threshold(state, constants)) return false;
    spike(tally);
    return true;
  }

  void predict(Tally& tally) {
    crossing = never;
    if (!Model::may_cross(state, constants, never)) return;
    ++tally.crossing_searches;
    if constexpr (on_grid) {
      crossing = crossing_on_grid(tally);
    } else if (last < refractory_until) {
      State rested = state;
      Model::rest(rested, constants, propagator_of<Model>(constants, refractory_until - last));
      tally.exponentials += width;
      crossing = crossing_from(refractory_until, rested);
    } else {
      crossing = crossing_from(last, state);
    }
  }

  /// Of a spike, in the network's unit.
  [[nodiscard]] double refractory_time() const {
    const double duration = Model::refractory_time(constants);
    return on_grid ? std::floor(duration + 1e-6) : duration;
  }

  /// Predicts only if a crossing may come before `horizon`; else promises there is none.
  void predict_before(double horizon, Tally& tally) {
    const double from = std::max(last, refractory_until);
    crossing = never;
    if (horizon > from && Model::may_cross(state, constants, horizon - from)) predict(tally);
  }

  /// The predicted crossing happens.
  void cross(double time, Tally& tally) {
    catch_up(time, tally);
    if constexpr (on_grid) single.event(last);
    ++tally.updates_crossing;
    spike(tally);
    predict(tally);
  }

  template <class Watch = Unwatched>
  void cross_until(double end, std::uint32_t number, std::vector<Spike>& spikes, Tally& tally,
                   Watch watch = {}) {
    while (crossing < end) {
      watch.before(*this, crossing);
      spikes.push_back({crossing, number});
      cross(crossing, tally);
    }
  }

  /// `count` arrivals in order of time, then weight, and the crossings between them and up to `end`.
  template <class Watch = Unwatched>
  void work_through(const double* times, const double* weights, std::uint32_t count, double end,
                    std::uint32_t number, std::vector<Spike>& spikes, Tally& tally, Watch watch = {}) {
    std::array<std::array<double, batch>, width> propagators;
    if (crossing == not_sought && count > 0) predict_before(times[0], tally);
    std::uint32_t i = 0;
    while (i < count) {
      const std::uint32_t part_begin = i;
      const std::uint32_t part_end = std::min(count, i + batch);
      const bool batched = !on_grid && part_end - i >= batch_minimum;
      if (batched) compute(times + i, part_end - i, propagators, tally);
      double previous = last;
      while (i < part_end) {
        const double time = times[i];
        const std::uint32_t at = i - part_begin;
        if (crossing < time) cross_until(time, number, spikes, tally, watch);
        watch.before(*this, time);
        if (batched && last == previous && refractory_until <= previous && time > previous) {
          advance_by(propagators, at, time);
        } else {
          catch_up(time, tally);
        }
        previous = time;
        ArrivalSum sum;
        for (; i < count && times[i] == time; ++i) sum.add(weights[i]);
        if (take(sum, tally)) spikes.push_back({time, number});
        if (i < count) {
          predict_before(times[i], tally);
        } else {
          predict(tally);
        }
      }
    }
    cross_until(end, number, spikes, tally, watch);
    watch.before(*this, end);
  }

 private:
  // One step of the grid.
  void move(const Propagator& step) {
    if (last < refractory_until) {
      Model::rest(state, constants, step);
    } else {
      Model::advance(state, constants, step);
    }
    last += 1.0;
  }

  void spike(Tally& tally) {
    ++tally.spikes;
    Model::reset(state, constants);
    refractory_until = last + refractory_time();
  }

  // Without input from `start` on.
  [[nodiscard]] double crossing_from(double start, const State& from) const {
    return start + Model::next_crossing(from, constants);
  }

  // The first grid point that finds the potential at threshold if nothing arrives.
  [[nodiscard]] double crossing_on_grid(Tally& tally) const {
    Neuron n = *this;
    const Propagator step = propagator_of<Model>(constants, 1.0);
    tally.exponentials += width;
    while (n.last < n.single.until()) {
      n.move(step);
      if (n.last > n.refractory_until && Model::at_threshold(n.state, constants)) return n.last;
    }
    n.catch_up(std::max(n.last, n.refractory_until), tally);
    for (;;) {
      const double steps = std::max(1.0, std::ceil(Model::next_crossing(n.state, constants)));
      if (steps == never) return never;
      n.catch_up(n.last + steps, tally);
      if (Model::at_threshold(n.state, constants)) return n.last;
    }
  }

  // Propagators from each arrival to the next, column by column so that the loop vectorises.
  void compute(const double* times, std::uint32_t count,
               std::array<std::array<double, batch>, width>& propagators, Tally& tally) const {
    std::array<double, batch> elapsed;
    elapsed[0] = times[0] - last;
    for (std::uint32_t j = 1; j < count; ++j) elapsed[j] = times[j] - times[j - 1];
    tally.exponentials += count * width;
    if constexpr (QuickDynamics<Model>)
      if (Model::is_quick(constants)) return compute_by<Model::quick_propagator>(elapsed, count, propagators);
    compute_by<Model::propagator>(elapsed, count, propagators);
  }
  template <Propagator (*propagator)(const Constants&, double) noexcept>
  void compute_by(const std::array<double, batch>& elapsed, std::uint32_t count,
                  std::array<std::array<double, batch>, width>& propagators) const {
    const Constants copy = constants;
    for (std::uint32_t j = 0; j < count; ++j) {
      const Propagator p = propagator(copy, elapsed[j]);
      for (std::size_t k = 0; k < width; ++k) propagators[k][j] = p[k];
    }
  }

  void advance_by(const std::array<std::array<double, batch>, width>& propagators, std::uint32_t at,
                  double time) {
    Propagator p;
    for (std::size_t k = 0; k < width; ++k) p[k] = propagators[k][at];
    Model::advance(state, constants, p);
    last = time;
  }
};

}  // namespace flurry
