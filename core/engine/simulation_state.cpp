// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"

namespace flurry {
namespace {

constexpr std::size_t spikes_at_once = 64;

void add(Fingerprint& fingerprint, double value) { fingerprint.add(value); }
template <class T>
void add(Fingerprint& fingerprint, const std::vector<T>& values) {
  fingerprint.add(std::span<const T>(values));
}

void add(Fingerprint& fingerprint, const Projection& projection) {
  fingerprint.add(projection.source);
  fingerprint.add(projection.target);
  add(fingerprint, projection.rows);
  add(fingerprint, projection.targets);
  std::visit([&](const auto& weights) { add(fingerprint, weights); }, projection.weights);
  std::visit([&](const auto& delays) { add(fingerprint, delays); }, projection.delays);
}

void add(Fingerprint& fingerprint, const PopulationDescription& population) {
  fingerprint.add(std::string_view(population.name));
  fingerprint.add(std::string_view(population.model));
  fingerprint.add(population.size);
  for (const auto& [name, rows] : population.tables) {
    fingerprint.add(std::string_view(name));
    for (const std::vector<double>& row : rows) add(fingerprint, row);
  }
  if (!population.spikes) return;
  for (const Spike& spike : *population.spikes) {
    fingerprint.add(spike.time);
    fingerprint.add(spike.neuron);
  }
}

void expect(bool fits, std::string_view what) {
  if (!fits) throw FormatError("the state is of another network: " + std::string(what) + " differ");
}

// How long spikes of each population may be on their way.
std::vector<double> longest_ways(const Network& network) {
  std::vector<double> result(network.populations().size(), -never);
  for (const Projection& projection : network.projections())
    if (projection.synapses() > 0)
      result[projection.source] = std::max(result[projection.source], projection.largest_delay);
  return result;
}

}  // namespace

std::uint64_t Simulation::fingerprint() const {
  Fingerprint fingerprint;
  fingerprint.add(network_.seed());
  fingerprint.add(network_.unit().on_grid() ? network_.unit().length() : 0.0);
  for (std::size_t p = 0; p < network_.populations().size(); ++p) {
    add(fingerprint, network_.populations()[p].description);
    if (processors_.neurons[p]) processors_.neurons[p]->add_to(fingerprint);
    if (processors_.sources[p]) processors_.sources[p]->add_to(fingerprint);
  }
  for (const Projection& projection : network_.projections()) add(fingerprint, projection);
  return fingerprint.value();
}

double Simulation::saved_from() const {
  const double from = known_from_ + network_.largest_delay();
  return from > now_ ? network_.unit().to_ms(from) : reached_ms_;
}

EngineState Simulation::state() const {
  if (!started_ || now_ < known_from_ + network_.largest_delay())
    throw InternalError("a state was asked for before spikes in flight were known");
  EngineState state{reached_ms_, now_, done_before_, points_.last, static_cast<std::uint64_t>(steps_), {}, {},
                    {},          {}};
  for (const Block& block : blocks_)
    if (block.stepped) block.stepped->put_back(points_.last);
  for (std::size_t p = 0; p < network_.populations().size(); ++p) {
    PopulationState population;
    for (const Lane& lane : lanes_) population.counts += lane.counts[p];
    if (processors_.neurons[p]) processors_.neurons[p]->save(population);
    if (processors_.sources[p]) processors_.sources[p]->save(population);
    state.populations.push_back(std::move(population));
  }
  state.sent.assign(network_.projections().size(), 0);
  for (const Lane& lane : lanes_)
    for (std::size_t i = 0; i < state.sent.size(); ++i) state.sent[i] += lane.sent[i];
  const std::vector<double> ways = longest_ways(network_);
  for (const Spike& spike : traffic_.remembered()) {
    const std::uint32_t p = network_.population_of(spike.neuron);
    const bool counted = processors_.sources[p] && processors_.sources[p]->most_per_step() > 0;
    if (!counted && spike.time + ways[p] >= done_before_) state.in_flight.push_back(spike);
  }
  std::sort(state.in_flight.begin(), state.in_flight.end());
  if (sampling_) state.samples = sampling_->taken();
  return state;
}

void Simulation::restore(const EngineState& state) {
  if (started_) throw InternalError("a simulation that runs already was to be restored");
  expect(state.populations.size() == network_.populations().size(), "populations");
  expect(state.sent.size() == network_.projections().size(), "projections");
  expect(state.samples.size() == (sampling_ ? sampling_->taken().size() : 0), "records");
  expect(state.done_before >= state.now && state.now >= 0.0 && std::isfinite(state.done_before), "times");
  for (const Spike& spike : state.in_flight)
    expect(spike.neuron < network_.size() && spike.time >= 0.0 && spike.time <= state.now, "spikes");
  started_ = true;
  reached_ms_ = state.reached_ms;
  now_ = state.now;
  done_before_ = state.done_before;
  points_.last = state.point;
  steps_ = static_cast<std::int64_t>(state.windows);
  known_from_ = now_ - network_.largest_delay() - grid_.length();
  for (std::size_t p = 0; p < state.populations.size(); ++p) {
    if (processors_.neurons[p]) processors_.neurons[p]->restore(state.populations[p]);
    if (processors_.sources[p]) processors_.sources[p]->restore(state.populations[p]);
    lanes_[0].counts[p] = state.populations[p].counts;
  }
  lanes_[0].sent = state.sent;
  for (const Spike& spike : state.in_flight) traffic_.remember(spike);
  if (sampling_) sampling_->go_on_after(state.samples);
  draw_counted_again();
  deliver_rest(done_before_);
  restore_crossings(done_before_);
}

// What sources that are counted have sent is a pure function of the grid point.
void Simulation::draw_counted_again() {
  const std::vector<double> ways = longest_ways(network_);
  std::vector<std::uint8_t> counts;
  for (const Block& block : blocks_) {
    Sources* const sources = processors_.sources[block.population].get();
    if (sources == nullptr || sources->most_per_step() == 0) continue;
    counts.resize(block.count);
    const std::uint32_t first = network_.populations()[block.population].first + block.first;
    const double way = std::max(ways[block.population], 1.0);
    for (double step = std::max(1.0, now_ - way + 1.0); step <= now_; step += 1.0) {
      (void)sources->count_block(block.first, block.count, step, counts.data());
      for (std::uint32_t n = 0; n < block.count; ++n)
        for (std::uint8_t k = 0; k < counts[n]; ++k) traffic_.remember({step, first + n});
    }
  }
}

void Simulation::deliver_rest(double done_before) {
  for (Lane& lane : lanes_) lane.calendar.advance_to(grid_.index_of(done_before));
  const std::span<const Spike> spikes = traffic_.remembered();
  executor_.for_each(
      (spikes.size() + spikes_at_once - 1) / spikes_at_once, [&](std::size_t i, std::size_t lane) {
        const std::size_t begin = i * spikes_at_once;
        for (const Spike& spike : spikes.subspan(begin, std::min(spikes_at_once, spikes.size() - begin))) {
          const std::uint32_t p = network_.population_of(spike.neuron);
          const Spike within{spike.time, spike.neuron - network_.populations()[p].first};
          for (const std::uint32_t projection : processors_.projections[p])
            deliveries_[projection].deliver_rest(within, done_before, grid_, lanes_[lane].calendar);
        }
      });
}

void Simulation::restore_crossings(double done_before) {
  Tally unused;
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    Block& block = blocks_[b];
    block.seen = points_.last;
    if (Neurons* neurons = processors_.neurons[block.population].get()) {
      neurons->resume_block(block.first, block.count, done_before, block.crossings, unused);
      schedule(b, block.crossings.wake_up());
    } else {
      schedule_source(b);
    }
  }
}

}  // namespace flurry
