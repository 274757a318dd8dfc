// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/grid_stepping.hpp"

#include <algorithm>
#include <bit>

#include "core/network/grid_weights.hpp"

namespace flurry {
namespace {

constexpr double memory = 64.0;      // grid points that count for a block's activity
constexpr double quiet_part = 0.25;  // of the activity from which a block is stepped

void take_note(Block& block, std::uint64_t arrivals, GridWindow window) {
  const double elapsed = std::max(window.last - block.seen, 1.0);
  const double present = static_cast<double>(arrivals) / (elapsed * block.count);
  block.activity += (present - block.activity) * std::min(1.0, elapsed / memory);
  block.seen = window.last;
}

}  // namespace

bool rings_fit(const Network& network, const Processors& processors, std::uint64_t largest) {
  std::vector<double> delay(network.populations().size(), 0.0);
  for (const Projection& projection : network.projections())
    delay[projection.target] = std::max(delay[projection.target], projection.largest_delay);
  std::uint64_t bytes = 0;
  for (std::uint32_t p = 0; p < delay.size(); ++p) {
    if (!processors.neurons[p]) continue;
    if (delay[p] > GridInput::most_slots) return false;
    bytes += network.populations()[p].size() *
             GridInput::bytes_per_neuron(processors.neurons[p]->channels(), delay[p]);
  }
  return bytes <= largest;
}

GridStepping::GridStepping(const Network& network, Processors& processors, std::vector<Block>& blocks,
                           const std::vector<std::uint32_t>& first_block, GridOptions options,
                           const SpikeExchange* exchange)
    : network_(network),
      processors_(processors),
      blocks_(blocks),
      first_block_(first_block),
      options_(options),
      rings_(network.populations().size()),
      largest_delay_(network.populations().size(), 0.0),
      counting_(network.populations().size(), false),
      counted_(network.populations().size()) {
  for (const Projection& projection : network.projections()) {
    deliveries_.emplace_back(projection, network.populations()[projection.target].size(), options.parts);
    double& delay = largest_delay_[projection.target];
    delay = std::max(delay, projection.largest_delay);
  }
  for (std::uint32_t p = 0; p < network.populations().size(); ++p)
    cells_.emplace_back(network.grid_weights(p));
  find_rings();
  find_counting(exchange);
}

void GridStepping::find_rings() {
  const bool fit = rings_fit(network_, processors_, options_.largest_rings);
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p)
    rings_[p].wanted = fit && processors_.neurons[p] && network_.populations()[p].size() > 0 && may_step(p);
}

bool GridStepping::may_step(std::uint32_t population) const {
  return network_.grid_weights(population).most_arrivals > 0;
}

// Sources can send numbers where each element has its own target in every projection, and where all that may
// meet at one neuron stays within what a cell can count.
void GridStepping::find_counting(const SpikeExchange* exchange) {
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p) {
    const std::uint32_t most = network_.grid_weights(p).most_arrivals;
    spare_.push_back(rings_[p].wanted ? std::min(most, spare_arrivals) : most);
  }
  double longest = 1.0;
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p) {
    const std::uint32_t most = processors_.sources[p] ? processors_.sources[p]->most_per_step() : 0;
    const auto& projections = processors_.projections[p];
    counting_[p] = most > 0 && most <= CountLine::most && !projections.empty() &&
                   (exchange == nullptr || exchange->stays_here(p)) &&
                   std::all_of(projections.begin(), projections.end(), [&](std::uint32_t i) {
                     const Projection& projection = network_.projections()[i];
                     return is_one_to_one(projection, network_.populations()[projection.target].size()) &&
                            spare_[projection.target] >= spare_arrivals / 2 + most &&
                            projection.largest_delay <= GridInput::most_slots;
                   });
    if (!counting_[p]) continue;
    for (const std::uint32_t i : projections) {
      const Projection& projection = network_.projections()[i];
      const double weight = std::get<double>(projection.weights);
      const std::uint32_t target = projection.target;
      const std::uint32_t channels = processors_.neurons[target]->channels();
      spare_[target] -= most;
      counted_[target].push_back({p,
                                  {nullptr, std::get<double>(projection.delays),
                                   cells_[target].arrival(weight), weight < 0.0 ? channels - 1 : 0}});
      longest = std::max(longest, projection.largest_delay);
    }
  }
  // Written for a window no longer than the smallest delay while earlier grid points are read.
  slots_ = std::bit_ceil(static_cast<std::uint32_t>(2.0 * longest));
}

// The block of another population that holds the neurons of the same numbers.
Block& GridStepping::same_place(const Block& block, std::uint32_t population) const {
  const auto number = static_cast<std::size_t>(&block - blocks_.data()) - first_block_[block.population];
  return blocks_[first_block_[population] + number];
}

void GridStepping::advance(Block& block, const BlockArrivals& filed, GridWindow window, GridRoom& room,
                           std::vector<Spike>& spikes, Tally& tally) const {
  std::vector<CountedInput>& counted = room.counted;
  counted.clear();
  for (const Counted& source : counted_[block.population]) {
    counted.push_back(source.input);
    counted.back().line = &same_place(block, source.population).counts;
  }
  const std::uint64_t before = tally.arrivals;
  block.stepped->advance({rings_[block.population].input.get(), &filed, counted, cells_[block.population],
                          spare_[block.population], room.cells.data(), room.samples},
                         window, spikes, tally);
  take_note(block, tally.arrivals - before, window);
}

void GridStepping::observe(Block& block, std::uint64_t arrivals, GridWindow window) const {
  take_note(block, arrivals, window);
}

