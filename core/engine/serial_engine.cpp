// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/serial_engine.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/engine/state_sampling.hpp"

namespace flurry {

SerialEngine::SerialEngine(const Network& network, const Catalogue& catalogue)
    : network_(network),
      processors_(network, catalogue),
      crossings_(network.size(), never),
      counts_(processors_.blank_counts),
      traffic_(network, false) {
  for (const Projection& projection : network.projections()) {
    std::vector<std::uint32_t> order(projection.synapses());
    for (std::size_t row = 0; row + 1 < projection.rows.size(); ++row) {
      const std::uint64_t first = projection.rows[row];
      const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = order.begin() + static_cast<std::ptrdiff_t>(projection.rows[row + 1]);
      std::iota(begin, end, 0U);
      std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
        return value_of(projection.delays, first + a) < value_of(projection.delays, first + b);
      });
    }
    by_delay_.push_back(std::move(order));
  }
}

void SerialEngine::run(double until_ms) {
  if (!started_) start();
  const double until = network_.unit().not_after(until_ms);
  spikes_.clear();
  while (queue_.next_time() <= until) {
    sample_before(queue_.next_time());
    step(queue_.next_time());
  }
  sample_before(std::nextafter(until, never));
  now_ = std::max(now_, until);
  std::sort(spikes_.begin(), spikes_.end());
  for (Spike& spike : spikes_) spike.time = network_.unit().to_ms(spike.time);
  for (SpikeRecorder* recorder : recorders_) recorder->record(spikes_);
}

void SerialEngine::add_recorder(SampleRequest request, StateRecorder& recorder) {
  validate(request, network_, processors_);
  sampled_.push_back({std::move(request), &recorder, 0});
}

// Every neuron is as its last event left it.
void SerialEngine::sample_before(double time) {
  for (auto& [request, recorder, next] : sampled_) {
    for (;; ++next) {
      const double ms = request.times[next];
      const double instant = network_.unit().instant(ms);
      if (!(instant < time)) break;
      std::vector<double> values;
      for (const std::uint32_t variable : request.variables)
        for (const std::uint32_t neuron : request.neurons)
          values.push_back(processors_.neurons[request.population]->value(neuron, variable, instant));
      recorder->record({next, {&ms, 1}, values});
    }
  }
}

void SerialEngine::start() {
  started_ = true;
  for (std::uint32_t p = 0; p < network_.populations().size(); ++p) {
    const Population& population = network_.populations()[p];
    for (std::uint32_t i = 0; i < population.size(); ++i) {
      if (processors_.neurons[p]) {
        predict(population.first + i, processors_.neurons[p]->first_crossing(i, counts_[p]));
      } else {
        await(population.first + i, processors_.sources[p]->next(i));
      }
    }
  }
}

void SerialEngine::await(std::uint32_t source, double spike) {
  if (spike < never) queue_.push({spike, Event::Kind::source, source});
}

// Everything that happens at one instant. Delays are > 0, so that nothing sent now arrives now.
void SerialEngine::step(double now) {
  deliveries_.clear();
  std::vector<std::uint32_t> crossing;
  while (queue_.next_time() == now) {
    const Event event = queue_.pop();
    if (event.kind == Event::Kind::source) {
      const std::uint32_t p = network_.population_of(event.who);
      const std::uint32_t element = event.who - network_.populations()[p].first;
      send(now, event.who);
      ++counts_[p].spikes;
      await(event.who, processors_.sources[p]->next(element));
    } else if (event.kind == Event::Kind::arrival) {
      deliver(event);
    } else {
      crossing.push_back(event.who);
    }
  }
  receive(now);
  for (const std::uint32_t neuron : crossing) cross(neuron, now);
}

std::uint64_t SerialEngine::synapse(const Event& arrival) const {
  const Projection& projection = network_.projections()[arrival.projection];
  const std::uint32_t row = arrival.who - network_.populations()[projection.source].first;
  const std::uint64_t first = projection.rows[row];
  if (first + arrival.slot >= projection.rows[row + 1]) return projection.synapses();
  return first + by_delay_[arrival.projection][first + arrival.slot];
}

void SerialEngine::deliver(const Event& arrival) {
  const Projection& projection = network_.projections()[arrival.projection];
  const std::uint32_t first_target = network_.populations()[projection.target].first;
  Event next = arrival;
  for (std::uint64_t j = synapse(next); j < projection.synapses(); j = synapse(next)) {
    next.time = arrival.sent + value_of(projection.delays, j);
    if (next.time > arrival.time) {
      queue_.push(next);
      return;
    }
    deliveries_.push_back({first_target + projection.targets[j], value_of(projection.weights, j)});
    ++next.slot;
  }
}

void SerialEngine::receive(double now) {
  std::sort(deliveries_.begin(), deliveries_.end(), [](const Delivery& a, const Delivery& b) {
    return std::tie(a.target, a.weight) < std::tie(b.target, b.weight);
  });
  for (std::size_t i = 0; i < deliveries_.size();) {
    const std::uint32_t neuron = deliveries_[i].target;
    ArrivalSum sum;
    for (; i < deliveries_.size() && deliveries_[i].target == neuron; ++i) sum.add(deliveries_[i].weight);
    const std::uint32_t p = network_.population_of(neuron);
    const std::uint32_t within = neuron - network_.populations()[p].first;
    const Neurons::Outcome outcome = processors_.neurons[p]->receive(within, now, sum, counts_[p]);
    if (outcome.spiked) {
      spikes_.push_back({now, neuron});
      send(now, neuron);
    }
    predict(neuron, outcome.next_crossing);
  }
}

void SerialEngine::cross(std::uint32_t neuron, double now) {
  const std::uint32_t p = network_.population_of(neuron);
  ++counts_[p].queue_pops;
  if (crossings_[neuron] != now) {  // something arrived since this was predicted
    ++counts_[p].crossings_stale;
    return;
  }
  spikes_.push_back({now, neuron});
  send(now, neuron);
  predict(neuron, processors_.neurons[p]->cross(neuron - network_.populations()[p].first, now, counts_[p]));
}

void SerialEngine::send(double now, std::uint32_t neuron) {
  traffic_.remember({now, neuron});
  for (const std::uint32_t i : processors_.projections[network_.population_of(neuron)]) {
    Event arrival{now, Event::Kind::arrival, neuron, i, 0, now};
    const std::uint64_t first = synapse(arrival);
    const Projection& projection = network_.projections()[i];
    if (first == projection.synapses()) continue;
    const std::uint32_t row = neuron - network_.populations()[projection.source].first;
    traffic_.send(i, projection.rows[row + 1] - projection.rows[row]);
    arrival.time = now + value_of(projection.delays, first);
    queue_.push(arrival);
  }
}

void SerialEngine::predict(std::uint32_t neuron, double crossing) {
  crossings_[neuron] = crossing;
  if (crossing == never) return;
  ++counts_[network_.population_of(neuron)].queue_pushes;
  queue_.push({crossing, Event::Kind::crossing, neuron});
}

ActivityCounts SerialEngine::counts() const {
  ActivityCounts result;
  result.duration = network_.unit().to_ms(now_);
  result.populations = counts_;
  result.projections = traffic_.counts(now_);
  for (std::size_t p = 0; p < counts_.size(); ++p)
    if (processors_.neurons[p])
      result.state_bytes += counts_[p].updates() * processors_.neurons[p]->bytes_per_neuron();
  return result;
}

}  // namespace flurry
