// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/engine/field.hpp"
#include "core/engine/parameters.hpp"
#include "core/engine/sources.hpp"

namespace flurry {

/// What a file in models/source must define. `Shared` is what all elements of a population have in common (a
/// rate profile, given spikes), `State` what one element remembers between its spikes.
template <class M>
concept SourceDynamics = requires(const typename M::Parameters& parameters, const typename M::Shared& shared,
                                  typename M::State& state, const Population& population,
                                  const TimeUnit& unit, std::uint64_t seed, std::uint32_t element,
                                  const typename M::State& fixed, const typename M::Position& position,
                                  double last) {
  { M::check(parameters) } -> std::same_as<std::string>;
  { M::shared(population, unit) } -> std::same_as<typename M::Shared>;
  { M::initial(parameters, shared, population, seed, element) } -> std::same_as<typename M::State>;
  // The first spike after `last` (minus infinity at first), in ms; infinity for no more. Called once per
  // spike, in order.
  { M::next(parameters, shared, state, last) } -> std::same_as<double>;
  // An array of std::uint64_t: what of a state changes from spike to spike, for a checkpoint.
  { M::position(fixed) } -> std::same_as<typename M::Position>;
  {M::move_to(position, state)};
};

/// A model that can also draw the spikes of many elements at once, where `emits_together` says so.
template <class M>
concept EmitsTogether = requires(const typename M::Shared& shared) {
  { M::emits_together(shared) } -> std::same_as<bool>;
};

/// A model whose elements may send several spikes at a grid point, drawn as a number instead of as times.
template <class M>
concept CountsOnGrid = requires(const typename M::Parameters& parameters, const typename M::Shared& shared,
                                typename M::Counts& counts, std::uint64_t step, std::uint32_t element,
                                std::uint8_t* numbers) {
  // Mean number per grid point; 0 where spikes are not counted.
  { M::mean_count(parameters, shared) } -> std::same_as<double>;
  counts.add(1.0);                                   // an element of this mean
  { counts.most() } -> std::same_as<std::uint32_t>;  // no element sends more at a grid point
  { counts.draw(element, element, step, numbers) } -> std::same_as<std::uint64_t>;  // returns the sum
};

struct NoCounts {};
template <class M>
struct CountsOf {
  using Type = NoCounts;
};
template <CountsOnGrid M>
struct CountsOf<M> {
  using Type = typename M::Counts;
};

/// A population of sources of one model.
template <SourceDynamics Model>
class SourcesOf final : public Sources {
  using Counts = typename CountsOf<Model>::Type;
  static constexpr double not_drawn = -std::numeric_limits<double>::infinity();

  struct Element {
    typename Model::Parameters parameters;
    typename Model::State state;
    double next = not_drawn;  // ms
  };

 public:
  static constexpr std::uint64_t element_bytes = sizeof(Element);

  SourcesOf(const Population& population, const ModelInfo& info, std::uint64_t seed, const TimeUnit& unit)
      : unit_(unit),
        stream_(population.index),
        seed_(seed),
        members_(population.members),
        shared_(Model::shared(population, unit)) {
    const ParameterColumns columns(population, info, seed);
    std::vector<double> row;
    elements_.reserve(population.size());
    for (std::uint32_t i = 0; i < population.size(); ++i) {
      columns.row(i, row);
      const auto parameters = parameters_from<Model>(row);
      if (const std::string wrong = Model::check(parameters); !wrong.empty())
        throw UsageError("population " + population.name() + ", element " +
                         std::to_string(population.whole(i)) + ": " + wrong);
      elements_.push_back(
          {parameters, Model::initial(parameters, shared_, population, seed, population.whole(i))});
    }
    prepare_counts(population, info);
  }

  [[nodiscard]] std::uint32_t size() const override { return static_cast<std::uint32_t>(elements_.size()); }
  [[nodiscard]] std::uint64_t bytes_per_element() const override { return element_bytes; }

  double next(std::uint32_t element) override {
    Element& e = elements_[element];
    if (most_per_step_ > 0) return next_counted(element);
    e.next = Model::next(e.parameters, shared_, e.state, e.next);
    return unit_.from_ms(e.next);
  }

  double emit_block(std::uint32_t first, std::uint32_t count, double end, std::vector<Spike>& spikes,
                    Tally& tally) override {
    if (most_per_step_ > 0) return emit_counted(first, count, end, spikes, tally);
    const std::size_t before = spikes.size();
    const double end_ms = unit_.first_ms_of(end);
    double earliest = std::numeric_limits<double>::infinity();
    if (together()) {
      earliest = emit_together(first, count, end_ms, spikes);
    } else {
      for (std::uint32_t i = first; i < first + count; ++i) {
        if (elements_[i].next == not_drawn) next(i);
        for (; elements_[i].next < end_ms; next(i)) spikes.push_back({elements_[i].next, i});
        earliest = std::min(earliest, elements_[i].next);
      }
    }
    tally.spikes += spikes.size() - before;
    if (unit_.on_grid())
      for (std::size_t i = before; i < spikes.size(); ++i) spikes[i].time = unit_.from_ms(spikes[i].time);
    return unit_.from_ms(earliest);
  }

  [[nodiscard]] std::uint32_t most_per_step() const override { return most_per_step_; }

