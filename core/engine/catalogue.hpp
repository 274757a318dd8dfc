// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time_unit.hpp"
#include "core/engine/model_info.hpp"
#include "core/network/network.hpp"

namespace flurry {

class Neurons;
class Sources;

/// A neuron model as the engine knows it: a description and a way to make a population of it.
struct NeuronModel {
  using Create = std::unique_ptr<Neurons> (*)(const Population&, std::uint64_t seed, const TimeUnit&);
  ModelInfo info;
  Create create = nullptr;

  [[nodiscard]] std::unique_ptr<Neurons> make(const Population& population, std::uint64_t seed,
                                              const TimeUnit& unit = {}) const;
};

/// A stimulus source as the engine knows it.
struct SourceModel {
  using Create = std::unique_ptr<Sources> (*)(const Population&, std::uint64_t seed, const TimeUnit&);
  ModelInfo info;
  Create create = nullptr;

  [[nodiscard]] std::unique_ptr<Sources> make(const Population& population, std::uint64_t seed,
                                              const TimeUnit& unit = {}) const;
};

/// Every model there is, by name. models/ fills one from the files in its drop-in folders.
class Catalogue {
 public:
  Catalogue(std::vector<NeuronModel> neurons, std::vector<SourceModel> sources);

  [[nodiscard]] const std::vector<NeuronModel>& neurons() const { return neurons_; }
  [[nodiscard]] const std::vector<SourceModel>& sources() const { return sources_; }

  /// nullptr if there is none of this name.
  [[nodiscard]] const NeuronModel* find_neurons(std::string_view name) const;
  [[nodiscard]] const SourceModel* find_sources(std::string_view name) const;
  /// The description of a model of either kind; UsageError naming the nearest otherwise.
  [[nodiscard]] const ModelInfo& info(std::string_view name, std::string_view where) const;
  /// The neuron model another simulator calls `name` ("nest", "iaf_psc_exp"); nullptr if there is none.
  [[nodiscard]] const ModelInfo* find_foreign(std::string_view dialect, std::string_view name) const;
  /// What `dialect` calls the models we have, for messages.
  [[nodiscard]] std::vector<std::string> foreign_names(std::string_view dialect) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::vector<NeuronModel> neurons_;
  std::vector<SourceModel> sources_;
};

/// Checks a description against the catalogue: models, parameter names and ranges, sizes, delays > 0,
/// endpoints. Throws UsageError with one sentence for the first thing wrong.
void validate(const NetworkDescription& description, const Catalogue& catalogue);

}  // namespace flurry
