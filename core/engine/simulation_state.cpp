// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/collective.hpp"
#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"

namespace flurry {
namespace {

constexpr std::size_t spikes_at_once = 64;

template <class T>
void add(Fingerprint& fingerprint, const std::vector<T>& values) {
  fingerprint.add(std::span<const T>(values));
}

std::uint64_t bits(double value) { return std::bit_cast<std::uint64_t>(value); }

// A sum over synapses: whoever holds which, and in whatever order.
std::uint64_t fingerprint_of(const Projection& projection, std::uint32_t number,
                             std::span<const Population> populations) {
  const Population& sources = populations[projection.source];
  const Population& targets = populations[projection.target];
  std::uint64_t sum = 0;
  const auto add_rows = [&](const auto& weights, const auto& delays) {
    for (std::uint32_t row = 0; row + 1 < projection.rows.size(); ++row) {
      Fingerprint of_row;
      of_row.add(number);
      of_row.add(sources.members ? sources.senders[row] : row);
      const std::uint64_t seed = of_row.value();
      for (std::uint64_t j = projection.rows[row]; j < projection.rows[row + 1]; ++j)
        sum += Fingerprint::finished(seed + targets.whole(projection.targets[j]) * 0x9E37'79B9'7F4A'7C15U +
                                     bits(value_at(weights, j)) * 0x8765'3F9A'5D2E'6C4BU +
                                     std::rotl(bits(value_at(delays, j)) * 0xD6E8'FEB8'6659'FD93U, 29));
    }
  };
  std::visit(add_rows, projection.weights, projection.delays);
  return sum;
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
    if (projection.largest_delay > 0.0)
      result[projection.source] = std::max(result[projection.source], projection.largest_delay);
  return result;
}

}  // namespace

std::uint64_t Simulation::fingerprint() const {
  std::vector<std::uint64_t> sums;
  for (std::size_t p = 0; p < network_.populations().size(); ++p)
    sums.push_back(processors_.neurons[p] ? processors_.neurons[p]->fingerprint()
                                          : processors_.sources[p]->fingerprint());
  for (std::uint32_t i = 0; i < network_.projections().size(); ++i)
    sums.push_back(fingerprint_of(network_.projections()[i], i, network_.populations()));
  if (exchange_) sum_all(exchange_->communicator(), std::span(sums));
  Fingerprint fingerprint;
  fingerprint.add(network_.seed());
  fingerprint.add(network_.unit().on_grid() ? network_.unit().length() : 0.0);
  for (const Population& population : network_.populations()) add(fingerprint, population.description);
  for (const Projection& projection : network_.projections()) {
    fingerprint.add(projection.source);
    fingerprint.add(projection.target);
  }
  for (const std::uint64_t sum : sums) fingerprint.add(sum);
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
  for (const Spike& spike : state.in_flight) {
    const Population& population = network_.populations()[network_.population_of(spike.neuron)];
    if (population.here(spike.neuron - population.first) != Members::elsewhere) traffic_.remember(spike);
  }
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
    const Population& population = network_.populations()[block.population];
    const double way = std::max(ways[block.population], 1.0);
    for (double step = std::max(1.0, now_ - way + 1.0); step <= now_; step += 1.0) {
      (void)sources->count_block(block.first, block.count, step, counts.data());
      for (std::uint32_t n = 0; n < block.count; ++n)
        for (std::uint8_t k = 0; k < counts[n]; ++k)
          traffic_.remember({step, population.first + population.whole(block.first + n)});
    }
  }
}

// Spikes on their way, by population and row: those of elements here, and what other ranks send.
std::vector<std::vector<Spike>> Simulation::rows_of_remembered() {
  std::vector<std::vector<Spike>> result(network_.populations().size());
  for (const Spike& spike : traffic_.remembered()) {
    const std::uint32_t p = network_.population_of(spike.neuron);
    const Population& population = network_.populations()[p];
    Spike here{spike.time, population.here(spike.neuron - population.first)};
    if (exchange_) {
      exchange_->send(0, p, here);
      here.neuron = exchange_->row(p, here.neuron);
      if (here.neuron == SpikeExchange::no_row) continue;
    }
    result[p].push_back(here);
  }
  if (!exchange_) return result;
  exchange_->begin(0, false);
  const SpikeExchange::Arrived& arrived = exchange_->end();
  for (std::uint32_t p = 0; p < result.size(); ++p) {
    for (const auto* spikes : {&arrived.of_neurons[p], &arrived.of_sources[p]})
      result[p].insert(result[p].end(), spikes->begin(), spikes->end());
    for (const Spike& spike : result[p]) traffic_.remember_arriving(p, spike);
  }
  return result;
}

void Simulation::deliver_rest(double done_before) {
  for (Lane& lane : lanes_) lane.calendar.advance_to(grid_.index_of(done_before));
  const std::vector<std::vector<Spike>> rows = rows_of_remembered();
  for (std::uint32_t p = 0; p < rows.size(); ++p) {
    const std::span<const Spike> spikes = rows[p];
    executor_.for_each(
        (spikes.size() + spikes_at_once - 1) / spikes_at_once, [&](std::size_t i, std::size_t lane) {
          const std::size_t begin = i * spikes_at_once;
          for (const Spike& spike : spikes.subspan(begin, std::min(spikes_at_once, spikes.size() - begin)))
            for (const std::uint32_t projection : processors_.projections[p])
              deliveries_[projection].deliver_rest(spike, done_before, grid_, lanes_[lane].calendar);
        });
  }
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
