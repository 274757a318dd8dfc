// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/activity_counts.hpp"
#include "core/base/fingerprint.hpp"
#include "core/base/spike.hpp"
#include "core/engine/engine_state.hpp"

namespace flurry {

/// A population of stimulus sources as the engines see it. Times are in the network's unit. Element numbers
/// are within the population.
class Sources {
 public:
  Sources() = default;
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;
  virtual ~Sources() = default;

  [[nodiscard]] virtual std::uint32_t size() const = 0;
  /// The next spike of an element, which is passed by asking; infinity where there is none. Not to be
  /// mixed with emit_block.
  virtual double next(std::uint32_t element) = 0;
  /// Appends all spikes before `end` of a block of elements (in exact time those of one side by side) and
  /// returns a time before which no other one comes.
  virtual double emit_block(std::uint32_t first, std::uint32_t count, double end, std::vector<Spike>& spikes,
                            Tally& tally) = 0;
  /// On a grid: the most spikes an element sends at one grid point, where all of them can be counted (up to
  /// 255); else 0.
  [[nodiscard]] virtual std::uint32_t most_per_step() const { return 0; }
  /// How many spikes elements `first` to `first` + `count` send at grid point `step`; in place of emit_block.
  /// Returns their sum.
  virtual std::uint64_t count_block(std::uint32_t first, std::uint32_t count, double step,
                                    std::uint8_t* counts) {
    (void)first, (void)count, (void)step, (void)counts;
    return 0;
  }

  /// What elements must know to go on: the time of the next spike (ms), then the model's Position; nothing
  /// where they are counted.
  virtual void save(PopulationState& state) const = 0;
  /// Makes elements what they were. FormatError for a state of other sources.
  virtual void restore(const PopulationState& state) = 0;
  /// Of what elements are made of, but for spikes that were given: a sum over those that are here.
  [[nodiscard]] virtual std::uint64_t fingerprint() const = 0;
  /// Bytes held per element.
  [[nodiscard]] virtual std::uint64_t bytes_per_element() const = 0;
};

}  // namespace flurry
