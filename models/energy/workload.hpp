// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/activity_counts.hpp"

namespace flurry {

/// How often each priced term happened: what a run did, or what another way of computing the same would have
/// done.
struct Workload {
  double duration = 0.0;                                     // ms
  std::map<std::string, std::uint64_t, std::less<>> counts;  // by name, from energy_terms()

  [[nodiscard]] std::uint64_t count(std::string_view term) const {
    const auto found = counts.find(term);
    return found == counts.end() ? 0 : found->second;
  }
};

/// What the run itself did.
[[nodiscard]] Workload event_driven(const ActivityCounts& counts);

/// The same spikes and deliveries computed with a fixed step (ms, > 0): every neuron is updated in every
/// step, neurons without an event idly. The fair comparison. UsageError for a step that is not positive.
[[nodiscard]] Workload sparse_time_stepped(const ActivityCounts& counts, double step);

/// The same network computed as a dense layer would be: every synapse and every neuron in every step.
[[nodiscard]] Workload dense_time_stepped(const ActivityCounts& counts, double step);

/// Steps of `step` ms in a run, a last partial step counted whole.
[[nodiscard]] std::uint64_t time_steps(double duration, double step);

/// Neurons, without sources.
[[nodiscard]] std::uint64_t neurons(const ActivityCounts& counts);

}  // namespace flurry
