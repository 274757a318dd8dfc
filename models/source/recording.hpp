// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/engine/field.hpp"
#include "models/dynamics/given_spikes.hpp"

namespace flurry {

/// Plays the recording of an event camera: one element per pixel, or per pixel and polarity.
struct Recording : GivenSpikesSource {
  static constexpr std::string_view name = "recording";
  static constexpr std::string_view summary = "an event-camera recording: every pixel is a source";
  static constexpr std::string_view equations =
      "each event of the recording is a spike of its pixel; time 0 is the first event";

  static inline const std::array options{
      OptionInfo{"file", false, {}, "the recording, any format that `flurry formats` lists"},
      OptionInfo{"format", false, {}, "its format where the content does not tell"},
      OptionInfo{"polarity",
                 false,
                 {},
                 "merge (default): on and off events alike; separate: off pixels follow on pixels"},
      OptionInfo{
          "grid", false, {}, "WIDTHxHEIGHT: sensor pixels are pooled to so many; default: all of them"}};
};

}  // namespace flurry
