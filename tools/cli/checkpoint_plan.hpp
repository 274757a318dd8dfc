// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace flurry {

/// When a run writes checkpoints, and how many of them stay.
struct CheckpointPlan {
  std::optional<double> every;  // ms; none: no checkpoints
  bool wall = false;            // of time on the clock instead of simulated time
  std::uint64_t keep = 2;
  bool when_stopped = false;  // one where the user stops the run, whatever else
};

/// Reads "10 s" (simulated) or "1 min wall". UsageError for anything else.
[[nodiscard]] CheckpointPlan parse_checkpoint_plan(const std::string& every,
                                                   std::optional<std::uint64_t> keep);
/// What parse_checkpoint_plan reads back.
[[nodiscard]] std::string every_text(const CheckpointPlan& plan);

}  // namespace flurry
