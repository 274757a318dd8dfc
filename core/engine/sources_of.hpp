// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/engine/field.hpp"
#include "core/engine/parameters.hpp"
#include "core/engine/sources.hpp"

namespace flurry {

/// What a file in models/source must define. `Shared` is what all elements of a population have in common (a
/// rate profile, given spikes), `State` what one element remembers between its spikes.
template <class M>
concept SourceDynamics = requires(const typename M::Parameters& parameters, const typename M::Shared& shared,
                                  typename M::State& state, const Population& population, std::uint64_t seed,
                                  std::uint32_t element, double last) {
  { M::check(parameters) } -> std::same_as<std::string>;
  { M::shared(population) } -> std::same_as<typename M::Shared>;
  { M::initial(parameters, shared, population, seed, element) } -> std::same_as<typename M::State>;
  // The first spike after `last`, in ms; infinity for no more. Called once per spike, in order.
  { M::next(parameters, shared, state, last) } -> std::same_as<double>;
};

/// A population of sources of one model.
template <SourceDynamics Model>
class SourcesOf final : public Sources {
 public:
  SourcesOf(const Population& population, const ModelInfo& info, std::uint64_t seed)
      : shared_(Model::shared(population)) {
    const ParameterColumns columns(population, info, seed);
    std::vector<double> row;
    elements_.reserve(population.size());
    next_.reserve(population.size());
    for (std::uint32_t i = 0; i < population.size(); ++i) {
      columns.row(i, row);
      const auto parameters = parameters_from<Model>(row);
      if (const std::string wrong = Model::check(parameters); !wrong.empty())
        throw UsageError("population " + population.name() + ", element " + std::to_string(i) + ": " + wrong);
      elements_.push_back({parameters, Model::initial(parameters, shared_, population, seed, i)});
      Element& element = elements_.back();
      next_.push_back(
          Model::next(element.parameters, shared_, element.state, -std::numeric_limits<double>::infinity()));
    }
  }

  [[nodiscard]] std::uint32_t size() const override { return static_cast<std::uint32_t>(next_.size()); }
  [[nodiscard]] double next_time(std::uint32_t element) const override { return next_[element]; }
  [[nodiscard]] std::uint64_t bytes_per_element() const override { return sizeof(Element) + sizeof(double); }

  void pass(std::uint32_t element, Tally& tally) override {
    ++tally.spikes;
    next_[element] =
        Model::next(elements_[element].parameters, shared_, elements_[element].state, next_[element]);
  }

  double emit_block(std::uint32_t first, std::uint32_t count, double end, std::vector<Spike>& spikes,
                    Tally& tally) override {
    double earliest = std::numeric_limits<double>::infinity();
    for (std::uint32_t i = first; i < first + count; ++i) {
      while (next_[i] < end) {
        spikes.push_back({next_[i], i});
        pass(i, tally);
      }
      earliest = std::min(earliest, next_[i]);
    }
    return earliest;
  }

 private:
  struct Element {
    typename Model::Parameters parameters;
    typename Model::State state;
  };

  typename Model::Shared shared_;
  std::vector<Element> elements_;
  std::vector<double> next_;  // ms
};

}  // namespace flurry
