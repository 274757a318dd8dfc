// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/document.hpp"
#include "core/base/quantity.hpp"
#include "core/network/connection_rule.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

/// What a rule is read for. Sizes are 0 where they are not known yet.
struct RuleContext {
  std::string what;  // "rule of projection 'EE'"
  std::uint32_t source_size = 0;
  std::uint32_t target_size = 0;
  Dimension weight = Dimension::number;
};

/// A rule, and the weights and delays that stand in an explicit list of connections.
struct RuleReading {
  ConnectionRule rule;
  std::optional<Distribution> weight;
  std::optional<Distribution> delay;
};

/// Reads "all_to_all", { fixed_indegree = 100, autapses = false } and the other forms of the manual.
/// UsageError with file:line for an unknown rule or key, or a number out of range.
[[nodiscard]] RuleReading read_rule(const Document& value, const RuleContext& context);

}  // namespace flurry
