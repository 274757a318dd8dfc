// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/base/error.hpp"
#include "core/engine/field.hpp"
#include "core/engine/neuron_model.hpp"
#include "core/engine/neurons.hpp"
#include "core/engine/parameters.hpp"

namespace flurry {

/// A population of neurons of one model: the model's pure functions put to work on an array of states.
template <NeuronDynamics Model>
class NeuronsOf final : public Neurons {
 public:
  using Constants = typename Model::Constants;
  using State = typename Model::State;
  using Propagator = typename Model::Propagator;

  NeuronsOf(const Population& population, const ModelInfo& info, std::uint64_t seed) {
    const ParameterColumns columns(population, info, seed);
    std::vector<double> row;
    neurons_.reserve(population.size());
    for (std::uint32_t n = 0; n < population.size(); ++n) {
      columns.row(n, row);
      const auto parameters = parameters_from<Model>(row);
      if (const std::string wrong = Model::check(parameters); !wrong.empty())
        throw UsageError(
            "population " + population.name() +
            (population.description.where.empty() ? "" : " (" + population.description.where + ")") +
            ", neuron " + std::to_string(n) + ": " + wrong);
      const Constants constants = Model::constants(parameters);
      neurons_.push_back({constants, Model::initial(parameters, constants)});
    }
  }

  [[nodiscard]] std::uint32_t size() const override { return static_cast<std::uint32_t>(neurons_.size()); }
  [[nodiscard]] std::uint64_t bytes_per_neuron() const override { return sizeof(Neuron); }

  double first_crossing(std::uint32_t neuron, Tally& tally) override {
    predict(neurons_[neuron], tally);
    return neurons_[neuron].crossing;
  }

  Outcome receive(std::uint32_t neuron, double time, const ArrivalSum& sum, Tally& tally) override {
    Neuron& n = neurons_[neuron];
    catch_up(n, time, tally);
    const bool spiked = take(n, sum, tally);
    predict(n, tally);
    return {spiked, n.crossing};
  }

  double cross(std::uint32_t neuron, double time, Tally& tally) override {
    cross(neurons_[neuron], time, tally);
    return neurons_[neuron].crossing;
  }

  void start_block(std::uint32_t first, std::uint32_t count, EventQueue& crossings, Tally& tally) override {
    for (std::uint32_t n = first; n < first + count; ++n) {
      predict(neurons_[n], tally);
      announce(n, crossings, tally);
    }
  }

  void advance_block(const OrderedArrivals& arrivals, double end, EventQueue& crossings,
                     std::vector<Spike>& spikes, Tally& tally) override {
    for (const auto& segment : arrivals.segments()) {
      advance_neuron(segment, arrivals, end, spikes, tally);
      announce(segment.neuron, crossings, tally);
    }
    while (crossings.next_time() < end) {
      const Event event = crossings.pop();
      ++tally.queue_pops;
      Neuron& n = neurons_[event.who];
      if (n.crossing != event.time) {  // overtaken: an arrival or an earlier pop moved the neuron on
        ++tally.crossings_stale;
        continue;
      }
      cross_until(n, event.who, end, spikes, tally);
      announce(event.who, crossings, tally);
    }
  }

  [[nodiscard]] double potential(std::uint32_t neuron, double time) const override {
    Neuron n = neurons_[neuron];
    Tally unused;
    if (time > n.last) catch_up(n, time, unused);
    return Model::potential(n.state, n.constants);
  }

 private:
  static constexpr std::size_t width = std::tuple_size_v<Propagator>;
  static constexpr std::uint32_t batch = 128;        // propagators computed at once
  static constexpr std::uint32_t batch_minimum = 4;  // below, one by one

  struct Neuron {
    Constants constants;
    State state;
    double last = 0.0;               // the state is of this time
    double refractory_until = -1.0;  // the potential is held before this time
    double crossing = never;         // predicted; also tells which queue entry is still true
  };

  static void catch_up(Neuron& n, double time, Tally& tally) {
    if (n.last < n.refractory_until) {
      const double end = std::min(time, n.refractory_until);
      Model::rest(n.state, n.constants, Model::propagator(n.constants, end - n.last));
      tally.exponentials += width;
      n.last = end;
    }
    if (time > n.last) {
      Model::advance(n.state, n.constants, Model::propagator(n.constants, time - n.last));
      tally.exponentials += width;
      n.last = time;
    }
  }

  // Arrivals at n.last. True if the neuron spikes.
  static bool take(Neuron& n, const ArrivalSum& sum, Tally& tally) {
    ++tally.updates_input;
    tally.arrivals += sum.count;
    if (n.last < n.refractory_until) {
      tally.arrivals_refractory += sum.count;
      Model::receive_refractory(n.state, n.constants, sum);
      return false;
    }
    Model::receive(n.state, n.constants, sum);
    if (!Model::at_threshold(n.state, n.constants)) return false;
    spike(n, tally);
    return true;
  }

