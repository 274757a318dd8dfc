// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/simulation.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include "core/base/error.hpp"

namespace flurry {
namespace {

double window_length(const Network& network, const SimulationOptions& options) {
  const double longest = options.longest_window / network.unit().length();
  return std::min(
      {network.smallest_delay(), longest, network.unit().on_grid() ? PackedArrival::most_steps : longest});
}

// Large blocks have fuller columns and fewer bins to file in; small ones share out better, and stay in the
// nearest cache where rings take what arrives.
std::uint32_t block_size(const Network& network, const Processors& processors, std::size_t threads,
                         const SimulationOptions& options) {
  const bool on_grid = network.unit().on_grid();
  const std::uint32_t most = on_grid ? PackedArrival::most_neurons_on_grid : PackedArrival::most_neurons;
  if (options.block_size > 0) return std::min(options.block_size, most);
  constexpr std::size_t blocks_per_thread = 6;
  constexpr std::size_t smallest = 256;
  if (on_grid && rings_fit(network, processors, options.on_grid.largest_rings)) return smallest;
  std::size_t neurons = 0;
  for (const auto& population : processors.neurons) neurons += population ? population->size() : 0;
  return static_cast<std::uint32_t>(
      std::clamp<std::size_t>(std::bit_floor(neurons / (blocks_per_thread * threads)), smallest, most));
}

}  // namespace

Simulation::Simulation(const Network& network, const Catalogue& catalogue, Executor& executor,
                       SimulationOptions options)
    : Simulation(network, catalogue, executor, nullptr, options) {}

Simulation::Simulation(const Network& network, const Catalogue& catalogue, Executor& executor,
                       const Share& share, SimulationOptions options)
    : Simulation(network, catalogue, executor, &share, options) {}

Simulation::Simulation(const Network& network, const Catalogue& catalogue, Executor& executor,
                       const Share* share, SimulationOptions options)
    : network_(network),
      executor_(executor),
      processors_(network, catalogue),
      grid_(window_length(network, options)),
      block_shift_(static_cast<std::uint32_t>(
          std::bit_width(block_size(network, processors_, executor.lanes(), options) - 1U))),
      codes_(network),
      traffic_(network, share != nullptr) {
  const std::uint32_t neurons = 1U << block_shift_;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    first_block_.push_back(static_cast<std::uint32_t>(blocks_.size()));
    const std::uint32_t size = network.populations()[p].size();
    for (std::uint64_t first = 0; first < size; first += neurons)
      blocks_.emplace_back(p, static_cast<std::uint32_t>(first),
                           std::min(neurons, size - static_cast<std::uint32_t>(first)));
  }
  order_blocks(executor.lanes());
  for (std::uint32_t i = 0; i < network.projections().size(); ++i)
    deliveries_.emplace_back(network, codes_, i, first_block_[network.projections()[i].target], block_shift_);
  if (share) {
    std::vector<bool> is_source;
    for (const auto& sources : processors_.sources) is_source.push_back(sources != nullptr);
    exchange_ = std::make_unique<SpikeExchange>(network, *share, std::move(is_source), executor.lanes());
    shortest_way_.assign(network.populations().size(), never);
    for (const Projection& projection : network.projections())
      if (projection.largest_delay > 0.0)
        shortest_way_[projection.source] =
            std::min(shortest_way_[projection.source], projection.smallest_delay);
  }
  if (network.unit().on_grid()) {
    options.on_grid.parts = executor.lanes();
    stepping_ = std::make_unique<GridStepping>(network, processors_, blocks_, first_block_, options.on_grid,
                                               exchange_.get());
  }
  points_.last = -1.0;
  leaving_.resize(network.populations().size());
  active_since_.assign(blocks_.size(), -1);
  const double spanned = std::min(network.largest_delay() / grid_.length(), 1e9);
  for (std::size_t lane = 0; lane < executor.lanes(); ++lane)
    lanes_.emplace_back(network, static_cast<std::uint32_t>(blocks_.size()),
                        static_cast<std::int64_t>(spanned) + 1);
}

