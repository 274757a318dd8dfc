// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/delivery.hpp"

#include <algorithm>
#include <bit>
#include <variant>

namespace flurry {
namespace {

constexpr std::uint32_t chunk = 32;   // arrivals computed before they are filed
constexpr std::uint64_t ahead = 256;  // synapses fetched before they are needed

void prefetch(const std::uint32_t* targets, double, std::uint64_t j) {
  __builtin_prefetch(targets + j);
  __builtin_prefetch(targets + j + chunk / 2);
}
template <class T>
void prefetch(const std::uint32_t* targets, const std::vector<T>& delays, std::uint64_t j) {
  prefetch(targets, 0.0, j);
  __builtin_prefetch(delays.data() + j);
  __builtin_prefetch(delays.data() + j + chunk / 2);
}

void fetch_weights(double, std::uint64_t) {}
template <class T>
void fetch_weights(const std::vector<T>& weights, std::uint64_t j) {
  __builtin_prefetch(weights.data() + j);
  __builtin_prefetch(weights.data() + j + chunk / 2);
}

// Weights as they travel (WeightCodes).
struct Code {
  std::uint32_t code = 0;
  std::uint16_t kind = 0;
};
Code code_at(double, std::uint64_t, std::uint32_t projection) { return {projection, WeightCodes::constant}; }
Code code_at(const std::vector<float>& weights, std::uint64_t i, std::uint32_t) {
  return {std::bit_cast<std::uint32_t>(weights[i]), WeightCodes::single};
}
Code code_at(const std::vector<double>&, std::uint64_t i, std::uint32_t projection) {
  return {static_cast<std::uint32_t>(i), static_cast<std::uint16_t>(WeightCodes::first_list + projection)};
}

}  // namespace

Delivery::Delivery(const Network& network, const WeightCodes& codes, std::uint32_t projection,
                   std::uint32_t first_block, std::uint32_t block_shift)
    : projection_(&network.projections()[projection]),
      number_(projection),
      code_(codes.packed_code(projection)),
      first_block_(first_block),
      block_shift_(block_shift),
      on_grid_(network.unit().on_grid()) {}

std::uint64_t Delivery::deliver(std::span<const Spike> spikes, const WindowGrid& grid,
                                Calendar& calendar) const {
  const auto& rows = projection_->rows;
  std::uint64_t sent = 0;
  if (on_grid_) {
    for (std::size_t i = 0; i < spikes.size(); ++i) {
      if (i + 1 < spikes.size()) fetch_synapses(spikes[i + 1].neuron);
      sent += deliver_on_grid(spikes[i], grid, calendar);
    }
    return sent;
  }
  for (std::size_t first = 0; first < spikes.size();) {
    const std::uint32_t source = spikes[first].neuron;
    std::size_t last = first + 1;
    double earliest = spikes[first].time;
    double latest = spikes[first].time;
    for (; last < spikes.size() && spikes[last].neuron == source; ++last) {
      earliest = std::min(earliest, spikes[last].time);
      latest = std::max(latest, spikes[last].time);
    }
    const auto train = spikes.subspan(first, last - first);
    first = last;
    const std::uint64_t synapses = rows[source + 1] - rows[source];
    if (synapses == 0) continue;
    sent += synapses * train.size();
    const bool packed =
        code_ < PackedArrival::most_codes &&
        grid.index_of(earliest + projection_->smallest_delay) >= PackedArrival::first_window &&
        calendar.within_ring(grid.index_of(latest + projection_->largest_delay));
    if (!packed) {
      for (const Spike& spike : train) deliver_wide(spike, 0.0, grid, calendar);
      continue;
    }
    deliver_packed(train, last < spikes.size() ? spikes[last].neuron : source, grid, calendar);
  }
  return sent;
}

void Delivery::deliver_rest(const Spike& spike, double from, const WindowGrid& grid,
                            Calendar& calendar) const {
  if (!on_grid_) {
    deliver_wide(spike, from, grid, calendar);
    return;
  }
  for (std::uint64_t j = projection_->rows[spike.neuron]; j < projection_->rows[spike.neuron + 1]; ++j)
    if (spike.time + value_of(projection_->delays, j) >= from) file(spike, j, grid, calendar);
}

void Delivery::deliver_wide(const Spike& spike, double from, const WindowGrid& grid,
                            Calendar& calendar) const {
  const std::uint32_t mask = (1U << block_shift_) - 1U;
  const std::uint32_t* targets = projection_->targets.data();
  const WindowGrid copy = grid;  // which stores through other pointers cannot change
  std::visit(
      [&](const auto& weights, const auto& delays) {
        const std::uint64_t end = projection_->rows[spike.neuron + 1];
        for (std::uint64_t j = projection_->rows[spike.neuron]; j < end; ++j) {
          const double time = spike.time + value_at(delays, j);
          if (time < from) continue;
          const Code weight = code_at(weights, j, number_);
          calendar.add(copy.index_of(time), first_block_ + (targets[j] >> block_shift_),
                       {time, weight.code, static_cast<std::uint16_t>(targets[j] & mask), weight.kind});
        }
      },
      projection_->weights, projection_->delays);
}

// Spikes of one source; `next` is whose row will be needed after.
void Delivery::deliver_packed(std::span<const Spike> train, std::uint32_t next, const WindowGrid& grid,
                              Calendar& calendar) const {
  const auto& rows = projection_->rows;
  const std::uint32_t source = train.front().neuron;
  const std::uint64_t synapses = rows[source + 1] - rows[source];
  std::visit(
      [&](const auto& delays) {
        if (train.size() > synapses) {
          deliver_train(train, delays, grid, calendar);
          return;
        }
        if (next != source) {
          const std::uint64_t end = std::min(rows[next + 1], rows[next] + ahead);
          for (std::uint64_t j = rows[next]; j < end; j += chunk)
            prefetch(projection_->targets.data(), delays, j);
        }
        for (const Spike& spike : train) deliver_row(spike, delays, grid, calendar);
      },
      projection_->delays);
}

void Delivery::fetch_synapses(std::uint32_t source) const {
  constexpr std::uint64_t fetched = 128;
  const std::uint64_t begin = projection_->rows[source];
  const std::uint64_t end = std::min(projection_->rows[source + 1], begin + fetched);
  for (std::uint64_t j = begin; j < end; j += chunk) {
    std::visit([&](const auto& delays) { prefetch(projection_->targets.data(), delays, j); },
               projection_->delays);
    std::visit([&](const auto& weights) { fetch_weights(weights, j); }, projection_->weights);
  }
}

void Delivery::file(const Spike& spike, std::uint64_t synapse, const WindowGrid& grid,
                    Calendar& calendar) const {
  const std::uint32_t target = projection_->targets[synapse];
  const double time = spike.time + value_of(projection_->delays, synapse);
  const Code weight = std::visit([&](const auto& weights) { return code_at(weights, synapse, number_); },
                                 projection_->weights);
  const std::int64_t window = grid.index_of(time);
  calendar.add(window, first_block_ + (target >> block_shift_),
               PackedArrival::on_grid(static_cast<std::uint32_t>(time - grid.start(window)),
                                      target & ((1U << block_shift_) - 1U), weight.code, weight.kind));
}

std::uint64_t Delivery::deliver_on_grid(const Spike& spike, const WindowGrid& grid,
                                        Calendar& calendar) const {
  const std::uint64_t begin = projection_->rows[spike.neuron];
  const std::uint64_t end = projection_->rows[spike.neuron + 1];
  if (!calendar.within_ring(grid.index_of(spike.time + projection_->largest_delay))) {
    for (std::uint64_t j = begin; j < end; ++j) file(spike, j, grid, calendar);
    return end - begin;
  }
  const std::uint32_t mask = (1U << block_shift_) - 1U;
  const std::uint32_t* targets = projection_->targets.data();
  const WindowGrid copy = grid;
  const auto visit = [&](const auto& weights, const auto& delays) {
    std::uint32_t bins[chunk];
    PackedArrival arrivals[chunk];
    for (std::uint64_t j = begin; j < end; j += chunk) {
      if (j + ahead < end) {
        prefetch(targets, delays, j + ahead);
        fetch_weights(weights, j + ahead);
      }
      const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk, end - j));
      for (std::uint32_t i = 0; i < count; ++i) {
        const double time = spike.time + value_at(delays, j + i);
        const std::int64_t window = copy.index_of(time);
        const Code weight = code_at(weights, j + i, number_);
        bins[i] = calendar.bin(window, first_block_ + (targets[j + i] >> block_shift_));
        arrivals[i] = PackedArrival::on_grid(static_cast<std::uint32_t>(time - copy.start(window)),
                                             targets[j + i] & mask, weight.code, weight.kind);
      }
      for (std::uint32_t i = 0; i < count; ++i) calendar.add_to_large_bin(bins[i], arrivals[i]);
    }
  };
  std::visit(visit, projection_->weights, projection_->delays);
  return end - begin;
}