  static void spike(Neuron& n, Tally& tally) {
    ++tally.spikes;
    Model::reset(n.state, n.constants);
    n.refractory_until = n.last + Model::refractory_time(n.constants);
  }

  static void predict(Neuron& n, Tally& tally) {
    n.crossing = never;
    if (!Model::may_cross(n.state, n.constants, never)) return;
    ++tally.crossing_searches;
    if (n.last < n.refractory_until) {
      State rested = n.state;
      Model::rest(rested, n.constants, Model::propagator(n.constants, n.refractory_until - n.last));
      tally.exponentials += width;
      n.crossing = n.refractory_until + Model::next_crossing(rested, n.constants);
    } else {
      n.crossing = n.last + Model::next_crossing(n.state, n.constants);
    }
  }

  // Predicts only if a crossing may come before `horizon`; else promises there is none.
  static void predict_before(Neuron& n, double horizon, Tally& tally) {
    const double from = std::max(n.last, n.refractory_until);
    n.crossing = never;
    if (horizon > from && Model::may_cross(n.state, n.constants, horizon - from)) predict(n, tally);
  }

  static void cross(Neuron& n, double time, Tally& tally) {
    catch_up(n, time, tally);
    ++tally.updates_crossing;
    spike(n, tally);
    predict(n, tally);
  }

  static void cross_until(Neuron& n, std::uint32_t neuron, double end, std::vector<Spike>& spikes,
                          Tally& tally) {
    while (n.crossing < end) {
      spikes.push_back({n.crossing, neuron});
      cross(n, n.crossing, tally);
    }
  }

  void announce(std::uint32_t neuron, EventQueue& crossings, Tally& tally) {
    if (neurons_[neuron].crossing == never) return;
    ++tally.queue_pushes;
    crossings.push({neurons_[neuron].crossing, Event::Kind::crossing, neuron});
  }

  /// All arrivals of one neuron in a window, and its crossings between them.
  void advance_neuron(const OrderedArrivals::Segment& segment, const OrderedArrivals& arrivals, double end,
                      std::vector<Spike>& spikes, Tally& total) {
    Neuron n = neurons_[segment.neuron];  // in registers while its arrivals are worked through
    Tally tally;
    const double* times = arrivals.times();
    const double* weights = arrivals.weights();
    std::array<std::array<double, batch>, width> propagators;
    std::uint32_t i = segment.begin;
    while (i < segment.end) {
      const std::uint32_t part_end = std::min(segment.end, i + batch);
      const bool batched = part_end - i >= batch_minimum;
      if (batched) compute(n, times + i, part_end - i, propagators, tally);
      const std::uint32_t part_begin = i;
      double previous = n.last;
      while (i < part_end) {
        const double time = times[i];
        const std::uint32_t at = i - part_begin;
        if (n.crossing < time) cross_until(n, segment.neuron, time, spikes, tally);
        if (batched && n.last == previous && n.refractory_until <= previous && time > previous) {
          advance_by(n, propagators, at, time);
        } else {
          catch_up(n, time, tally);
        }
        previous = time;
        ArrivalSum sum;
        for (; i < segment.end && times[i] == time; ++i) sum.add(weights[i]);
        if (take(n, sum, tally)) spikes.push_back({time, segment.neuron});
        if (i < segment.end) {
          predict_before(n, times[i], tally);
        } else {
          predict(n, tally);
        }
      }
    }
    cross_until(n, segment.neuron, end, spikes, tally);
    neurons_[segment.neuron] = n;
    total += tally;
  }

  // Propagators from each arrival to the next, column by column so that the loop vectorises.
  static void compute(const Neuron& n, const double* times, std::uint32_t count,
                      std::array<std::array<double, batch>, width>& propagators, Tally& tally) {
    std::array<double, batch> elapsed;
    elapsed[0] = times[0] - n.last;
    for (std::uint32_t j = 1; j < count; ++j) elapsed[j] = times[j] - times[j - 1];
    const Constants constants = n.constants;
    for (std::uint32_t j = 0; j < count; ++j) {
      const Propagator p = Model::propagator(constants, elapsed[j]);
      for (std::size_t k = 0; k < width; ++k) propagators[k][j] = p[k];
    }
    tally.exponentials += count * width;
  }

  static void advance_by(Neuron& n, const std::array<std::array<double, batch>, width>& propagators,
                         std::uint32_t at, double time) {
    Propagator p;
    for (std::size_t k = 0; k < width; ++k) p[k] = propagators[k][at];
    Model::advance(n.state, n.constants, p);
    n.last = time;
  }

  std::vector<Neuron> neurons_;
};

}  // namespace flurry
