// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "core/network/network.hpp"

namespace flurry {

/// Spikes known beforehand, element by element in order of time.
struct GivenSpikes {
  std::vector<std::uint64_t> rows;  // size + 1
  std::vector<double> times;        // ms

  /// UsageError where the description carries no spikes, or spikes of elements that are not there.
  static GivenSpikes of(const Population& population) {
    const auto& spikes = population.description.spikes;
    if (!spikes)
      throw UsageError("population " + population.name() + " (" + population.description.where +
                       ") was given no spikes; name a file or a table of times");
    GivenSpikes result;
    result.rows.assign(std::size_t{population.whole_size()} + 1, 0);
    for (const Spike& spike : *spikes) {
      if (spike.neuron >= population.whole_size())
        throw UsageError("population " + population.name() + " has " +
                         std::to_string(population.whole_size()) +
                         " elements but was given a spike of number " + std::to_string(spike.neuron));
      if (!(spike.time >= 0.0 && spike.time <= std::numeric_limits<double>::max()))
        throw UsageError("population " + population.name() + " was given a spike at " + shortest(spike.time) +
                         " ms; allowed: times from 0 ms on");
      ++result.rows[spike.neuron + 1];
    }
    for (std::size_t i = 0; i < population.whole_size(); ++i) result.rows[i + 1] += result.rows[i];
    result.times.resize(spikes->size());
    std::vector<std::uint64_t> cursor(result.rows.begin(), result.rows.end() - 1);
    for (const Spike& spike : *spikes) result.times[cursor[spike.neuron]++] = spike.time;
    for (std::size_t i = 0; i < population.whole_size(); ++i)
      std::sort(result.times.begin() + static_cast<std::ptrdiff_t>(result.rows[i]),
                result.times.begin() + static_cast<std::ptrdiff_t>(result.rows[i + 1]));
    return result;
  }
};

/// Where one element stands in its spikes.
struct GivenSpikesPosition {
  std::uint64_t next = 0;
  std::uint64_t end = 0;

  double advance(const GivenSpikes& given) {
    return next < end ? given.times[next++] : std::numeric_limits<double>::infinity();
  }
};

/// What sources that play given spikes have in common; a source adds its name and its options.
struct GivenSpikesSource {
  struct Parameters {};
  static constexpr std::tuple<> parameters{};
  using Shared = GivenSpikes;
  using State = GivenSpikesPosition;
  using Position = std::array<std::uint64_t, 1>;

  static std::string check(const Parameters&) { return ""; }
  static Shared shared(const Population& population, const TimeUnit&) { return GivenSpikes::of(population); }
  static State initial(const Parameters&, const Shared& given, const Population&, std::uint64_t,
                       std::uint32_t i) {
    return {given.rows[i], given.rows[i + 1]};
  }
  static double next(const Parameters&, const Shared& given, State& state, double) {
    return state.advance(given);
  }
  static Position position(const State& state) { return {state.next}; }
  static void move_to(const Position& position, State& state) {
    state.next = std::min(position[0], state.end);
  }
};

}  // namespace flurry
