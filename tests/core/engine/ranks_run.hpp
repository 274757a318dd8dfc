// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "core/engine/simulation.hpp"
#include "core/engine/spike_recorder.hpp"
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

/// The spikes of a run whose every leg goes on from the states that the ranks of the one before had saved.
inline SpikeTrain run_in_legs(const NetworkDescription& description, const std::vector<Leg>& legs) {
  SpikeTrain spikes;
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
      if (!states.empty()) {
        StateShare state(description, before, partition, communicator.rank());
        for (std::uint32_t from = 0; from < states.size(); ++from) state.add(from, states[from]);
        simulation.restore(state.take());
      }
      simulation.run(leg.until);
      saved[communicator.rank()] = simulation.state();
      const std::lock_guard lock(mutex);
      spikes.insert(spikes.end(), memory.spikes().begin(), memory.spikes().end());
    });
    states = std::move(saved);
    before = partition;
  }
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

}  // namespace flurry::testing
