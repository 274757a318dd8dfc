// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/engine/field.hpp"
#include "models/dynamics/given_spikes.hpp"

namespace flurry {

/// Plays given spikes, each element its own.
struct SpikeTrains : GivenSpikesSource {
  static constexpr std::string_view name = "spike_train";
  static constexpr std::string_view summary = "given spikes: from a SONATA spike file or a table of times";
  static constexpr std::string_view equations =
      "element i spikes at the times given for it; times are emission times, delays add to them";

  static inline const std::array options{
      OptionInfo{"file", false, {}, "SONATA spike file (HDF5)"},
      OptionInfo{"population", false, {}, "population within the file; needed where it holds several"},
      OptionInfo{"times", true, {Dimension::time}, "a list of times for each element, instead of a file"}};
};

}  // namespace flurry
