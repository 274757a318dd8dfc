// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "tools/learning/evaluation.hpp"
#include "tools/learning/model_file.hpp"
#include "tools/plot/gnuplot.hpp"

namespace flurry {

/// Loss and accuracy over epochs, of training and validation.
[[nodiscard]] Picture learning_picture(const TrainedModel& model);
/// Of every spiking layer, the distribution of its time constants before and after; nothing where none is
/// individual.
[[nodiscard]] std::optional<Picture> learned_time_constants_picture(const TrainedModel& model);
/// Labels against answers.
[[nodiscard]] Picture confusion_picture(const Evaluation& evaluation);

/// All that a model has to show.
[[nodiscard]] std::vector<Picture> model_pictures(const TrainedModel& model);

}  // namespace flurry
