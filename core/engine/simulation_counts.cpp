// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"

namespace flurry {

ActivityCounts Simulation::counts() const {
  ActivityCounts result;
  result.duration = reached_ms_;
  result.windows = static_cast<std::uint64_t>(steps_);
  result.populations = processors_.blank_counts;
  Traffic traffic = traffic_;
  for (const Lane& lane : lanes_) {
    traffic.add(lane.sent);
    for (std::size_t p = 0; p < result.populations.size(); ++p) result.populations[p] += lane.counts[p];
  }
  result.projections = traffic.counts(now_);
  if (stepping_) {
    const std::vector<std::uint64_t> counted = stepping_->in_flight(now_);
    for (std::size_t i = 0; i < counted.size(); ++i) {
      result.projections[i].in_flight += counted[i];
      result.projections[i].arrivals -= counted[i];
    }
  }
  for (std::size_t p = 0; p < result.populations.size(); ++p)
    if (processors_.neurons[p])
      result.state_bytes += result.populations[p].updates() * processors_.neurons[p]->bytes_per_neuron();
  return result;
}

double Simulation::potential(std::uint32_t neuron) const {
  const std::uint32_t p = network_.population_of(neuron);
  if (!processors_.neurons[p]) throw UsageError("a source has no membrane potential");
  const std::uint32_t within = network_.populations()[p].here(neuron - network_.populations()[p].first);
  if (within == Members::elsewhere) throw InternalError("a neuron of another rank was asked for");
  const Block& block = blocks_[first_block_[p] + (within >> block_shift_)];
  if (block.stepped) return block.stepped->potential(within, points_.last, now_);
  return processors_.neurons[p]->potential(within, now_);
}

std::uint64_t Simulation::memory_bytes() const {
  std::uint64_t sum = blocks_.size() * sizeof(Block);
  for (const auto& neurons : processors_.neurons)
    if (neurons) sum += neurons->bytes_per_neuron() * neurons->size();
  for (const auto& sources : processors_.sources)
    if (sources) sum += sources->bytes_per_element() * sources->size();
  for (const Lane& lane : lanes_) sum += lane.calendar.bytes();
  if (stepping_) sum += stepping_->memory_bytes();
  if (sampling_) sum += sampling_->memory_bytes();
  if (exchange_) sum += exchange_->memory_bytes();
  return sum;
}

}  // namespace flurry
