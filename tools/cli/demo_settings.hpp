// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "io/recording/event_reader.hpp"

namespace flurry {

/// What the demo's network takes from a recording, as --set lines: how long to run (its duration and a little
/// more, at most 2 s), a grid no finer than its sensor, and weights from the pixels scaled to its event rate,
/// so that a dense recording of milliseconds and a sparse one of seconds both drive the neurons to a mean
/// depolarisation of 8 mV.
[[nodiscard]] std::vector<std::string> demo_settings(const EventRecording& recording);

}  // namespace flurry
