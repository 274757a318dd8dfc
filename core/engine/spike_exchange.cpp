// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/spike_exchange.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/collective.hpp"

namespace flurry {
namespace {

constexpr std::size_t spike_bytes = sizeof(double) + sizeof(std::uint32_t);

// "Spikes of this element come along this row of mine."
struct Subscription {
  std::uint32_t population = 0;
  std::uint32_t element = 0;  // of the whole population
  std::uint32_t sender = 0;   // at the rank that says so
};

}  // namespace

SpikeExchange::SpikeExchange(const Network& network, const Share& share, std::vector<bool> is_source,
                             std::size_t lanes)
    : share_(share),
      is_source_(std::move(is_source)),
      populations_(network.populations().size()),
      lanes_(lanes),
      outgoing_(share.communicator.ranks()) {
  for (Lane& lane : lanes_) lane.outgoing.resize(share_.communicator.ranks());
  arrived_.of_neurons.resize(populations_.size());
  arrived_.of_sources.resize(populations_.size());
  tell_owners(network);
  find_what_stays(network);
}

void SpikeExchange::tell_owners(const Network& network) {
  Communicator& communicator = share_.communicator;
  std::vector<Communicator::Bytes> told(communicator.ranks());
  std::uint32_t sender = 0;
  for (std::uint32_t p = 0; p < populations_.size(); ++p) {
    const Population& population = network.populations()[p];
    populations_[p].rows.assign(population.size(), no_row);
    populations_[p].first.assign(std::size_t{population.size()} + 1, 0);
    populations_[p].first_sender = sender;
    for (std::uint32_t row = 0; row < population.senders.size(); ++row, ++sender) {
      const std::uint32_t element = population.senders[row];
      const std::uint32_t owner = share_.partition.owner(p, element);
      if (owner == communicator.rank())
        populations_[p].rows[population.here(element)] = row;
      else
        append_bytes(told[owner], Subscription{p, element, sender});
    }
  }
  std::vector<std::vector<Subscription>> heard;
  for (const Communicator::Bytes& bytes : exchange_messages(communicator, told))
    heard.push_back(values_from<Subscription>(bytes));
  const auto element_of = [&](const Subscription& one) {
    return network.populations()[one.population].here(one.element);
  };
  for (const auto& from_rank : heard)
    for (const Subscription& one : from_rank) ++populations_[one.population].first[element_of(one) + 1];
  for (Routes& routes : populations_) {
    for (std::size_t i = 1; i < routes.first.size(); ++i) routes.first[i] += routes.first[i - 1];
    routes.routes.resize(routes.first.back());
  }
  std::vector<std::vector<std::uint32_t>> next;
  for (const Routes& routes : populations_) next.push_back(routes.first);
  for (std::uint32_t rank = 0; rank < heard.size(); ++rank)
    for (const Subscription& one : heard[rank])
      populations_[one.population].routes[next[one.population][element_of(one)]++] = {rank, one.sender};
}

void SpikeExchange::find_what_stays(const Network& network) {
  for (std::uint32_t p = 0; p < populations_.size(); ++p) {
    Routes& routes = populations_[p];
    routes.stays_here =
        routes.routes.empty() && network.populations()[p].senders.size() == routes.rows.size();
    for (std::uint32_t i = 0; i < routes.rows.size(); ++i)
      routes.stays_here = routes.stays_here && routes.rows[i] == i;
  }
}

void SpikeExchange::send(std::size_t lane, std::uint32_t population, const Spike& spike) {
  const Routes& routes = populations_[population];
  for (std::uint32_t i = routes.first[spike.neuron]; i < routes.first[spike.neuron + 1]; ++i) {
    Communicator::Bytes& message = lanes_[lane].outgoing[routes.routes[i].rank];
    append_bytes(message, spike.time);
    append_bytes(message, routes.routes[i].sender);
    ++lanes_[lane].spikes;
  }
}

void SpikeExchange::begin(std::int64_t next_window, bool stop) {
  for (std::size_t rank = 0; rank < outgoing_.size(); ++rank) {
    outgoing_[rank].clear();
    for (Lane& lane : lanes_) {
      Communicator::Bytes& part = lane.outgoing[rank];
      if (outgoing_[rank].empty())
        outgoing_[rank].swap(part);
      else
        outgoing_[rank].insert(outgoing_[rank].end(), part.begin(), part.end());
      part.clear();
    }
  }
  share_.communicator.begin_exchange({next_window, stop ? 1 : 0}, outgoing_);
}

const SpikeExchange::Arrived& SpikeExchange::end() {
  share_.communicator.end_exchange(notices_, incoming_);
  agreed_ = {std::numeric_limits<std::int64_t>::max(), false};
  for (const auto& [next_window, stop] : notices_) {
    agreed_.next_window = std::min(agreed_.next_window, next_window);
    agreed_.stop = agreed_.stop || stop != 0;
  }
  for (auto& spikes : arrived_.of_neurons) spikes.clear();
  for (auto& spikes : arrived_.of_sources) spikes.clear();
  for (const Communicator::Bytes& message : incoming_) receive(message);
  return arrived_;
}

void SpikeExchange::receive(const Communicator::Bytes& message) {
  if (message.size() % spike_bytes != 0) throw InternalError("spikes from another rank have been cut");
  std::uint32_t p = 0;
  for (std::size_t at = 0; at < message.size(); at += spike_bytes) {
    Spike spike;
    std::memcpy(&spike.time, message.data() + at, sizeof spike.time);
    std::memcpy(&spike.neuron, message.data() + at + sizeof spike.time, sizeof spike.neuron);
    while (spike.neuron < populations_[p].first_sender) --p;
    while (p + 1 < populations_.size() && spike.neuron >= populations_[p + 1].first_sender) ++p;
    spike.neuron -= populations_[p].first_sender;
    (is_source_[p] ? arrived_.of_sources : arrived_.of_neurons)[p].push_back(spike);
  }
}

std::uint64_t SpikeExchange::spikes_sent() const {
  std::uint64_t sum = 0;
  for (const Lane& lane : lanes_) sum += lane.spikes;
  return sum;
}

std::uint64_t SpikeExchange::memory_bytes() const {
  std::uint64_t sum = 0;
  for (const Routes& routes : populations_)
    sum += (routes.rows.size() + routes.first.size()) * sizeof(std::uint32_t) +
           routes.routes.size() * sizeof(Route);
  return sum;
}

}  // namespace flurry
