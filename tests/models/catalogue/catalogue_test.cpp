// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/catalogue/catalogue.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/engine/neurons.hpp"
#include "core/engine/parameters.hpp"
#include "core/engine/sources.hpp"

namespace flurry::testing {
namespace {

PopulationDescription population(const std::string& model, std::uint32_t size) {
  PopulationDescription p;
  p.name = "p";
  p.model = model;
  p.size = size;
  p.where = "net.toml:3";
  return p;
}

std::vector<double> values(const PopulationDescription& p, const char* parameter, std::uint64_t seed = 1) {
  return parameter_values({p}, catalogue().info(p.model, ""), parameter, seed);
}

void refused(const PopulationDescription& p, const char* words) {
  CHECK_THROWS_WITH_AS((void)catalogue().find_neurons(p.model)->make({p}, 1), doctest::Contains(words),
                       UsageError);
}

}  // namespace

TEST_CASE("every model is there once, in order of name, and found by its name as what it is") {
  std::vector<std::string> neurons;
  for (const NeuronModel& model : catalogue().neurons()) {
    CAPTURE(model.info.name);
    neurons.emplace_back(model.info.name);
    CHECK(catalogue().find_neurons(model.info.name) == &model);
    CHECK(catalogue().find_sources(model.info.name) == nullptr);
    CHECK(&catalogue().info(model.info.name, "") == &model.info);
    CHECK_FALSE(model.info.is_source);
  }
  std::vector<std::string> sources;
  for (const SourceModel& model : catalogue().sources()) {
    CAPTURE(model.info.name);
    sources.emplace_back(model.info.name);
    CHECK(catalogue().find_sources(model.info.name) == &model);
    CHECK(catalogue().find_neurons(model.info.name) == nullptr);
    CHECK(model.info.is_source);
  }
  CHECK(std::is_sorted(neurons.begin(), neurons.end()));
  CHECK(std::is_sorted(sources.begin(), sources.end()));
  std::set<std::string> all(neurons.begin(), neurons.end());
  all.insert(sources.begin(), sources.end());
  CHECK(all.size() == neurons.size() + sources.size());
  for (const char* shipped :
       {"int_fire1", "lif", "lif_alpha", "lif_exp", "poisson", "recording", "regular", "spike_train"})
    CHECK(all.contains(shipped));
}

TEST_CASE("what a model takes for granted is allowed: defaults lie in their ranges and make a population") {
  std::vector<ModelInfo> infos;
  for (const NeuronModel& model : catalogue().neurons()) infos.push_back(model.info);
  for (const SourceModel& model : catalogue().sources()) infos.push_back(model.info);
  for (const ModelInfo& info : infos) {
    CAPTURE(info.name);
    CHECK_FALSE(info.summary.empty());
    CHECK_FALSE(info.equations.empty());
    std::set<std::string_view> before;
    for (const ParameterInfo& parameter : info.parameters) {
      CAPTURE(parameter.name);
      CHECK(parameter.range.contains(parameter.initial));
      CHECK_FALSE(parameter.help.empty());
      if (!parameter.initial_as.empty()) CHECK(before.contains(parameter.initial_as));
      CHECK(before.insert(parameter.name).second);
    }
    PopulationDescription p = population(std::string(info.name), 3);
    p.spikes = std::make_shared<const SpikeTrain>(SpikeTrain{{1.0, 2}});
    if (const NeuronModel* neurons = catalogue().find_neurons(info.name)) {
      CHECK(neurons->make({p}, 1)->size() == 3);
    } else {
      CHECK(catalogue().find_sources(info.name)->make({p}, 1)->size() == 3);
    }
  }
}

TEST_CASE("a parameter is constant, listed, drawn, or that of another one, and can be looked up") {
  PopulationDescription p = population("lif", 4);
  CHECK(values(p, "tau_m") == std::vector<double>(4, 10.0));
  p.parameters.emplace("tau_m", Distribution::constant(7.5));
  p.parameters.emplace("E_L", Distribution::list({-70.0, -71.0, -72.0, -73.0}));
  p.parameters.emplace("t_ref", Distribution::uniform(1.0, 3.0));
  CHECK(values(p, "tau_m") == std::vector<double>(4, 7.5));
  CHECK(values(p, "E_L") == std::vector<double>{-70.0, -71.0, -72.0, -73.0});
  CHECK(values(p, "V_m") == values(p, "E_L"));  // starts at rest
  const std::vector<double> drawn = values(p, "t_ref");
  CHECK(std::set<double>(drawn.begin(), drawn.end()).size() == 4);
  for (const double value : drawn) {
    CHECK(value >= 1.0);
    CHECK(value <= 3.0);
  }
  CHECK(values(p, "t_ref", 2) != drawn);
  p.parameters.emplace("V_m", Distribution::constant(-60.0));
  CHECK(values(p, "V_m") == std::vector<double>(4, -60.0));
  CHECK_THROWS_WITH_AS((void)values(p, "tau"), doctest::Contains("'tau_m'"), UsageError);
}

TEST_CASE("what an element draws depends on its number, its population and the seed only") {
  PopulationDescription few = population("lif_exp", 5);
  few.parameters.emplace("tau_m", Distribution::gamma(20.0, 3.0));
  PopulationDescription many = few;
  many.size = 50;
  many.parameters.emplace("C_m", Distribution::normal(250.0, 10.0));  // drawn beside it
  const std::vector<double> first = values(few, "tau_m");
  std::vector<double> prefix = values(many, "tau_m");
  prefix.resize(5);
  CHECK(prefix == first);
  Population second{few};
  second.index = 1;
  CHECK(parameter_values(second, catalogue().info("lif_exp", ""), "tau_m", 1) != first);
}

TEST_CASE("neurons that cannot be are refused with population, place in the file, and number") {
  PopulationDescription p = population("lif_alpha", 3);
  p.parameters.emplace("V_th", Distribution::list({-55.0, -55.0, -75.0}));
  refused(p, "population p (net.toml:3), neuron 2: V_th -75 mV is not above V_reset -70 mV");
  p.where.clear();
  refused(p, "population p, neuron 2: ");
  p = population("lif", 3);
  p.parameters.emplace("tau_m", Distribution::list({10.0, 10.0}));
  refused(p, "population p (net.toml:3): tau_m lists 2 values for 3 neurons");
  p.parameters.clear();
  p.parameters.emplace("tau_m", Distribution::list({10.0, -1.0, 10.0}));
  refused(p, "tau_m of neuron 1 is -1 ms; allowed: > 0 ms");
  p.parameters.clear();
  p.parameters.emplace("tau_n", Distribution::constant(1.0));
  refused(p, "unknown parameter 'tau_n' in population p (net.toml:3), model lif; did you mean 'tau_m'?");
  p.parameters.clear();
  p.parameters.emplace("t_ref", Distribution::normal(0.0, 1.0));
  refused(p, "; allowed: >= 0 ms");
}

}  // namespace flurry::testing
