// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/engine_state.hpp"

namespace flurry {

/// A file of the run as it was when the checkpoint was taken.
struct OutputPosition {
  std::string name;         // of the file when it is complete, beside the checkpoint
  std::uint64_t bytes = 0;  // its length
};

/// All it takes to go on with a run, or with one rank's part of it, but for files the network is read from.
struct Checkpoint {
  std::string version;                                   // of the program that wrote it
  std::vector<std::pair<std::string, std::string>> run;  // what was asked for: names and values, in order
  std::string network_text;
  std::uint64_t fingerprint = 0;       // of the network as built
  std::uint64_t number = 0;            // among the checkpoints of the run, from 1 on
  std::uint64_t dropped = 0;           // samples
  std::uint32_t rank = 0;              // whose part of the run this is,
  std::uint32_t ranks = 1;             // of so many
  std::vector<std::uint64_t> earlier;  // how many ranks there were in the legs of the run before this one
  std::vector<OutputPosition> outputs;
  EngineState state;
};

}  // namespace flurry