// The first threads get the first blocks of every population, to which they also deliver.
void Simulation::order_blocks(std::size_t parts) {
  std::vector<std::pair<std::size_t, std::uint32_t>> order;
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    const std::uint64_t size = network_.populations()[blocks_[b].population].size();
    order.emplace_back(blocks_[b].first * parts / size, b);
  }
  std::sort(order.begin(), order.end());
  turn_.resize(blocks_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) turn_[order[i].second] = i;
}

void Simulation::add_recorder(SampleRequest request, StateRecorder& recorder) {
  if (!sampling_)
    sampling_ = std::make_unique<StateSampling>(network_, processors_, blocks_, first_block_, block_shift_);
  sampling_->add(std::move(request), recorder, started_ ? std::nextafter(now_, never) : 0.0);
}

void Simulation::start() {
  started_ = true;
  for (std::uint32_t b = 0; b < blocks_.size(); ++b) {
    Block& block = blocks_[b];
    if (Neurons* neurons = processors_.neurons[block.population].get()) {
      neurons->start_block(block.first, block.count, block.crossings, lanes_[0].counts[block.population]);
      schedule(b, block.crossings.wake_up());
    } else {
      schedule_source(b);
    }
  }
}

void Simulation::schedule_source(std::uint32_t number) {
  const Block& block = blocks_[number];
  std::vector<Spike> none;
  Tally unused;
  schedule(number,
           processors_.sources[block.population]->emit_block(block.first, block.count, -never, none, unused));
}

void Simulation::schedule(std::uint32_t block, double time) {
  if (blocks_[block].wake_up == time) return;
  blocks_[block].wake_up = time;
  if (time < never) wake_ups_.push({time, Event::Kind::wake_up, block});
}

std::int64_t Simulation::next_window() {
  while (!wake_ups_.empty() && blocks_[wake_ups_.top().who].wake_up != wake_ups_.top().time) wake_ups_.pop();
  std::int64_t next = Calendar::none;
  if (!wake_ups_.empty()) next = grid_.index_of(wake_ups_.next_time());
  if (stepping_ && !stepping_->busy().empty()) return std::min(next, grid_.index_of(points_.last + 1.0));
  for (const Lane& lane : lanes_) next = std::min(next, lane.calendar.next_window());
  return next;
}

void Simulation::run(double until_ms, const Progress& progress) {
  const double until = network_.unit().not_after(until_ms);
  if (!(until >= now_)) throw InternalError("run asked to go back in time");
  if (!started_) start();
  // A window more: sums of times are rounded.
  remember_from_ = until - network_.largest_delay() - grid_.length();
  traffic_.forget_before(now_ - network_.largest_delay() - grid_.length());
  agree_on_window();
  auto last_report = std::chrono::steady_clock::now();
  for (;;) {
    const std::int64_t window = exchange_ ? exchange_->agreed().next_window : next_window();
    if (window == Calendar::none || grid_.start(window) > until) break;
    window_ = window;
    for (Lane& lane : lanes_) lane.calendar.advance_to(window);
    cut_ = grid_.start(window + 1) > until;
    step(window, cut_ ? std::nextafter(until, never) : grid_.start(window + 1));
    if (cut_) break;
    now_ = stepping_ ? points_.last : std::min(until, grid_.start(window + 1));
    done_before_ = grid_.start(window + 1);
    if (progress && std::chrono::steady_clock::now() - last_report > std::chrono::milliseconds(100)) {
      last_report = std::chrono::steady_clock::now();
      reached_ms_ = network_.unit().to_ms(now_);
      stop_wanted_ = !progress(reached_ms_) || stop_wanted_;
    }
    if (exchange_ ? exchange_->agreed().stop : stop_wanted_) {
      stop_between_windows();
      return;
    }
  }
  stop_wanted_ = false;
  known_from_ = std::max(known_from_, remember_from_);
  done_before_ = std::nextafter(until, never);
  if (sampling_) sampling_->rest_until(std::nextafter(until, never), points_.last, executor_);
  now_ = until;
  reached_ms_ = until_ms;
}

