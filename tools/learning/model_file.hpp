// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "tools/learning/task.hpp"

namespace flurry {

/// What `flurry train` leaves: the network that did best, how it began, and all it takes to go on.
struct TrainedModel {
  LearningTask task;
  LearnedNetwork network;             // the best so far
  std::vector<LearnedLayer> initial;  // tau_m, tau_syn and threshold before training
  TrainerState state;
};

/// Writes PATH.partial, then renames it: a file of this name is whole or the one before. One HDF5 file,
/// little endian; tools/learning/README.md says what stands where. SystemError if the disk refuses.
void write_model(const std::filesystem::path& path, const TrainedModel& model);

/// FormatError naming what is missing, damaged (a checksum covers the whole file) or of a newer version;
/// SystemError if it cannot be read.
[[nodiscard]] TrainedModel read_model(const std::filesystem::path& path);

/// Whether the file is one of these; false also where it cannot be read.
[[nodiscard]] bool is_model(const std::filesystem::path& path);

}  // namespace flurry
