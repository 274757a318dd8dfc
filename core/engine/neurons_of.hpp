// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/huge_pages.hpp"
#include "core/base/time_unit.hpp"
#include "core/engine/field.hpp"
#include "core/engine/grid_columns.hpp"
#include "core/engine/neuron.hpp"
#include "core/engine/neuron_columns.hpp"
#include "core/engine/neurons.hpp"
#include "core/engine/parameters.hpp"
#include "core/engine/state_sampler.hpp"

namespace flurry {

/// A population of neurons of one model.
template <NeuronDynamics Model, bool on_grid = false>
class NeuronsOf final : public Neurons {
 public:
  using One = Neuron<Model, on_grid>;

  NeuronsOf(const Population& population, const ModelInfo& info, std::uint64_t seed, const TimeUnit& unit)
      : members_(population.members), per_time_(1.0 / unit.length()) {
    const ParameterColumns columns(population, info, seed);
    std::vector<double> row;
    reserve_on_huge_pages(neurons_, population.size());
    for (std::uint32_t n = 0; n < population.size(); ++n) {
      columns.row(n, row);
      for (std::size_t i = 0; on_grid && i < row.size(); ++i)
        row[i] *= unit.factor(info.parameters[i].dimension);
      const auto parameters = parameters_from<Model>(row);
      if (const std::string wrong = Model::check(parameters); !wrong.empty())
        throw UsageError(
            "population " + population.name() +
            (population.description.where.empty() ? "" : " (" + population.description.where + ")") +
            ", neuron " + std::to_string(population.whole(n)) + ": " + wrong);
      const auto constants = Model::constants(parameters);
      kind_.add(constants, n == 0);
      neurons_.push_back({constants, Model::initial(parameters, constants)});
    }
  }

  [[nodiscard]] std::uint32_t size() const override { return static_cast<std::uint32_t>(neurons_.size()); }
  [[nodiscard]] std::uint64_t bytes_per_neuron() const override { return sizeof(One); }

  double first_crossing(std::uint32_t neuron, Tally& tally) override {
    neurons_[neuron].predict(tally);
    return neurons_[neuron].crossing;
  }

  Outcome receive(std::uint32_t neuron, double time, const ArrivalSum& sum, Tally& tally) override {
    One& n = neurons_[neuron];
    n.catch_up(time, tally);
    const bool spiked = n.take(sum, tally);
    n.predict(tally);
    return {spiked, n.crossing};
  }

  double cross(std::uint32_t neuron, double time, Tally& tally) override {
    neurons_[neuron].cross(time, tally);
    return neurons_[neuron].crossing;
  }

  void start_block(std::uint32_t first, std::uint32_t count, BlockCrossings& crossings,
                   Tally& tally) override {
    for (std::uint32_t n = first; n < first + count; ++n) {
      neurons_[n].predict(tally);
      announce(n, crossings, tally);
    }
  }

  void advance_block(const OrderedArrivals& arrivals, double end, BlockCrossings& crossings,
                     std::vector<Spike>& spikes, Tally& total,
                     std::span<const BlockSamples> samples) override {
    with_sampler(samples,
                 [&](auto& sampler) { advance_ordered(arrivals, end, crossings, spikes, total, sampler); });
  }

  void advance_block(ArrivalColumns& arrivals, double end, BlockCrossings& crossings,
                     std::vector<Spike>& spikes, Tally& total,
                     std::span<const BlockSamples> samples) override {
    // On a grid arrivals coincide, which columns leave to Neuron anyway.
    if constexpr (!on_grid)
      with_sampler(samples,
                   [&](auto& sampler) { advance_columns(arrivals, end, crossings, spikes, total, sampler); });
  }

  void prefetch(std::uint32_t first, std::span<const PackedArrival> arrivals) const override {
    for (const PackedArrival arrival : arrivals) fetch(first + arrival.neuron());
  }

  void sample_block(std::span<const BlockSamples> samples) const override {
    Sampler(samples).finish(neurons_);
  }

  [[nodiscard]] std::uint32_t channels() const override { return input_channels<Model>; }

  std::unique_ptr<GridBlock> step_block(std::uint32_t first, std::uint32_t count, double now) override {
    if constexpr (on_grid) {
      return std::make_unique<GridColumns<Model>>(&neurons_[first], first, count, now);
    } else {
      throw InternalError("a block was to be stepped in exact time");
    }
  }