void Simulation::stop_between_windows() {
  stop_wanted_ = false;
  reached_ms_ = network_.unit().to_ms(now_);
  known_from_ = std::max(known_from_, std::min(now_, remember_from_));
}

// What all ranks agree on, if they share the network: with an exchange of nothing.
void Simulation::agree_on_window() {
  if (!exchange_) return;
  exchange_->begin(next_window(), false);
  exchange_->end();
}

void Simulation::step(std::int64_t window, double end) {
  ++steps_;
  if (sampling_) sampling_->rest_until(grid_.start(window), points_.last, executor_);
  points_ = {std::max(grid_.start(window), points_.last + 1.0), std::ceil(end) - 1.0};
  if (sampling_) sampling_->open(end);
  find_active(window, end);
  if (emitted_.size() < active_.size()) emitted_.resize(active_.size());
  executor_.for_each(active_.size(), [&](std::size_t i, std::size_t lane) { advance(i, lane, window, end); });
  if (sampling_) {
    std::vector<std::uint32_t> visited = active_;
    std::sort(visited.begin(), visited.end());
    sampling_->close(visited, points_.last, executor_);
  }
  for (Lane& lane : lanes_) lane.calendar.clear(window);
  for (Lane& lane : lanes_) {
    for (const auto& [block, arrival] : lane.later) lane.calendar.add(window, block, arrival);
    for (const auto& [block, arrival] : lane.later_packed) lane.calendar.add(window, block, arrival);
    lane.later.clear();
    lane.later_packed.clear();
  }
  if (stepping_) stepping_->settle(active_, points_, lanes_[0].counts);
  record();
  if (exchange_) begin_exchange();
  deliver();
  if (exchange_) end_exchange();
}

// Blocks with arrivals in the window, or with a wake-up before its end.
void Simulation::find_active(std::int64_t window, double end) {
  active_.clear();
  const auto activate = [&](std::uint32_t block) {
    if (active_since_[block] == steps_) return;
    active_since_[block] = steps_;
    active_.push_back(block);
  };
  for (const Lane& lane : lanes_)
    for (const std::uint32_t block : lane.calendar.touched(window)) activate(block);
  if (stepping_)
    for (const std::uint32_t block : stepping_->busy()) activate(block);
  while (wake_ups_.next_time() < end) {
    const Event event = wake_ups_.pop();
    if (blocks_[event.who].wake_up != event.time) continue;
    blocks_[event.who].wake_up = never;
    activate(event.who);
  }
  std::sort(active_.begin(), active_.end(), [&](auto a, auto b) { return turn_[a] < turn_[b]; });
}

void Simulation::advance(std::size_t place, std::size_t lane_number, std::int64_t window, double end) {
  Lane& lane = lanes_[lane_number];
  const std::uint32_t b = active_[place];
  Block& block = blocks_[b];
  std::vector<Spike>& spikes = emitted_[place];
  Tally& tally = lane.counts[block.population];
  spikes.clear();
  fetch_ahead(place, window);
  if (Neurons* neurons = processors_.neurons[block.population].get()) {
    gather(lane, window, b, end);
    const auto samples = sampling_ ? sampling_->of(b) : std::span<const BlockSamples>{};
    if (block.stepped) {
      lane.room.samples = samples;
      stepping_->advance(block, lane.arrivals, points_, lane.room, spikes, tally);
      return;
    }
    if (stepping_) stepping_->observe(block, lane.arrivals.size(), points_);
    lane.sampled.clear();
    for (const BlockSamples& due : samples)
      for (const std::uint32_t neuron : due.neurons) lane.sampled.push_back(neuron - block.first);
    if (!stepping_ && lane.columns.assign(lane.arrivals, lane.sampled)) {
      neurons->advance_block(lane.columns, end, block.crossings, spikes, tally, samples);
    } else {
      lane.ordered.assign(lane.arrivals);
      neurons->advance_block(lane.ordered, end, block.crossings, spikes, tally, samples);
    }
    block.wake_up = block.crossings.wake_up();
  } else {
    if (block.counts.is_open()) {
      stepping_->count(block, points_, lane.sent, tally);
      return;
    }
    block.wake_up =
        processors_.sources[block.population]->emit_block(block.first, block.count, end, spikes, tally);
  }
}

