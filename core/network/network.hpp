// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/time_unit.hpp"
#include "core/network/members.hpp"
#include "core/network/network_description.hpp"

namespace flurry {

/// A population that has its place in a built network. Neurons are numbered network-wide: first, first + 1,
/// ... Of a network that several ranks share, the part that is here.
struct Population {
  PopulationDescription description;
  std::uint32_t first = 0;
  std::uint32_t index = 0;                   // among the populations; keys its random numbers
  std::shared_ptr<const Members> members{};  // that are here; null: all
  /// Of a share: elements that have synapses here, wherever they are themselves; ascending. Rows of
  /// projections are theirs.
  std::vector<std::uint32_t> senders{};

  [[nodiscard]] const std::string& name() const { return description.name; }
  /// Elements that are here.
  [[nodiscard]] std::uint32_t size() const { return members ? members->count() : description.size; }
  [[nodiscard]] std::uint32_t whole_size() const { return description.size; }
  /// The number within the whole population of an element that is here.
  [[nodiscard]] std::uint32_t whole(std::uint32_t here) const {
    return members ? members->whole(here) : here;
  }
  /// The reverse; Members::elsewhere where another rank has it.
  [[nodiscard]] std::uint32_t here(std::uint32_t whole) const {
    return members ? members->here(whole) : whole;
  }
};

/// One value for all synapses, or one each. Single precision is used only where it loses nothing: for drawn
/// values (rounded when drawn) and for lists whose values it holds exactly.
using SynapseValues = std::variant<double, std::vector<float>, std::vector<double>>;

/// The value of synapse i, in double precision.
[[nodiscard]] double value_of(const SynapseValues& values, std::uint64_t i);
/// The same once it is known which of the three it is.
inline double value_at(double constant, std::uint64_t) { return constant; }
template <class T>
double value_at(const std::vector<T>& values, std::uint64_t i) {
  return static_cast<double>(values[i]);
}
/// Bytes held per synapse: 0, 4 or 8.
[[nodiscard]] std::uint64_t bytes_of(const SynapseValues& values);

/// Synapses from one population to another in compressed rows: source s owns synapses rows[s] .. rows[s + 1].
/// Of a network that ranks share: synapses onto targets that are here, numbered as here, and row s is of
/// sender s of the source population.
struct Projection {
  std::string name;
  std::uint32_t source = 0;  // index of the population
  std::uint32_t target = 0;
  std::vector<std::uint64_t> rows;     // size of source population + 1
  std::vector<std::uint32_t> targets;  // index within the target population, ascending within a row
  SynapseValues weights;               // mV or pA, by the target's model
  SynapseValues delays;                // ms; on a grid, whole steps
  double smallest_delay = 0.0;         // over all synapses, also those elsewhere; 0 where there are none
  double largest_delay = 0.0;
  double largest_weight = 0.0;          // of either sign
  std::uint32_t largest_in_degree = 0;  // of one target; known on a grid only

  [[nodiscard]] std::uint64_t synapses() const { return targets.size(); }
  [[nodiscard]] std::uint64_t bytes_per_synapse() const {
    return sizeof(std::uint32_t) + bytes_of(weights) + bytes_of(delays);
  }
};

/// On a grid all that arrives at a neuron and grid point is added up as it lands, in whatever order. For the
/// sum not to depend on the order, weights into one population are whole multiples of a quantum.
struct GridWeights {
  double quantum = 0.0;             // mV or pA, a power of two
  std::uint32_t most_arrivals = 0;  // at one neuron and grid point whose number and sum fit 64 bits together;
                                    // 0 where so many synapses meet that none can be promised
};

/// Populations and projections, built and immutable.
class Network {
 public:
  /// `grid_weights`: per population, where time is on a grid (see grid_weights.hpp).
  Network(std::vector<Population> populations, std::vector<Projection> projections, std::uint64_t seed,
          TimeUnit unit = {}, std::vector<GridWeights> grid_weights = {});

  [[nodiscard]] std::span<const Population> populations() const { return populations_; }
  [[nodiscard]] std::span<const Projection> projections() const { return projections_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  /// What delays are in, and all times in the engine.
  [[nodiscard]] const TimeUnit& unit() const { return unit_; }
  /// How weights into a population are rounded; on a grid only.
  [[nodiscard]] const GridWeights& grid_weights(std::uint32_t population) const {
    return grid_weights_[population];
  }
  /// Neurons and source elements together, wherever they are.
  [[nodiscard]] std::uint32_t size() const { return size_; }
  /// That are here.
  [[nodiscard]] std::uint64_t synapses() const;
  /// Over all synapses, in unit(); infinity where there are none.
  [[nodiscard]] double smallest_delay() const;
  [[nodiscard]] double largest_delay() const;
  /// Index of the population that holds this network-wide number.
  [[nodiscard]] std::uint32_t population_of(std::uint32_t neuron) const;
  /// Index of the population of this name; UsageError naming the nearest otherwise.
  [[nodiscard]] std::uint32_t find_population(std::string_view name) const;

 private:
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
  std::uint64_t seed_ = 1;
  TimeUnit unit_;
  std::vector<GridWeights> grid_weights_;
  std::uint32_t size_ = 0;
};

}  // namespace flurry
