// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/random.hpp"
#include "models/learning/labelled_spikes.hpp"

namespace flurry {

/// What is done to a sample each time it is learnt from, so that no two are alike. Off where 0.
struct Augmentation {
  double jitter = 0.0;  // ms, sd of the normal shift of every spike time
  double shift = 0.0;   // ms, sd of the normal shift of the whole sample
  double drop = 0.0;    // probability with which a spike is lost
  double channel_jitter =
      0.0;  // channels, sd of the normal shift of every spike's channel (Cramer et al. 2022)
  double channel_shift = 0.0;    // channels, largest shift of the whole sample, uniform
  double channel_stretch = 0.0;  // largest change of the distance between channels, a share, uniform
  double channel_mask = 0.0;     // channels, widest band that falls silent (Park et al. 2019)
  double time_mask = 0.0;        // ms, longest time in which all falls silent (the same)
  double tilt = 0.0;     // largest probability of loss at one end of the channels, falling to 0 at the other
  double stretch = 0.0;  // sd of log2 of the factor on all times (as the study's 2^N(0, sd))
  double stretch_range = 0.0;  // or: log2 of the factor is uniform within +- this
  double noise = 0.0;          // kHz, Poisson spikes added on every channel

  [[nodiscard]] bool any() const {
    return jitter > 0.0 || shift > 0.0 || drop > 0.0 || channel_jitter > 0.0 || channel_shift > 0.0 ||
           channel_stretch > 0.0 || channel_mask > 0.0 || time_mask > 0.0 || tilt > 0.0 || stretch > 0.0 ||
           stretch_range > 0.0 || noise > 0.0;
  }
  /// Changes `input`, whose channels lie below `channels`; spikes that leave [0, duration] or the channels
  /// are lost. A pure function of the sequence given.
  void apply(SpikeInput& input, std::uint32_t channels, double duration, RandomSequence random) const;
};

}  // namespace flurry
