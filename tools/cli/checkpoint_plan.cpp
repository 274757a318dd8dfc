// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/checkpoint_plan.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/plain_text.hpp"
#include "core/base/units.hpp"

namespace flurry {

CheckpointPlan parse_checkpoint_plan(const std::string& every, std::optional<std::uint64_t> keep) {
  constexpr std::string_view wall = "wall";
  CheckpointPlan plan;
  std::string_view time = trimmed(every);
  plan.wall = time.ends_with(wall);
  if (plan.wall) time.remove_suffix(wall.size());
  plan.every = parse_quantity(time, Dimension::time, "--checkpoint");
  if (!(*plan.every > 0.0) || !std::isfinite(*plan.every))
    throw UsageError("--checkpoint is " + every + "; allowed: > 0 ms");
  plan.keep = keep.value_or(plan.keep);
  if (plan.keep == 0) throw UsageError("--keep is 0; allowed: 1 or more");
  return plan;
}

std::string every_text(const CheckpointPlan& plan) {
  return shortest(plan.every.value_or(0.0)) + " ms" + (plan.wall ? " wall" : "");
}

}  // namespace flurry