// One spike, all synapses of its row.
template <class Delays>
void Delivery::deliver_row(const Spike& spike, const Delays& delays, const WindowGrid& grid,
                           Calendar& calendar) const {
  const std::uint32_t mask = (1U << block_shift_) - 1U;
  const std::uint32_t* targets = projection_->targets.data();
  const std::uint64_t end = projection_->rows[spike.neuron + 1];
  std::uint32_t bins[chunk];
  PackedArrival arrivals[chunk];
  for (std::uint64_t j = projection_->rows[spike.neuron]; j < end; j += chunk) {
    if (j + ahead < end) prefetch(targets, delays, j + ahead);
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(chunk, end - j));
    for (std::uint32_t i = 0; i < count; ++i) {
      const double time = spike.time + value_at(delays, j + i);
      bins[i] = calendar.bin(grid.index_of(time), first_block_ + (targets[j + i] >> block_shift_));
      arrivals[i] = PackedArrival(time, targets[j + i] & mask, code_);
    }
    for (std::uint32_t i = 0; i < count; ++i) calendar.add_to_bin(bins[i], arrivals[i]);
  }
}

// Many spikes of one source through a short row: synapse by synapse.
template <class Delays>
void Delivery::deliver_train(std::span<const Spike> train, const Delays& delays, const WindowGrid& grid,
                             Calendar& calendar) const {
  const std::uint32_t mask = (1U << block_shift_) - 1U;
  const std::uint32_t source = train.front().neuron;
  const WindowGrid copy = grid;
  for (std::uint64_t j = projection_->rows[source]; j < projection_->rows[source + 1]; ++j) {
    const double delay = value_at(delays, j);
    const std::uint32_t block = first_block_ + (projection_->targets[j] >> block_shift_);
    const std::uint32_t neuron = projection_->targets[j] & mask;
    for (const Spike& spike : train) {
      const double time = spike.time + delay;
      calendar.add_to_bin(calendar.bin(copy.index_of(time), block), PackedArrival(time, neuron, code_));
    }
  }
}

}  // namespace flurry
