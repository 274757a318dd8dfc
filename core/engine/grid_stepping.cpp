// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_stepping.hpp"

#include <algorithm>

#include "core/network/grid_weights.hpp"

namespace flurry {
namespace {

constexpr double memory = 64.0;        // grid points that count for a block's activity
constexpr double leaves_below = 0.25;  // of the activity from which it is stepped

void take_note(Block& block, std::uint64_t arrivals, GridWindow window) {
  const double elapsed = std::max(window.last - block.seen, 1.0);
  const double present = static_cast<double>(arrivals) / (elapsed * block.count);
  block.activity += (present - block.activity) * std::min(1.0, elapsed / memory);
  block.seen = window.last;
}

}  // namespace

GridStepping::GridStepping(const Network& network, Processors& processors,
                           const std::vector<Delivery>& deliveries, std::uint32_t block_shift,
                           double busy_from)
    : network_(network),
      processors_(processors),
      block_shift_(block_shift),
      busy_from_(busy_from),
      inputs_(network.populations().size()),
      largest_delay_(network.populations().size(), 0.0),
      counting_(network.populations().size(), false) {
  if (!network.unit().on_grid()) return;
  for (std::uint32_t i = 0; i < network.projections().size(); ++i) {
    const Projection& projection = network.projections()[i];
    deliveries_.emplace_back(projection, deliveries[i]);
    double& delay = largest_delay_[projection.target];
    delay = std::max(delay, projection.largest_delay);
  }
  find_counting();
}

// Sources can send numbers where each element has its own target in every projection, and where all that may
// meet at one neuron stays within what a cell can count.
void GridStepping::find_counting() {
  std::vector<std::uint32_t> spare(network_.populations().size(), spare_arrivals);
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p) {
    const std::uint32_t most = processors_.sources[p] ? processors_.sources[p]->most_per_step() : 0;
    const auto& projections = processors_.projections[p];
    counting_[p] = most > 0 && !projections.empty() &&
                   std::all_of(projections.begin(), projections.end(), [&](std::uint32_t i) {
                     return deliveries_[i].one_to_one() && spare[network_.projections()[i].target] >= most;
                   });
    if (!counting_[p]) continue;
    for (const std::uint32_t i : projections) {
      std::uint32_t& left = spare[network_.projections()[i].target];
      left -= std::min(left, most);
    }
  }
}

bool GridStepping::may_step(std::uint32_t population) const {
  return network_.grid_weights(population).most_arrivals > 0;
}

void GridStepping::advance(Block& block, const OrderedArrivals& more, GridWindow window,
                           std::vector<Spike>& spikes, Tally& tally) const {
  const std::uint64_t before = tally.arrivals;
  block.stepped->advance(*inputs_[block.population], more, window.first, window.last, spikes, tally);
  take_note(block, tally.arrivals - before, window);
}

void GridStepping::observe(Block& block, std::uint64_t arrivals, GridWindow window) const {
  take_note(block, arrivals, window);
}

bool GridStepping::can_count(const Block& block) const {
  if (!counting_[block.population]) return false;
  const auto& projections = processors_.projections[block.population];
  return std::all_of(projections.begin(), projections.end(), [&](std::uint32_t i) {
    const GridInput* input = inputs_[network_.projections()[i].target].get();
    return input != nullptr && input->takes(place(block)) && deliveries_[i].reaches(*input);
  });
}

void GridStepping::count(Block& block, GridWindow window, std::vector<std::uint64_t>& sent,
                         Tally& tally) const {
  const auto steps = static_cast<std::size_t>(window.last - window.first + 1.0);
  block.counts.resize(steps * block.count);
  std::uint64_t sum = 0;
  for (std::size_t s = 0; s < steps; ++s)
    sum += processors_.sources[block.population]->count_block(block.first, block.count,
                                                              window.first + static_cast<double>(s),
                                                              block.counts.data() + s * block.count);
  tally.spikes += sum;
  for (const std::uint32_t i : processors_.projections[block.population]) sent[i] += sum;
  block.counted = true;
}

void GridStepping::enter(Block& block, GridWindow window) {
  std::unique_ptr<GridInput>& input = inputs_[block.population];
  if (!input) {
    input = std::make_unique<GridInput>(
        network_.populations()[block.population].size(), processors_.neurons[block.population]->channels(),
        largest_delay_[block.population], network_.grid_weights(block.population), block_shift_);
    ++rings_;
  }
  block.stepped = processors_.neurons[block.population]->step_block(block.first, block.count, window.last);
  block.crossings = {};
  block.wake_up = never;
  input->take(place(block), true);
}

void GridStepping::settle(std::span<const std::uint32_t> active, std::vector<Block>& blocks,
                          GridWindow window, std::vector<Tally>& counts) {
  busy_.clear();
  for (const std::uint32_t b : active) {
    Block& block = blocks[b];
    if (!processors_.neurons[block.population]) {
      if (block.counted) busy_.push_back(b);
      continue;
    }
    if (!block.stepped) {
      if (block.activity < busy_from_ || !may_step(block.population)) continue;
      enter(block, window);
    }
    GridInput& input = *inputs_[block.population];
    const bool quiet = block.activity < leaves_below * busy_from_;
    if (quiet && block.leaves_at == never) block.leaves_at = window.last + input.reach();
    if (!quiet) block.leaves_at = never;
    input.take(place(block), !quiet);
    if (window.last < block.leaves_at) {
      busy_.push_back(b);
      continue;
    }
    block.stepped->leave(window.last, block.crossings, counts[block.population]);
    block.stepped.reset();
    block.leaves_at = never;
    block.wake_up = block.crossings.wake_up();
  }
}

void GridStepping::deliver(std::size_t part, std::size_t parts, const std::vector<std::vector<Spike>>& spikes,
                           const std::vector<Block>& blocks, GridWindow window, const WindowGrid& grid,
                           Calendar& calendar, std::vector<std::uint64_t>& sent) const {
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    if (spikes[p].empty()) continue;
    for (const std::uint32_t i : processors_.projections[p]) {
      GridInput* input = inputs_[network_.projections()[i].target].get();
      if (input == nullptr) continue;
      sent[i] += deliveries_[i].deliver(spikes[p], BlockRange::of(input->blocks(), part, parts), *input, grid,
                                        calendar);
    }
  }
  for (const std::uint32_t b : busy_) {
    const Block& block = blocks[b];
    if (!block.counted) continue;
    for (const std::uint32_t i : processors_.projections[block.population]) {
      GridInput& input = *inputs_[network_.projections()[i].target];
      const BlockRange range = BlockRange::of(input.blocks(), part, parts);
      if (place(block) < range.first || place(block) >= range.end) continue;
      const std::uint16_t* counts = block.counts.data();
      for (double step = window.first; step <= window.last; step += 1.0, counts += block.count)
        deliveries_[i].deliver_counts(counts, block.first, block.count, step, input);
    }
  }
}

std::uint64_t GridStepping::memory_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& input : inputs_)
    if (input) sum += input->bytes();
  return sum;
}

}  // namespace flurry
