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

GridDelivery::GridDelivery(const Projection& projection, std::uint32_t target_size, std::size_t parts)
    : projection_(&projection), target_size_(target_size), parts_(parts) {}

void GridDelivery::cut_rows() {
  const std::vector<std::uint64_t>& rows = projection_->rows;
  const std::uint32_t* targets = projection_->targets.data();
  cuts_.clear();
  cuts_.reserve((rows.size() - 1) * (parts_ - 1));
  for (std::size_t source = 0; source + 1 < rows.size(); ++source)
    for (std::size_t part = 1; part < parts_; ++part) {
      const auto first = static_cast<std::uint32_t>(target_size_ * part / parts_ / 8 * 8);
      const std::uint32_t* const begin = targets + rows[source];
      const std::uint32_t* const end = targets + rows[source + 1];
      cuts_.push_back(static_cast<std::uint32_t>(std::lower_bound(begin, end, first) - begin));
    }
}

// The part of a row whose targets lie in a part.
GridDelivery::Row GridDelivery::row(std::uint32_t source, std::size_t part) const {
  const std::uint64_t begin = projection_->rows[source];
  const std::uint32_t* cuts = cuts_.data() + source * (parts_ - 1);
  return {part == 0 ? begin : begin + cuts[part - 1],
          part + 1 == parts_ ? projection_->rows[source + 1] : begin + cuts[part]};
}

void GridDelivery::prefetch(std::uint64_t begin) const {
  fetch(projection_->targets, begin);
  std::visit([&](const auto& values) { fetch(values, begin); }, projection_->weights);
  std::visit([&](const auto& values) { fetch(values, begin); }, projection_->delays);
}

std::uint64_t GridDelivery::deliver(std::span<const Spike> spikes, std::size_t part, GridInput& input) const {
  std::uint64_t sent = 0;
  Row next = spikes.empty() ? Row{} : row(spikes[0].neuron, part);
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    const Row present = next;
    if (i + 1 < spikes.size()) {
      next = row(spikes[i + 1].neuron, part);
      prefetch(next.begin);
    }
    sent += present.end - present.begin;
    std::visit(
        [&](const auto& weights, const auto& delays) { sum(spikes[i], present, weights, delays, input); },
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
