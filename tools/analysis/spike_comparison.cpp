// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/spike_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/base/units.hpp"

namespace flurry {
namespace {

using Trains = std::map<std::uint64_t, std::vector<double>>;  // by id: foreign files may number as they like

struct Difference {
  double time = std::numeric_limits<double>::infinity();
  std::string text;
};

Trains trains_by_id(const PopulationSpikes& spikes) {
  Trains trains;
  for (std::size_t i = 0; i < spikes.ids.size(); ++i) trains[spikes.ids[i]].push_back(spikes.times[i]);
  for (auto& [id, train] : trains) std::sort(train.begin(), train.end());
  return trains;
}

std::string spike_text(const std::vector<double>& train, std::size_t rank) {
  return rank < train.size() ? "at " + shortest(train[rank]) + " ms" : "missing";
}

double time_at(const std::vector<double>& train, std::size_t rank) {
  return rank < train.size() ? train[rank] : std::numeric_limits<double>::infinity();
}

// Compares the trains of one neuron; true where they agree.
bool same_train(const std::vector<double>& a, const std::vector<double>& b, double tolerance,
                const std::string& who, PopulationComparison& comparison, Difference& first) {
  bool same = true;
  for (std::size_t rank = 0; rank < std::max(a.size(), b.size()); ++rank) {
    const double shift = std::fabs(time_at(a, rank) - time_at(b, rank));
    if (rank < a.size() && rank < b.size())
      comparison.largest_shift = std::max(comparison.largest_shift, shift);
    if (shift <= tolerance) continue;
    const double when = std::min(time_at(a, rank), time_at(b, rank));
    if (when < first.time)
      first = {when, who + ", spike " + std::to_string(rank + 1) + ": " + spike_text(a, rank) + " in A, " +
                         spike_text(b, rank) + " in B"};
    same = false;
  }
  return same;
}

PopulationComparison compare_population(const std::string& name, const PopulationSpikes& a,
                                        const PopulationSpikes& b, double tolerance, Difference& first) {
  PopulationComparison comparison{name, a.ids.size(), b.ids.size(), 0, 0.0};
  const Trains in_a = trains_by_id(a);
  const Trains in_b = trains_by_id(b);
  std::set<std::uint64_t> ids;
  for (const auto& [id, train] : in_a) ids.insert(id);
  for (const auto& [id, train] : in_b) ids.insert(id);
  static const std::vector<double> none;
  for (const std::uint64_t id : ids) {
    const auto here = in_a.find(id);
    const auto there = in_b.find(id);
    const std::string who =
        (name.empty() ? "" : "population " + name + ", ") + "neuron " + std::to_string(id);
    const bool same =
        same_train(here == in_a.end() ? none : here->second, there == in_b.end() ? none : there->second,
                   tolerance, who, comparison, first);
    comparison.neurons_different += same ? 0U : 1U;
  }
  return comparison;
}

}  // namespace

SpikeComparison compare_spikes(const SpikeFile& a, const SpikeFile& b, double tolerance) {
  std::set<std::string> names;
  for (const auto& [name, spikes] : a.populations) names.insert(name);
  for (const auto& [name, spikes] : b.populations) names.insert(name);
  SpikeComparison comparison;
  Difference first;
  std::string missing;
  for (const std::string& name : names) {
    const auto here = a.populations.find(name);
    const auto there = b.populations.find(name);
    if (missing.empty() && (here == a.populations.end()) != (there == b.populations.end()))
      missing = "population '" + name + "' is only in " + (here == a.populations.end() ? "B" : "A");
    comparison.populations.push_back(compare_population(
        name, here == a.populations.end() ? PopulationSpikes{} : here->second,
        there == b.populations.end() ? PopulationSpikes{} : there->second, tolerance, first));
  }
  comparison.first_difference = missing.empty() ? first.text : missing;
  comparison.equal = comparison.first_difference.empty();
  return comparison;
}

}  // namespace flurry
