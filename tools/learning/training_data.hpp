// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/learning/labelled_spikes.hpp"
#include "tools/learning/task.hpp"

namespace flurry {

/// The parts of a task's samples. A test set is read by whoever asks for it, and never while training.
enum class DataPart : std::uint8_t { training, validation, test };

struct TrainingData {
  LabelledSpikes training;
  LabelledSpikes validation;
};

/// Reads what a network is trained on and what it is chosen by; `progress`: a bar on stderr where it takes
/// long. UsageError for a split that cannot be, and for a class without a sample to learn from.
[[nodiscard]] TrainingData read_training_data(const LearningTask& task, bool progress);
/// One part. UsageError for a test where the task has none.
[[nodiscard]] LabelledSpikes read_part(const LearningTask& task, DataPart part, bool progress);
/// All samples of another data set, encoded as the task's. UsageError for other channels or classes than
/// `network` has.
[[nodiscard]] LabelledSpikes read_other_data(const LearningTask& task, const std::filesystem::path& path,
                                             const LearnedNetwork& network, bool progress);

}  // namespace flurry
