// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/document.hpp"
#include "tools/learning/model_file.hpp"

namespace flurry {

/// One column of the log.
struct LogColumn {
  const char* name;
  double (*get)(const EpochRecord&);
  void (*set)(EpochRecord&, double);
};
[[nodiscard]] std::span<const LogColumn> log_columns();

/// The log as CSV, one line per epoch.
[[nodiscard]] std::string log_text(const std::vector<EpochRecord>& log);
/// One epoch for people.
[[nodiscard]] std::string log_line(const EpochRecord& record);
/// What training came to, for people and for programs.
[[nodiscard]] std::string training_text(const TrainedModel& model, const std::filesystem::path& file);
[[nodiscard]] Document training_document(const TrainedModel& model, const std::filesystem::path& file);

}  // namespace flurry
