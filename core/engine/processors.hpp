// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/engine/catalogue.hpp"
#include "core/engine/neurons.hpp"
#include "core/engine/sources.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// The populations of a network brought to life: states of neurons and sources. What both engines work on.
struct Processors {
  Processors(const Network& network, const Catalogue& catalogue);

  // One of the two per population, the other null.
  std::vector<std::unique_ptr<Neurons>> neurons;
  std::vector<std::unique_ptr<Sources>> sources;
  std::vector<PopulationCounts> blank_counts;           // names and sizes, nothing counted yet
  std::vector<std::vector<std::uint32_t>> projections;  // leaving each population
};

/// What projections carried: counted when spikes leave, corrected for what had not arrived when the run
/// ended.
class Traffic {
 public:
  /// `shared`: of a network that ranks share, what arrives is remembered apart.
  Traffic(const Network& network, bool shared)
      : network_(network), shared_(shared), sent_(network.projections().size(), 0) {}

  void send(std::uint32_t projection, std::uint64_t synapses) { sent_[projection] += synapses; }
  void add(const std::vector<std::uint64_t>& sent);
  /// A spike (network-wide number) some of whose arrivals may lie beyond the end of the run.
  void remember(const Spike& spike) { recent_.push_back(spike); }
  /// The same of a spike, from here or elsewhere, that goes along row `spike.neuron` of a population.
  void remember_arriving(std::uint32_t population, const Spike& spike) {
    arriving_.emplace_back(population, spike);
  }
  void forget_before(double time);
  [[nodiscard]] std::span<const Spike> remembered() const { return recent_; }
  /// Counts of every projection if the run ends at `until` (inclusive).
  [[nodiscard]] std::vector<ProjectionCounts> counts(double until) const;

 private:
  [[nodiscard]] std::vector<std::pair<std::uint32_t, Spike>> recent_rows() const;

  const Network& network_;
  bool shared_;
  std::vector<std::uint64_t> sent_;
  std::vector<Spike> recent_;
  std::vector<std::pair<std::uint32_t, Spike>> arriving_;  // population, row
};

}  // namespace flurry
