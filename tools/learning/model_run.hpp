// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tools/cli/run_input.hpp"

namespace flurry {

/// Which sample a trained model is to be run on.
struct ModelSample {
  std::string data;         // data set; empty: the test samples of its task
  std::uint64_t index = 0;  // from 0
};

/// A trained model and one sample, ready for the engine; on the model's grid if it has one. UsageError for a
/// sample that is not there.
[[nodiscard]] RunInput model_run_input(const std::filesystem::path& model, const ModelSample& sample,
                                       bool progress);

}  // namespace flurry
