// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/engine/simulation.hpp"

namespace flurry {

// A spike goes to the ranks that have targets of it, and along its row here if it has one.
void Simulation::route(std::size_t place, std::size_t lane_number) {
  Lane& lane = lanes_[lane_number];
  std::vector<Spike>& spikes = emitted_[place];
  const std::uint32_t population = blocks_[active_[place]].population;
  const bool late = grid_.start(window_ + 1) > remember_from_;
  if (exchange_->stays_here(population) && !late) {  // as a neuron's own source: its number is its row
    double earliest = never;
    for (const Spike& spike : spikes) earliest = std::min(earliest, spike.time);
    lane.earliest = std::min(lane.earliest, earliest + shortest_way_[population]);
    return;
  }
  std::size_t kept = 0;
  for (const Spike& spike : spikes) {
    lane.earliest = std::min(lane.earliest, spike.time + shortest_way_[population]);
    exchange_->send(lane_number, population, spike);
    const std::uint32_t row = exchange_->row(population, spike.neuron);
    if (row == SpikeExchange::no_row) continue;
    if (late) lane.arriving.emplace_back(population, Spike{spike.time, row});
    spikes[kept++] = {spike.time, row};
  }
  spikes.resize(kept);
}

void Simulation::begin_exchange() {
  executor_.for_each(active_.size(), [&](std::size_t i, std::size_t lane) { route(i, lane); });
  double earliest = never;
  for (Lane& lane : lanes_) {
    earliest = std::min(earliest, std::exchange(lane.earliest, never));
    for (const auto& [population, spike] : lane.arriving) traffic_.remember_arriving(population, spike);
    lane.arriving.clear();
  }
  // Whatever was sent, no rank has anything to do before.
  const std::int64_t next = next_window();
  exchange_->begin(earliest < never ? std::min(next, grid_.index_of(earliest)) : next, stop_wanted_);
}

void Simulation::end_exchange() {
  const SpikeExchange::Arrived& arrived = exchange_->end();
  if (grid_.start(window_ + 1) > remember_from_)
    for (const auto* kind : {&arrived.of_neurons, &arrived.of_sources})
      for (std::uint32_t p = 0; p < kind->size(); ++p)
        for (const Spike& spike : (*kind)[p]) traffic_.remember_arriving(p, spike);
  deliver_arrived(arrived.of_neurons, stepping_ && stepping_->has_rings());
  deliver_arrived(arrived.of_sources, false);
}

void Simulation::deliver_arrived(const std::vector<std::vector<Spike>>& spikes, bool in_rings) {
  constexpr std::size_t at_once = 64;
  for (std::uint32_t p = 0; p < spikes.size(); ++p) {
    const std::span<const Spike> all = spikes[p];
    executor_.for_each((all.size() + at_once - 1) / at_once, [&](std::size_t i, std::size_t lane) {
      const auto part = all.subspan(i * at_once, std::min(at_once, all.size() - i * at_once));
      for (const std::uint32_t projection : processors_.projections[p])
        if (!in_rings || !stepping_->has_ring(network_.projections()[projection].target))
          lanes_[lane].sent[projection] +=
              deliveries_[projection].deliver(part, grid_, lanes_[lane].calendar);
    });
  }
  if (in_rings)
    executor_.for_each(executor_.lanes(), [&](std::size_t part, std::size_t lane) {
      stepping_->deliver(part, spikes, lanes_[lane].sent);
    });
}

void Simulation::deliver() {
  if (stepping_) {
    sort_by_population();
    deliver_on_grid();
    return;
  }
  sending_.clear();
  for (std::size_t place = 0; place < active_.size(); ++place)
    if (!emitted_[place].empty()) sending_.push_back(static_cast<std::uint32_t>(place));
  executor_.for_each(sending_.size(), [&](std::size_t i, std::size_t lane) {
    fetch_rows(i);
    deliver_one_by_one(sending_[i], lane);
  });
}

// Of the spikes to be delivered next: where few blocks spike, their rows are in far memory.
void Simulation::fetch_rows(std::size_t sending) const {
  constexpr std::size_t row_ahead = 4;
  constexpr std::size_t synapses_ahead = 2;
  const auto visit = [&](std::size_t i, auto&& fetch) {
    if (i >= sending_.size()) return;
    const std::uint32_t source = emitted_[sending_[i]].front().neuron;
    for (const std::uint32_t projection : processors_.projections[blocks_[active_[sending_[i]]].population])
      fetch(deliveries_[projection], source);
  };
  visit(sending + row_ahead,
        [](const Delivery& delivery, std::uint32_t source) { delivery.fetch_row(source); });
  visit(sending + synapses_ahead,
        [](const Delivery& delivery, std::uint32_t source) { delivery.fetch_synapses(source); });
}

void Simulation::sort_by_population() {
  sending_.clear();
  for (auto& spikes : leaving_) spikes.clear();
  for (std::size_t place = 0; place < active_.size(); ++place) {
    const std::vector<Spike>& spikes = emitted_[place];
    if (spikes.empty()) continue;
    sending_.push_back(static_cast<std::uint32_t>(place));
    const std::uint32_t population = blocks_[active_[place]].population;
    if (processors_.neurons[population])
      leaving_[population].insert(leaving_[population].end(), spikes.begin(), spikes.end());
  }
}

// What lands in rings is delivered by parts of the targets, each thread reading all rows; the rest spike by
// spike.
void Simulation::deliver_on_grid() {
  executor_.for_each(sending_.size(),
                     [&](std::size_t i, std::size_t lane) { deliver_one_by_one(sending_[i], lane); });
  if (stepping_->has_rings())
    executor_.for_each(executor_.lanes(), [&](std::size_t part, std::size_t lane) {
      stepping_->deliver(part, leaving_, lanes_[lane].sent);
    });
}

void Simulation::deliver_one_by_one(std::size_t place, std::size_t lane) {
  const std::vector<Spike>& spikes = emitted_[place];
  if (spikes.empty()) return;
  const std::uint32_t population = blocks_[active_[place]].population;
  const auto& projections = processors_.projections[population];
  if (stepping_)
    for (const std::uint32_t i : projections)
      for (const Spike& spike : spikes) deliveries_[i].fetch_row(spike.neuron);
  const bool neurons = processors_.neurons[population] != nullptr;
  for (std::size_t k = 0; k < projections.size(); ++k) {
    const std::uint32_t i = projections[k];
    if (stepping_ && k + 1 < projections.size())
      deliveries_[projections[k + 1]].fetch_synapses(spikes[0].neuron);
    if (!neurons || !stepping_ || !stepping_->has_ring(network_.projections()[i].target))
      lanes_[lane].sent[i] += deliveries_[i].deliver(spikes, grid_, lanes_[lane].calendar);
  }
}

}  // namespace flurry
