// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <tuple>

#include "core/engine/field.hpp"
#include "models/dynamics/given_spikes.hpp"

namespace flurry {

/// Plays given spikes, each element its own.
struct SpikeTrains {
  static constexpr std::string_view name = "spike_train";
  static constexpr std::string_view summary = "given spikes: from a SONATA spike file or a table of times";
  static constexpr std::string_view equations =
      "element i spikes at the times given for it; times are emission times, delays add to them";

  struct Parameters {};
  static constexpr std::tuple<> parameters{};
  static inline const std::array options{
      OptionInfo{"file", false, {}, "SONATA spike file (HDF5)"},
      OptionInfo{"population", false, {}, "population within the file; needed where it holds several"},
      OptionInfo{"times", true, {Dimension::time}, "a list of times for each element, instead of a file"}};

  using Shared = GivenSpikes;
  using State = GivenSpikesPosition;

  static std::string check(const Parameters&) { return ""; }
  static Shared shared(const Population& population) { return GivenSpikes::of(population); }
  static State initial(const Parameters&, const Shared& given, const Population&, std::uint64_t,
                       std::uint32_t i) {
    return {given.rows[i], given.rows[i + 1]};
  }
  static double next(const Parameters&, const Shared& given, State& state, double) {
    return state.advance(given);
  }
};

}  // namespace flurry
