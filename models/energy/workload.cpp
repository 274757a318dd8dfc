// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/energy/workload.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

std::uint64_t spikes(const ActivityCounts& counts, bool of_sources) {
  std::uint64_t sum = 0;
  for (const PopulationCounts& population : counts.populations)
    if (population.is_source == of_sources) sum += population.spikes;
  return sum;
}

std::uint64_t caused_updates(const ActivityCounts& counts) {
  return counts.total(&PopulationCounts::updates_input) + counts.total(&PopulationCounts::updates_crossing);
}

std::uint64_t scaled(std::uint64_t count, double factor) {
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * factor));
}

Workload stepped(const ActivityCounts& counts, double step) {
  const std::uint64_t updates = neurons(counts) * time_steps(counts.duration, step);
  const std::uint64_t caused = caused_updates(counts);
  Workload work;
  work.duration = counts.duration;
  // Updates with a cause are at most one per neuron and step, however many the event-driven run made within
  // one.
  work.counts["neuron_update"] = std::min(caused, updates);
  work.counts["neuron_update_idle"] = updates - std::min(caused, updates);
  work.counts["spike"] = spikes(counts, false);
  work.counts["input_event"] = spikes(counts, true);
  const std::uint64_t done = caused + counts.total(&PopulationCounts::updates_idle);
  if (done > 0)
    work.counts["state_byte"] =
        scaled(counts.state_bytes, static_cast<double>(updates) / static_cast<double>(done));
  return work;
}

}  // namespace

std::uint64_t time_steps(double duration, double step) {
  if (!(step > 0.0) || !std::isfinite(step))
    throw UsageError("the step of a time-stepped equivalent is " + shortest(step) + " ms; allowed: > 0 ms");
  // A duration that is a whole number of steps up to rounding is not given one more.
  return static_cast<std::uint64_t>(std::ceil(duration / step * (1.0 - 1e-12)));
}

std::uint64_t neurons(const ActivityCounts& counts) {
  std::uint64_t sum = 0;
  for (const PopulationCounts& population : counts.populations)
    if (!population.is_source) sum += population.size;
  return sum;
}

Workload event_driven(const ActivityCounts& counts) {
  Workload work;
  work.duration = counts.duration;
  work.counts["synaptic_event"] = counts.total(&ProjectionCounts::arrivals);
  work.counts["neuron_update"] = caused_updates(counts);
  work.counts["neuron_update_idle"] = counts.total(&PopulationCounts::updates_idle);
  work.counts["spike"] = spikes(counts, false);
  work.counts["input_event"] = spikes(counts, true);
  work.counts["exponential"] = counts.total(&PopulationCounts::exponentials);
  work.counts["crossing_search"] = counts.total(&PopulationCounts::crossing_searches);
  work.counts["queue_operation"] =
      counts.total(&PopulationCounts::queue_pushes) + counts.total(&PopulationCounts::queue_pops);
  work.counts["state_byte"] = counts.state_bytes;
  for (const ProjectionCounts& projection : counts.projections)
    work.counts["synapse_byte"] += projection.arrivals * projection.bytes_per_synapse;
  return work;
}

Workload sparse_time_stepped(const ActivityCounts& counts, double step) {
  Workload work = stepped(counts, step);
  const Workload done = event_driven(counts);
  work.counts["synaptic_event"] = done.count("synaptic_event");
  work.counts["synapse_byte"] = done.count("synapse_byte");
  return work;
}

Workload dense_time_stepped(const ActivityCounts& counts, double step) {
  Workload work = stepped(counts, step);
  const std::uint64_t steps = time_steps(counts.duration, step);
  work.counts["synaptic_event"] = counts.total(&ProjectionCounts::synapses) * steps;
  work.counts["neuron_update"] += work.counts["neuron_update_idle"];
  work.counts["neuron_update_idle"] = 0;
  for (const ProjectionCounts& projection : counts.projections)
    work.counts["synapse_byte"] += projection.synapses * projection.bytes_per_synapse * steps;
  return work;
}

}  // namespace flurry