// Where little arrives everything is in far memory: first where arrivals stand, then these, then whom they
// reach.
void Simulation::fetch_ahead(std::size_t place, std::int64_t window) const {
  constexpr std::size_t few = 512;  // arrivals of a block
  if (stepping_) {
    if (place + 1 < active_.size())
      for (const Lane& from : lanes_) from.calendar.prefetch(window, active_[place + 1]);
    return;
  }
  if (place + 4 < active_.size())
    for (const Lane& from : lanes_) from.calendar.prefetch_bin(window, active_[place + 4]);
  if (place + 2 < active_.size())
    for (const Lane& from : lanes_) from.calendar.prefetch(window, active_[place + 2]);
  if (place + 1 >= active_.size()) return;
  const Block& next = blocks_[active_[place + 1]];
  const Neurons* neurons = processors_.neurons[next.population].get();
  if (neurons == nullptr) return;
  for (const Lane& from : lanes_)
    if (const auto arrivals = from.calendar.packed_arrivals(window, active_[place + 1]);
        arrivals.size() <= few)
      neurons->prefetch(next.first, arrivals);
}

void Simulation::gather(Lane& lane, std::int64_t window, std::uint32_t block, double end) {
  BlockArrivals& arrivals = lane.arrivals;
  arrivals.wide.clear();
  arrivals.packed.clear();
  arrivals.codes = &codes_;
  arrivals.packed_weights = codes_.packed_weights(blocks_[block].population);
  arrivals.first = blocks_[block].first;
  arrivals.count = blocks_[block].count;
  arrivals.start = grid_.start(window);
  arrivals.length = grid_.length();
  arrivals.on_grid = stepping_ != nullptr;
  lane.kept.clear();
  lane.kept_packed.clear();
  for (const Lane& from : lanes_) {
    const auto wide = from.calendar.arrivals(window, block);
    const auto packed = from.calendar.packed_arrivals(window, block);
    if (!cut_) {
      arrivals.wide.push_back(wide);
      arrivals.packed.push_back(packed);
      continue;
    }
    for (const Arrival& arrival : wide)
      if (arrival.time < end) {
        lane.kept.push_back(arrival);
      } else {
        lane.later.emplace_back(block, arrival);
      }
    for (const PackedArrival arrival : packed)
      if ((stepping_ ? arrivals.start + arrival.grid_step() : arrival.time(arrivals.start)) < end) {
        lane.kept_packed.push_back(arrival);
      } else {
        lane.later_packed.emplace_back(block, arrival);
      }
  }
  if (!cut_) return;
  arrivals.wide.push_back(lane.kept);
  arrivals.packed.push_back(lane.kept_packed);
}

void Simulation::record() {
  recorded_.clear();
  for (std::size_t place = 0; place < active_.size(); ++place) {
    const Block& block = blocks_[active_[place]];
    if (block.wake_up < never) wake_ups_.push({block.wake_up, Event::Kind::wake_up, active_[place]});
    const Population& population = network_.populations()[block.population];
    const std::vector<Spike>& spikes = emitted_[place];
    const bool keep = processors_.neurons[block.population] != nullptr && !recorders_.empty();
    const bool late = grid_.start(window_ + 1) > remember_from_;
    if (!keep && !late) continue;
    for (const Spike& spike : spikes) {
      const Spike known{spike.time, population.first + population.whole(spike.neuron)};
      if (keep) recorded_.push_back(known);
      if (late) traffic_.remember(known);
    }
  }
  if (recorded_.empty()) return;
  std::sort(recorded_.begin(), recorded_.end());
  if (network_.unit().on_grid())
    for (Spike& spike : recorded_) spike.time = network_.unit().to_ms(spike.time);
  for (SpikeRecorder* recorder : recorders_) recorder->record(recorded_);
}

}  // namespace flurry
