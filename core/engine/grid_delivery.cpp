// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_delivery.hpp"

#include <algorithm>
#include <variant>

namespace flurry {
namespace {

constexpr std::uint32_t chunk = 32;  // places computed, and fetched, before they are added to

double at(double constant, std::uint64_t) { return constant; }
template <class T>
double at(const std::vector<T>& values, std::uint64_t j) {
  return static_cast<double>(values[j]);
}

bool is_one_to_one(const Projection& projection) {
  if (!std::holds_alternative<double>(projection.weights) ||
      !std::holds_alternative<double>(projection.delays))
    return false;
  if (projection.synapses() + 1 != projection.rows.size()) return false;
  for (std::uint32_t i = 0; i < projection.synapses(); ++i)
    if (projection.rows[i] != i || projection.targets[i] != i) return false;
  return true;
}

}  // namespace

GridDelivery::GridDelivery(const Projection& projection, const Delivery& elsewhere)
    : projection_(&projection), elsewhere_(&elsewhere), one_to_one_(is_one_to_one(projection)) {}

// The part of a row whose targets lie in [first, end).
GridDelivery::Row GridDelivery::row(std::uint32_t source, std::uint32_t first, std::uint32_t end) const {
  const auto& targets = projection_->targets;
  Row found{projection_->rows[source], projection_->rows[source + 1]};
  const auto begin = targets.begin() + static_cast<std::ptrdiff_t>(found.begin);
  const auto stop = targets.begin() + static_cast<std::ptrdiff_t>(found.end);
  if (found.begin < found.end && targets[found.end - 1] >= end)
    found.end = static_cast<std::uint64_t>(std::lower_bound(begin, stop, end) - targets.begin());
  if (found.begin < found.end && targets[found.begin] < first)
    found.begin = static_cast<std::uint64_t>(std::lower_bound(begin, stop, first) - targets.begin());
  return found;
}

std::uint64_t GridDelivery::deliver(std::span<const Spike> spikes, BlockRange blocks, GridInput& input,
                                    const WindowGrid& grid, Calendar& calendar) const {
  const std::uint32_t first = blocks.first << input.block_shift();
  const std::uint32_t end = blocks.end << input.block_shift();
  const bool all = reaches(input) && input.takes_all(blocks.first, blocks.end);
  std::uint64_t sent = 0;
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    const Row part = row(spikes[i].neuron, first, end);
    sent += part.end - part.begin;
    if (!all) {
      sort_out(spikes[i], part, input, grid, calendar);
      continue;
    }
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
  std::size_t places[2][chunk];
  std::int64_t arrivals[2][chunk];
  std::uint32_t counts[2] = {0, 0};
  std::uint32_t now = 0;
  const auto add = [&](std::uint32_t set) {
    for (std::uint32_t i = 0; i < counts[set]; ++i) cells[places[set][i]] += arrivals[set][i];
  };
  for (std::uint64_t j = row.begin; j < row.end; j += chunk, now ^= 1U) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk, row.end - j));
    for (std::uint32_t i = 0; i < count; ++i) {
      const double weight = at(weights, j + i);
      arrivals[now][i] = cell.arrival(weight);
      places[now][i] = ring.place(spike.time + at(delays, j + i), ring.channel_of(weight)) + targets[j + i];
    }
    for (std::uint32_t i = 0; i < count; ++i) __builtin_prefetch(cells + places[now][i], 1);
    counts[now] = count;
    add(now ^ 1U);
    counts[now ^ 1U] = 0;
  }
  add(now ^ 1U);
}

// Where only some blocks are stepped, or some delays are longer than the ring.
void GridDelivery::sort_out(const Spike& spike, Row row, GridInput& input, const WindowGrid& grid,
                            Calendar& calendar) const {
  std::int64_t* cells = input.cells();
  for (std::uint64_t j = row.begin; j < row.end; ++j) {
    const std::uint32_t target = projection_->targets[j];
    const double delay = value_of(projection_->delays, j);
    if (!input.takes(target >> input.block_shift()) || delay > input.reach()) {
      elsewhere_->file(spike, j, grid, calendar);
      continue;
    }
    const double weight = value_of(projection_->weights, j);
    cells[input.place(spike.time + delay, input.channel_of(weight)) + target] += input.cell().arrival(weight);
  }
}

void GridDelivery::deliver_counts(const std::uint16_t* counts, std::uint32_t first, std::uint32_t count,
                                  double step, GridInput& input) const {
  const double weight = std::get<double>(projection_->weights);
  const double delay = std::get<double>(projection_->delays);
  std::int64_t* cells = input.cells() + input.place(step + delay, input.channel_of(weight)) + first;
  const std::int64_t arrival = input.cell().arrival(weight);
  for (std::uint32_t n = 0; n < count; ++n) cells[n] += arrival * counts[n];
}

}  // namespace flurry