  [[nodiscard]] double potential(std::uint32_t neuron, double time) const override {
    return Model::potential(neurons_[neuron].at(time), neurons_[neuron].constants);
  }
  [[nodiscard]] std::uint32_t variables() const override { return Model::recordables.size(); }
  [[nodiscard]] double value(std::uint32_t neuron, std::uint32_t variable, double time) const override {
    const auto& line = Model::recordables[variable];
    const double inside = line.value(neurons_[neuron].at(time), neurons_[neuron].constants);
    return line.per_time ? inside * per_time_ : inside;
  }

  void save(PopulationState& state) const override {
    const std::size_t size = neurons_.size();
    state.resize(saved_words, size);
    for (std::size_t n = 0; n < size; ++n) {
      const auto words = words_of(neurons_[n]);
      for (std::size_t w = 0; w < saved_words; ++w) state.values[w * size + n] = words[w];
    }
  }

  void restore(const PopulationState& state) override {
    const std::size_t size = neurons_.size();
    if (state.words != saved_words || state.values.size() != saved_words * size)
      throw FormatError("the state of neurons does not fit their model");
    for (std::size_t n = 0; n < size; ++n) {
      std::array<double, saved_words> words;
      for (std::size_t w = 0; w < saved_words; ++w)
        words[w] = std::bit_cast<double>(state.values[w * size + n]);
      set(neurons_[n], words);
      if (std::isnan(neurons_[n].crossing) || !std::isfinite(neurons_[n].last))
        throw FormatError("the state of neuron " + std::to_string(n) + " is none it can be in");
    }
  }

  void resume_block(std::uint32_t first, std::uint32_t count, double done_before, BlockCrossings& crossings,
                    Tally& tally) override {
    crossings.sought_until = done_before;
    for (std::uint32_t n = first; n < first + count; ++n) {
      if (on_grid && neurons_[n].crossing == not_sought) neurons_[n].predict(tally);
      announce(n, crossings, tally);
    }
  }

  [[nodiscard]] std::uint64_t fingerprint() const override {
    std::uint64_t sum = 0;
    for (std::uint32_t n = 0; n < neurons_.size(); ++n)
      sum += fingerprint_of(members_ ? members_->whole(n) : n, neurons_[n].constants);
    return sum;
  }

 private:
  using State = typename Model::State;
  static constexpr std::size_t state_words = sizeof(State) / sizeof(double);
  static constexpr std::size_t own_words = on_grid ? 4 : 3;
  static constexpr std::size_t saved_words = own_words + state_words;

  static std::array<std::uint64_t, saved_words> words_of(const One& n) {
    std::array<std::uint64_t, saved_words> words{std::bit_cast<std::uint64_t>(n.last),
                                                 std::bit_cast<std::uint64_t>(n.refractory_until),
                                                 std::bit_cast<std::uint64_t>(n.crossing)};
    if constexpr (on_grid) words[3] = std::bit_cast<std::uint64_t>(n.single.coded);
    const auto fields = bits_of(n.state);
    std::copy(fields.begin(), fields.end(), words.begin() + own_words);
    return words;
  }
  static void set(One& n, const std::array<double, saved_words>& words) {
    n.last = words[0];
    n.refractory_until = words[1];
    n.crossing = words[2];
    if constexpr (on_grid) n.single.coded = words[3];
    std::array<double, state_words> fields;
    std::copy(words.begin() + own_words, words.end(), fields.begin());
    n.state = std::bit_cast<State>(fields);
  }

  using Sampler = StateSampler<Model, on_grid>;
  static constexpr std::size_t ahead = 6;  // neurons fetched before they are needed

  void fetch(std::uint32_t neuron) const {
    constexpr std::uintptr_t line = 64;
    const One& one = neurons_[neuron];
    const auto begin =
        kind_.alike ? reinterpret_cast<std::uintptr_t>(&one.state) : reinterpret_cast<std::uintptr_t>(&one);
    const auto end = reinterpret_cast<std::uintptr_t>(&one + 1);
    for (std::uintptr_t at = begin / line * line; at < end; at += line)
      __builtin_prefetch(reinterpret_cast<const char*>(at), 1);
  }

