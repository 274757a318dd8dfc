// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "core/engine/simulation.hpp"
#include "core/engine/spike_recorder.hpp"
#include "core/engine/state_recorder.hpp"
#include "core/engine/state_share.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "core/parallel/thread_ranks.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {

/// A stretch of a run: up to a time (ms), on so many ranks of so many threads.
struct Leg {
  double until = 0.0;
  std::uint32_t ranks = 1;
  std::size_t threads = 1;
};

/// First variable of every neuron, by network-wide number, sampled every 0.7 ms.
using Samples = std::map<std::uint32_t, std::vector<double>>;

/// Has the neurons that are here sampled, and adds what came of it to the samples of all.
class NeuronSampling {
 public:
  NeuronSampling(Simulation& simulation, const Network& network) : network_(network) {
    for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
      const Population& population = network.populations()[p];
      if (catalogue().info(population.description.model, "").is_source) continue;
      SampleRequest request;
      request.population = p;
      for (std::uint32_t n = 0; n < population.size(); ++n) request.neurons.push_back(population.whole(n));
      request.variables = {0};
      request.times = SampleTimes::every(0.7, 0.1);
      simulation.add_recorder(std::move(request), recorded_.emplace_back(p, 1).second);
    }
  }
  void add_to(Samples& samples) const {
    for (const auto& [p, memory] : recorded_) {
      const Population& population = network_.populations()[p];
      for (std::size_t i = 0; i < memory.values().size(); ++i) {
        const auto here = static_cast<std::uint32_t>(i % population.size());
        samples[population.first + population.whole(here)].push_back(memory.values()[i]);
      }
    }
  }

 private:
  const Network& network_;
  std::deque<std::pair<std::uint32_t, StateMemory>> recorded_;  // by population
};

/// What a run gave.
struct Recording {
  SpikeTrain spikes;  // ordered
  Samples samples;    // where they were asked for
};

/// A run whose every leg goes on from the states that the ranks of the one before had saved.
inline Recording run_in_legs(const NetworkDescription& description, const std::vector<Leg>& legs,
                             bool sampled = false) {
  Recording result;
  std::vector<EngineState> states;
  Partition before = Partition::round_robin(description, 1);
  for (const Leg& leg : legs) {
    const Partition partition = Partition::round_robin(description, leg.ranks);
    std::vector<EngineState> saved(leg.ranks);
    std::mutex mutex;
    run_on_thread_ranks(leg.ranks, [&](Communicator& communicator) {
      ThreadExecutor executor(leg.threads);
      const Share share{partition, communicator};
      const Network network = build(description, executor, {}, share);
      Simulation simulation(network, catalogue(), executor, share);
      SpikeMemory memory;
      simulation.add_recorder(memory);
      std::optional<NeuronSampling> sampling;
      if (sampled) sampling.emplace(simulation, network);
      if (!states.empty()) {
        StateShare state(description, before, partition, communicator.rank());
        for (std::uint32_t from = 0; from < states.size(); ++from) state.add(from, states[from]);
        simulation.restore(state.take());
      }
      simulation.run(leg.until);
      saved[communicator.rank()] = simulation.state();
      const std::lock_guard lock(mutex);
      result.spikes.insert(result.spikes.end(), memory.spikes().begin(), memory.spikes().end());
      if (sampling) sampling->add_to(result.samples);
    });
    states = std::move(saved);
    before = partition;
  }
  std::sort(result.spikes.begin(), result.spikes.end());
  return result;
}

}  // namespace flurry::testing