  std::uint64_t count_block(std::uint32_t first, std::uint32_t count, double step,
                            std::uint8_t* counts) override {
    if constexpr (CountsOnGrid<Model>) {
      counted_to_[first] = step;
      const auto point = static_cast<std::uint64_t>(step);
      if (!members_) return counts_.draw(first, count, point, counts);
      std::uint64_t sum = 0;
      members_->for_each_run(first, count,
                             [&](std::uint32_t here, std::uint32_t whole, std::uint32_t length) {
                               sum += counts_.draw(whole, length, point, counts + (here - first));
                             });
      return sum;
    } else {
      return Sources::count_block(first, count, step, counts);
    }
  }

  void save(PopulationState& state) const override {
    const std::size_t size = most_per_step_ > 0 ? 0 : elements_.size();
    state.resize(saved_words(), size);
    for (std::size_t i = 0; i < size; ++i) {
      const auto position = Model::position(elements_[i].state);
      state.values[i] = std::bit_cast<std::uint64_t>(elements_[i].next);
      for (std::size_t w = 0; w < position.size(); ++w) state.values[(w + 1) * size + i] = position[w];
    }
  }

  void restore(const PopulationState& state) override {
    const std::size_t size = elements_.size();
    if (state.words != saved_words() || state.values.size() != saved_words() * size)
      throw FormatError("the state of sources does not fit their model");
    for (std::size_t i = 0; state.words > 0 && i < size; ++i) {
      typename Model::Position position;
      elements_[i].next = std::bit_cast<double>(state.values[i]);
      for (std::size_t w = 0; w < position.size(); ++w) position[w] = state.values[(w + 1) * size + i];
      Model::move_to(position, elements_[i].state);
      if (std::isnan(elements_[i].next))
        throw FormatError("the state of source " + std::to_string(i) + " is none it can be in");
    }
  }

  [[nodiscard]] std::uint64_t fingerprint() const override {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < elements_.size(); ++i)
      sum += fingerprint_of(members_ ? members_->whole(i) : i, elements_[i].parameters);
    return sum;
  }

 private:
  [[nodiscard]] std::uint32_t saved_words() const {
    return most_per_step_ > 0 ? 0 : 1 + std::tuple_size_v<typename Model::Position>;
  }
  [[nodiscard]] bool together() const {
    if constexpr (EmitsTogether<Model>) return Model::emits_together(shared_);
    return false;
  }

  // Runs of elements that follow each other in the whole population; spikes are numbered as here.
  double emit_together(std::uint32_t first, std::uint32_t count, double end_ms, std::vector<Spike>& spikes) {
    double earliest = std::numeric_limits<double>::infinity();
    if constexpr (EmitsTogether<Model>) {
      const std::span<Element> elements = elements_;
      if (!members_)
        return Model::emit(elements.subspan(first, count), first, stream_, seed_, end_ms, spikes);
      members_->for_each_run(
          first, count, [&](std::uint32_t here, std::uint32_t whole, std::uint32_t length) {
            const std::size_t before = spikes.size();
            earliest = std::min(
                earliest, Model::emit(elements.subspan(here, length), whole, stream_, seed_, end_ms, spikes));
            for (std::size_t i = before; i < spikes.size(); ++i) spikes[i].neuron -= whole - here;
          });
    }
    return earliest;
  }

  // Spikes are counted where those of all elements can be, also of those elsewhere.
  void prepare_counts(const Population& population, const ModelInfo& info) {
    if constexpr (CountsOnGrid<Model>) {
      counts_ = Counts(seed_, stream_);
      const auto add = [&](const typename Model::Parameters& parameters) {
        const double mean = Model::mean_count(parameters, shared_);
        if (mean > 0.0) counts_.add(mean);
        return mean > 0.0;
      };
      if (!(members_ ? for_all(population, info, add)
                     : std::all_of(elements_.begin(), elements_.end(),
                                   [&](const Element& element) { return add(element.parameters); })))
        return;
      if (counts_.most() > std::numeric_limits<std::uint8_t>::max()) return;
      most_per_step_ = counts_.most();
      counted_to_.assign(elements_.size(), 0.0);
      left_.assign(elements_.size(), 0);
    }
  }
  template <class Holds>
  bool for_all(const Population& population, const ModelInfo& info, const Holds& holds) const {
    if (!unit_.on_grid()) return false;
    Population whole = population;
    whole.members.reset();
    const ParameterColumns columns(whole, info, seed_);
    std::vector<double> row;
    for (std::uint32_t i = 0; i < whole.size(); ++i) {
      columns.row(i, row);
      if (!holds(parameters_from<Model>(row))) return false;
    }
    return true;
  }
  double next_counted(std::uint32_t element) {
    while (left_[element] == 0) count_block(element, 1, counted_to_[element] + 1.0, &left_[element]);
    --left_[element];
    return counted_to_[element];
  }
  double emit_counted(std::uint32_t first, std::uint32_t count, double end, std::vector<Spike>& spikes,
                      Tally& tally) {
    std::vector<std::uint8_t> counts(count);
    for (double step = counted_to_[first] + 1.0; step < end; step += 1.0) {
      tally.spikes += count_block(first, count, step, counts.data());
      for (std::uint32_t n = 0; n < count; ++n) spikes.insert(spikes.end(), counts[n], {step, first + n});
    }
    return counted_to_[first] + 1.0;
  }

  TimeUnit unit_;
  std::uint32_t stream_;
  std::uint64_t seed_;
  std::shared_ptr<const Members> members_;  // null: all are here
  typename Model::Shared shared_;
  std::vector<Element> elements_;
  Counts counts_{};
  std::uint32_t most_per_step_ = 0;  // > 0: spikes are counted
  std::vector<double> counted_to_;   // grid point, by element for next(), by first of a block else
  std::vector<std::uint8_t> left_;   // of that grid point, next() has not come to yet
};

}  // namespace flurry
