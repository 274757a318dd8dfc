// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_delivery.hpp"

#include <algorithm>
#include <variant>

namespace flurry {
namespace {

constexpr std::uint32_t summed_together = 32;  // places computed before they are added to
constexpr std::uint64_t fetched_ahead = 128;   // synapses of the next row

void fetch(double, std::uint64_t) {}
template <class T>
void fetch(const std::vector<T>& values, std::uint64_t j) {
  constexpr std::uint64_t line = 64 / sizeof(T);
  for (std::uint64_t i = 0; i < fetched_ahead; i += line) __builtin_prefetch(values.data() + j + i);
}

}  // namespace

bool is_one_to_one(const Projection& projection, std::uint32_t target_size) {
  if (!std::holds_alternative<double>(projection.weights) ||
      !std::holds_alternative<double>(projection.delays))
    return false;
  if (projection.synapses() != target_size || projection.rows.size() != projection.synapses() + 1)
    return false;
  for (std::uint32_t i = 0; i < target_size; ++i)
    if (projection.rows[i] != i || projection.targets[i] != i) return false;
  return true;
}

GridDelivery::GridDelivery(const Projection& projection, std::uint32_t target_size)
    : projection_(&projection), target_size_(target_size) {}

// The part of a row whose targets lie in a range.
GridDelivery::Row GridDelivery::row(std::uint32_t source, NeuronRange range) const {
  const auto& targets = projection_->targets;
  Row found{projection_->rows[source], projection_->rows[source + 1]};
  const auto begin = targets.begin() + static_cast<std::ptrdiff_t>(found.begin);
  const auto end = targets.begin() + static_cast<std::ptrdiff_t>(found.end);
  if (range.end < target_size_)
    found.end = static_cast<std::uint64_t>(std::lower_bound(begin, end, range.end) - targets.begin());
  if (range.first > 0)
    found.begin = static_cast<std::uint64_t>(std::lower_bound(begin, end, range.first) - targets.begin());
  return found;
}

void GridDelivery::prefetch(std::uint32_t source) const {
  const std::uint64_t begin = projection_->rows[source];
  fetch(projection_->targets, begin);
  std::visit([&](const auto& values) { fetch(values, begin); }, projection_->weights);
  std::visit([&](const auto& values) { fetch(values, begin); }, projection_->delays);
}

std::uint64_t GridDelivery::deliver(std::span<const Spike> spikes, NeuronRange targets,
                                    GridInput& input) const {
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    if (i + 1 < spikes.size()) prefetch(spikes[i + 1].neuron);
    const Row part = row(spikes[i].neuron, targets);
    sent += part.end - part.begin;
    std::visit([&](const auto& weights, const auto& delays) { sum(spikes[i], part, weights, delays, input); },
               projection_->weights, projection_->delays);
  }
  return sent;
}

// One weight, one delay: one row of cells, one number to add.
void GridDelivery::sum(const Spike& spike, Row row, double weight, double delay, GridInput& input) const {
  std::int64_t* cells = input.cells() + input.place(spike.time + delay, input.channel_of(weight));
  const std::int64_t arrival = input.cell().arrival(weight);
  const std::uint32_t* targets = projection_->targets.data();
  for (std::uint64_t j = row.begin; j < row.end; ++j) cells[targets[j]] += arrival;
}

template <class Weights, class Delays>
void GridDelivery::sum(const Spike& spike, Row row, const Weights& weights, const Delays& delays,
                       GridInput& input) const {
  const GridInput& ring = input;
  std::int64_t* cells = input.cells();
  const GridCell cell = input.cell();
  const std::uint32_t* targets = projection_->targets.data();
  std::size_t places[summed_together];
  std::int64_t arrivals[summed_together];
  for (std::uint64_t j = row.begin; j < row.end; j += summed_together) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(summed_together, row.end - j));
    for (std::uint32_t i = 0; i < count; ++i) {
      const double weight = value_at(weights, j + i);
      arrivals[i] = cell.arrival(weight);
      places[i] = ring.place(spike.time + value_at(delays, j + i), ring.channel_of(weight)) + targets[j + i];
    }
    for (std::uint32_t i = 0; i < count; ++i) cells[places[i]] += arrivals[i];
  }
}

}  // namespace flurry
