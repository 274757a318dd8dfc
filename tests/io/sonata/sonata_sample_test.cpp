// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "io/spikes/spike_file.hpp"
#include "tests/io/sonata/small_circuit.hpp"
#include "tests/reference_data.hpp"

using namespace flurry;
using namespace flurry::testing;

namespace {

// The plainest simulation there is of a SONATA circuit of IntFire1 neurons: arrivals in a map by time and
// neuron, summed where they coincide; m decays with tau, adds the sum, fires above 1, then is deaf for
// refrac.
class DirectSimulation {
 public:
  explicit DirectSimulation(const NetworkDescription& network) : network_(network) {
    for (const PopulationDescription& population : network.populations) {
      if (population.spikes == nullptr) continue;
      for (const Spike& spike : *population.spikes) deliver(population.name, spike);
    }
  }

  SpikeTrain run(const std::string& name) {
    const PopulationDescription& target = named(name);
    const std::vector<double> tau = values_of(target.parameters.at("tau"), target.size);
    const std::vector<double> refrac = values_of(target.parameters.at("refrac"), target.size);
    std::vector<double> m(target.size, 0.0);
    std::vector<double> last(target.size, 0.0);
    std::vector<double> deaf_until(target.size, -1.0);
    SpikeTrain fired;
    while (!arrivals_.empty()) {
      const auto [spike, weight] = *arrivals_.begin();
      arrivals_.erase(arrivals_.begin());
      const std::uint32_t i = spike.neuron;
      if (spike.time > *network_.duration) break;
      if (spike.time < deaf_until[i]) continue;
      m[i] = m[i] * std::exp(-(spike.time - last[i]) / tau[i]) + weight;
      last[i] = spike.time;
      if (!(m[i] > 1.0)) continue;
      fired.push_back(spike);
      m[i] = 0.0;
      deaf_until[i] = spike.time + refrac[i];
      last[i] = deaf_until[i];
      deliver(name, spike);
    }
    return fired;
  }

 private:
  [[nodiscard]] const PopulationDescription& named(const std::string& name) const {
    return *std::find_if(network_.populations.begin(), network_.populations.end(),
                         [&](const PopulationDescription& population) { return population.name == name; });
  }

  void deliver(const std::string& source, const Spike& spike) {
    for (const ProjectionDescription& projection : network_.projections) {
      if (projection.source != source) continue;
      const auto& list = std::get<ConnectionList>(projection.rule);
      auto& rows = rows_[projection.name];
      if (rows.empty()) {
        rows.resize(named(source).size);
        for (std::size_t e = 0; e < list.sources->size(); ++e) rows[(*list.sources)[e]].push_back(e);
      }
      for (const std::size_t e : rows[spike.neuron]) {
        const double weight = projection.weight.is_list() ? projection.weight.list_values()[e]
                                                          : projection.weight.constant_value();
        arrivals_[{spike.time + projection.delay.constant_value(), (*list.targets)[e]}] += weight;
      }
    }
  }

  const NetworkDescription& network_;
  std::map<Spike, double> arrivals_;
  std::map<std::string, std::vector<std::vector<std::size_t>>> rows_;
};

std::filesystem::path sample(const std::string& name) {
  return reference_data() / "sonata" / "300_intfire" / name;
}

bool is_missing() {
  if (std::filesystem::exists(sample("config.json"))) return false;
  MESSAGE("skipped: no " << sample("config.json").string());
  return true;
}

}  // namespace

TEST_CASE("SONATA's sample circuit 300_intfire is read as its authors describe it") {
  if (is_missing()) return;
  const SonataCircuit circuit = read_sonata(sample("config.json"), sonata_catalogue());
  validate(circuit.network, sonata_catalogue());
  CHECK(circuit.network.duration == 3000.0);
  REQUIRE(circuit.network.populations.size() == 3);
  const PopulationDescription& v1 = circuit.network.populations[0];
  CHECK(v1.name == "v1");
  CHECK(v1.model == "int_fire1");
  const std::vector<double>& tau = v1.parameters.at("tau").list_values();
  REQUIRE(tau.size() == 300);
  CHECK(std::count(tau.begin(), tau.end(), 24.0) == 240);
  CHECK(std::count(tau.begin(), tau.end(), 7.0) == 60);
  CHECK(v1.parameters.at("refrac").constant_value() == 3.0);
  CHECK(circuit.network.populations[1].name == "lgn");
  CHECK(circuit.network.populations[1].size == 90);
  CHECK(circuit.network.populations[1].spikes->size() == 2738);
  CHECK(circuit.network.populations[2].size == 30);
  CHECK(circuit.network.populations[2].spikes->size() == 295);
  std::map<std::string, std::size_t> edges;
  for (const ProjectionDescription& projection : circuit.network.projections) {
    edges[projection.name] = std::get<ConnectionList>(projection.rule).sources->size();
    CHECK(projection.delay.constant_value() == 2.0);
  }
  CHECK(edges ==
        std::map<std::string, std::size_t>{{"v1_to_v1", 61560}, {"lgn_to_v1", 17160}, {"tw_to_v1", 9000}});
  const std::vector<double>& weights = circuit.network.projections[0].weight.list_values();
  CHECK(*std::min_element(weights.begin(), weights.end()) == -1.5);  // 10 synapses of 0.15, inhibitory
  CHECK(*std::max_element(weights.begin(), weights.end()) == 3.0);
}

TEST_CASE("a simulation configuration alone finds the circuit beside it") {
  if (is_missing()) return;
  const SonataCircuit circuit = read_sonata(sample("simulation_config.json"), sonata_catalogue());
  CHECK(circuit.network.projections.size() == 3);
  CHECK(circuit.network.duration == 3000.0);
}

TEST_CASE("a direct simulation of 300_intfire gives the spikes its authors published") {
  if (is_missing()) return;
  const SonataCircuit circuit = read_sonata(sample("config.json"), sonata_catalogue());
  SpikeTrain found = DirectSimulation(circuit.network).run("v1");
  const PopulationSpikes published = read_spike_file(sample("output/spikes.h5")).populations.at("v1");
  REQUIRE(found.size() == published.times.size());
  SpikeTrain wanted;
  for (std::size_t i = 0; i < published.times.size(); ++i)
    wanted.push_back({published.times[i], static_cast<std::uint32_t>(published.ids[i])});
  // Published order and ours differ within an instant: compare neuron by neuron.
  const auto by_neuron = [](const Spike& a, const Spike& b) {
    return a.neuron != b.neuron ? a.neuron < b.neuron : a.time < b.time;
  };
  std::sort(found.begin(), found.end(), by_neuron);
  std::sort(wanted.begin(), wanted.end(), by_neuron);
  std::size_t other_neurons = 0;
  double largest_difference = 0.0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (found[i].neuron != wanted[i].neuron) ++other_neurons;
    largest_difference = std::max(largest_difference, std::abs(found[i].time - wanted[i].time));
  }
  CHECK(other_neurons == 0);
  CHECK(largest_difference < 1e-9);
}