void GridStepping::count(Block& block, GridWindow window, std::vector<std::uint64_t>& sent,
                         Tally& tally) const {
  std::uint64_t sum = 0;
  for (double step = window.first; step <= window.last; step += 1.0)
    sum += processors_.sources[block.population]->count_block(block.first, block.count, step,
                                                              block.counts.at(step));
  tally.spikes += sum;
  for (const std::uint32_t i : processors_.projections[block.population]) sent[i] += sum;
}

void GridStepping::settle(std::span<const std::uint32_t> active, GridWindow window,
                          std::vector<Tally>& counts) {
  busy_.clear();
  for (const std::uint32_t b : active) {
    const Block& block = blocks_[b];
    if (!processors_.neurons[block.population] || rings_[block.population].wanted) continue;
    settle_block(b, block.activity >= options_.busy_from && may_step(block.population),
                 block.activity < quiet_part * options_.busy_from, window, counts);
  }
  for (std::uint32_t p = 0; p < rings_.size(); ++p)
    if (rings_[p].wanted) settle_population(p, window, counts);
  for (const std::uint32_t b : active)
    if (processors_.sources[blocks_[b].population]) settle_source(b, window);
}

void GridStepping::open_ring(std::uint32_t population) {
  rings_[population].input = std::make_unique<GridInput>(
      network_.populations()[population].size(), processors_.neurons[population]->channels(),
      largest_delay_[population], network_.grid_weights(population));
  for (std::size_t i = 0; i < deliveries_.size(); ++i)
    if (network_.projections()[i].target == population) deliveries_[i].cut_rows();
}

// A ring serves a whole population or none of it.
void GridStepping::settle_population(std::uint32_t population, GridWindow window,
                                     std::vector<Tally>& counts) {
  const std::uint32_t size = network_.populations()[population].size();
  const std::uint32_t first = first_block_[population];
  std::uint32_t end = first;
  double activity = 0.0;
  for (std::uint32_t done = 0; done < size; done += blocks_[end++].count)
    activity = std::max(activity, blocks_[end].activity);
  Ring& ring = rings_[population];
  if (!ring.input && activity < options_.busy_from) return;
  if (!ring.input) open_ring(population);
  for (std::uint32_t b = first; b < end; ++b)
    settle_block(b, activity >= options_.busy_from, activity < quiet_part * options_.busy_from, window,
                 counts);
  ring.open = blocks_[first].stepped && !blocks_[first].leaving;
}

void GridStepping::settle_block(std::uint32_t number, bool busy, bool quiet, GridWindow window,
                                std::vector<Tally>& counts) {
  Block& block = blocks_[number];
  if (!block.stepped) {
    if (!busy) return;
    block.stepped = processors_.neurons[block.population]->step_block(block.first, block.count, window.last);
    block.crossings = {};
    block.wake_up = never;
  }
  if (quiet && !block.leaving)
    block.leaves_at = window.last + std::max<double>(slots_, GridInput::most_slots);
  block.leaving = quiet;
  if (!quiet || window.last < block.leaves_at) {
    busy_.push_back(number);
    return;
  }
  block.stepped->put_back(window.last);
  processors_.neurons[block.population]->resume_block(block.first, block.count, window.last, block.crossings,
                                                      counts[block.population]);
  block.stepped.reset();
  block.leaving = false;
  block.wake_up = block.crossings.wake_up();
}

void GridStepping::settle_source(std::uint32_t number, GridWindow window) {
  Block& block = blocks_[number];
  if (!counting_[block.population]) return;
  const auto& projections = processors_.projections[block.population];
  const bool stepped = std::all_of(projections.begin(), projections.end(), [&](std::uint32_t i) {
    const Block& target = same_place(block, network_.projections()[i].target);
    return target.stepped && !target.leaving;
  });
  if (block.counts.is_open()) {
    if (stepped) {
      busy_.push_back(number);
    } else {
      block.counts.close(window.last);
      block.wake_up = window.last + 1.0;
    }
  } else if (stepped && block.counts.is_drained(window.last)) {
    block.counts.open(block.count, slots_, window.last);
    block.wake_up = never;
    busy_.push_back(number);
  }
}

void GridStepping::deliver(std::size_t part, const std::vector<std::vector<Spike>>& spikes,
                           std::vector<std::uint64_t>& sent) const {
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    if (spikes[p].empty()) continue;
    for (const std::uint32_t i : processors_.projections[p]) {
      const std::uint32_t target = network_.projections()[i].target;
      if (!has_ring(target)) continue;
      sent[i] += deliveries_[i].deliver(spikes[p], part, *rings_[target].input);
    }
  }
}

bool GridStepping::has_rings() const {
  return std::any_of(rings_.begin(), rings_.end(), [](const Ring& ring) { return ring.open; });
}

std::vector<std::uint64_t> GridStepping::in_flight(double now) const {
  std::vector<std::uint64_t> result(network_.projections().size(), 0);
  for (const Block& block : blocks_) {
    if (block.counts.is_drained(now) && !block.counts.is_open()) continue;
    for (const std::uint32_t i : processors_.projections[block.population]) {
      const double delay = network_.projections()[i].largest_delay;
      for (double step = now - delay + 1.0; step <= now; step += 1.0)
        for (std::uint32_t n = 0; block.counts.holds(step) && n < block.count; ++n)
          result[i] += block.counts.at(step)[n];
    }
  }
  return result;
}

std::uint64_t GridStepping::memory_bytes() const {
  std::uint64_t sum = 0;
  for (const Ring& ring : rings_)
    if (ring.input) sum += ring.input->bytes();
  for (const GridDelivery& delivery : deliveries_) sum += delivery.bytes();
  for (const Block& block : blocks_) {
    sum += block.counts.bytes();
    if (block.stepped) sum += block.stepped->bytes();
  }
  return sum;
}

}  // namespace flurry
