// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/exchange_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/base/random.hpp"

namespace flurry {
namespace {

constexpr double draws_allowed = 3e7;  // of targets
constexpr int windows = 8;
constexpr double spike_bytes = 12.0;   // as SpikeExchange sends them
constexpr double notice_bytes = 24.0;  // as the communicator does
constexpr double row_bytes = 8.0;
constexpr double route_bytes = 8.0;

// Who the spikes of one virtual rank go to.
class VirtualRank {
 public:
  VirtualRank(const ExchangePlan& plan, std::uint32_t ranks, std::uint32_t number)
      : plan_(plan),
        ranks_(ranks),
        number_(number),
        tile_ranks_(std::clamp(plan.tile * ranks / plan.neurons, 1.0, static_cast<double>(ranks))),
        random_(1, Purpose::test, 41, number),
        seen_(ranks, 0) {}

  // Other ranks that a neuron has targets on, into `reached`.
  void draw_neuron(std::vector<std::uint32_t>& reached) {
    reached.clear();
    ++stamp_;
    const auto degree = static_cast<std::uint32_t>(plan_.out_degree);
    const auto local = static_cast<std::uint32_t>(std::lround(plan_.out_degree * plan_.local));
    for (std::uint32_t i = 0; i < degree; ++i) {
      const std::uint32_t rank = i < local ? near() : random_.below(ranks_);
      if (rank == number_ || seen_[rank] == stamp_) continue;
      seen_[rank] = stamp_;
      reached.push_back(rank);
    }
  }
  RandomSequence& random() { return random_; }

 private:
  // A rank of the same tile; ranks of a tile have neighbouring numbers.
  std::uint32_t near() {
    const auto span = static_cast<std::uint32_t>(std::ceil(tile_ranks_));
    const std::uint32_t first = number_ / span * span;
    return std::min(first + random_.below(span), ranks_ - 1);
  }

  const ExchangePlan& plan_;
  std::uint32_t ranks_;
  std::uint32_t number_;
  double tile_ranks_;
  RandomSequence random_;
  std::vector<std::uint32_t> seen_;
  std::uint32_t stamp_ = 0;
};

// The busiest of all ranks in a window, relative to the mean.
double chance_imbalance(double mean, std::uint32_t ranks) {
  if (!(mean > 0.0)) return 1.0;
  RandomSequence random(1, Purpose::test, 42, 0);
  std::poisson_distribution<std::uint64_t> spikes(mean);
  double sum = 0.0;
  for (int window = 0; window < windows; ++window) {
    std::uint64_t most = 0;
    for (std::uint32_t rank = 0; rank < ranks; ++rank) most = std::max(most, spikes(random));
    sum += static_cast<double>(most) / mean;
  }
  return sum / windows;
}

}  // namespace

ExchangeEstimate estimate_exchange(const ExchangePlan& plan, std::uint32_t ranks) {
  ExchangeEstimate result;
  result.ranks = ranks;
  result.neurons = plan.neurons / ranks;
  result.synapses = result.neurons * plan.out_degree;
  const double mean = result.neurons * plan.rate * 1e-3 * plan.window;
  const double neurons_drawn = std::clamp(draws_allowed / plan.out_degree, 32.0, 1e6);
  const int looked_at = static_cast<int>(std::min<double>(ranks, 4.0));
  const double spikes_drawn = std::min(mean, neurons_drawn / (looked_at * windows));
  double neurons = 0.0;
  double routes = 0.0;
  double messages = 0.0;
  std::vector<std::uint32_t> reached;
  std::vector<std::uint32_t> told(ranks);
  for (int i = 0; i < looked_at; ++i) {
    VirtualRank rank(plan, ranks, static_cast<std::uint32_t>(static_cast<double>(ranks) * i / looked_at));
    for (int window = 0; window < windows; ++window) {
      std::fill(told.begin(), told.end(), 0U);
      const auto spikes = static_cast<std::uint32_t>(std::max(1.0, std::round(spikes_drawn)));
      for (std::uint32_t spike = 0; spike < spikes; ++spike) {
        rank.draw_neuron(reached);
        neurons += 1.0;
        routes += static_cast<double>(reached.size());
        for (const std::uint32_t to : reached) ++told[to];
      }
      // Not all of them where fewer are sent than were drawn.
      const double sent = std::min(1.0, mean / spikes);
      for (const std::uint32_t count : told) messages += 1.0 - std::pow(1.0 - sent, count);
    }
  }
  result.routes = routes / neurons;
  result.spikes = mean * result.routes;
  // Of more spikes than were drawn: as if they went to any rank alike.
  const double others = ranks - 1.0;
  result.messages = messages / (looked_at * windows);
  if (mean > spikes_drawn && others > 0.0)
    result.messages = std::max(result.messages, others * -std::expm1(-result.spikes / others));
  result.bytes = spike_bytes * result.spikes;
  result.notice_bytes = ranks > 1 ? notice_bytes * ranks : 0.0;
  result.senders = result.neurons * (result.routes + 1.0);  // as many rows here as routes elsewhere lead here
  result.memory_bytes = result.neurons * plan.neuron_bytes + result.synapses * plan.synapse_bytes +
                        result.senders * row_bytes + result.neurons * result.routes * route_bytes;
  result.build_bytes = row_bytes * plan.neurons;
  result.imbalance = chance_imbalance(mean, ranks);
  return result;
}

}  // namespace flurry
