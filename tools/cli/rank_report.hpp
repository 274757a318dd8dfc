// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/activity_counts.hpp"
#include "core/base/communicator.hpp"
#include "core/base/document.hpp"

namespace flurry {

/// What one of several ranks had and did.
struct RankReport {
  std::uint64_t neurons = 0;
  std::uint64_t synapses = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t arrivals = 0;
  std::uint64_t spikes_sent = 0;  // one for each rank they went to
  std::uint64_t messages = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t exchanges = 0;
  std::uint64_t waiting_us = 0;  // for other ranks
};

/// The counts of all ranks together. Called by all ranks.
void sum_counts(Communicator& ranks, ActivityCounts& counts);

/// Two lines for people: what travelled, and how even the work was; a table for programs.
[[nodiscard]] std::string ranks_text(std::span<const RankReport> ranks);
[[nodiscard]] Document ranks_document(std::span<const RankReport> ranks);

}  // namespace flurry