  template <class Work>
  static void with_sampler(std::span<const BlockSamples> samples, Work&& work) {
    if (samples.empty()) {
      NoSampler none;
      work(none);
    } else {
      Sampler sampler(samples);
      work(sampler);
    }
  }

  template <class AnySampler>
  void advance_ordered(const OrderedArrivals& arrivals, double end, BlockCrossings& crossings,
                       std::vector<Spike>& spikes, Tally& total, AnySampler& sampler) {
    Tally tally;
    const std::vector<std::uint32_t> postponed = std::exchange(crossings.not_sought, {});
    const auto segments = arrivals.segments();
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto& [neuron, begin, stop] = segments[i];
      if (i + ahead < segments.size()) fetch(segments[i + ahead].neuron);
      One n = neurons_[neuron];  // in registers while its arrivals are worked through
      const double* times = arrivals.times() + begin;
      const double* weights = arrivals.weights() + begin;
      if (sampler.watches(neuron)) {
        n.work_through(times, weights, stop - begin, end, neuron, spikes, tally, sampler.watch(neuron));
      } else {
        n.work_through(times, weights, stop - begin, end, neuron, spikes, tally);
      }
      neurons_[neuron] = n;
      announce(neuron, crossings, tally);
    }
    settle(postponed, end, crossings, spikes, tally, sampler);
    total += tally;
  }

  template <class AnySampler>
  void advance_columns(ArrivalColumns& arrivals, double end, BlockCrossings& crossings,
                       std::vector<Spike>& spikes, Tally& total, AnySampler& sampler) {
    Tally tally;
    const std::vector<std::uint32_t> postponed = std::exchange(crossings.not_sought, {});
    NoSampler none;
    NeuronColumns<Model, NoSampler> columns(end, spikes, tally, none, kind_);
    NeuronColumns<Model, AnySampler> sampled(end, spikes, tally, sampler, kind_);
    const auto heard = [&](std::uint32_t neuron) { announce(neuron, crossings, tally); };
    for (std::uint32_t g = 0; g < arrivals.groups(); ++g) {
      const ArrivalColumns::Group& group = arrivals.order(g);
      if (std::any_of(group.neurons.begin(), group.neurons.end(),
                      [&](std::uint32_t n) { return sampler.watches(arrivals.first() + n); }))
        sampled.run(neurons_.data(), arrivals.first(), group, heard);
      else
        columns.run(neurons_.data(), arrivals.first(), group, heard);
    }
    settle(postponed, end, crossings, spikes, tally, sampler);
    total += tally;
  }

  void announce(std::uint32_t neuron, BlockCrossings& crossings, Tally& tally) {
    const double crossing = neurons_[neuron].crossing;
    if (crossing == never) return;
    if (crossing == not_sought) {
      crossings.not_sought.push_back(neuron);
      return;
    }
    ++tally.queue_pushes;
    crossings.queue.push({crossing, Event::Kind::crossing, neuron});
  }

  // After the arrivals: crossings that were postponed before and not overtaken since, and those before `end`.
  template <class AnySampler>
  void settle(const std::vector<std::uint32_t>& postponed, double end, BlockCrossings& crossings,
              std::vector<Spike>& spikes, Tally& tally, AnySampler& sampler) {
    for (const std::uint32_t neuron : postponed) {
      One& n = neurons_[neuron];
      if (n.crossing != not_sought || n.last >= crossings.sought_until) continue;
      n.predict(tally);
      announce(neuron, crossings, tally);
    }
    crossings.sought_until = end;
    while (crossings.queue.next_time() < end) {
      const Event event = crossings.queue.pop();
      ++tally.queue_pops;
      One& n = neurons_[event.who];
      if (n.crossing != event.time) {  // overtaken: an arrival or an earlier pop moved the neuron on
        ++tally.crossings_stale;
        continue;
      }
      if (sampler.watches(event.who)) {
        n.cross_until(end, event.who, spikes, tally, sampler.watch(event.who));
      } else {
        n.cross_until(end, event.who, spikes, tally);
      }
      announce(event.who, crossings, tally);
    }
    sampler.finish(neurons_);
  }

  std::vector<One> neurons_;
  NeuronKind<Model> kind_;
  std::shared_ptr<const Members> members_;  // null: all are here
  double per_time_ = 1.0;                   // slopes per unit of time to slopes per ms
};

}  // namespace flurry
