// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/simulation.hpp"
#include "core/engine/spike_recorder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {

/// The spikes of a run that is ended `stops` times at uneven moments; each time another simulation, with
/// other threads, goes on from its state.
inline SpikeTrain resumed_run(const Network& network, double until, int stops = 4) {
  SpikeMemory memory;
  EngineState state;
  for (int i = 0; i <= stops; ++i) {
    ThreadExecutor executor(1 + static_cast<std::size_t>(i) % 3);
    Simulation simulation(network, catalogue(), executor);
    simulation.add_recorder(memory);
    if (i > 0) simulation.restore(state);
    const double part = (i + 1.0) / (stops + 1.0);
    simulation.run(i == stops ? until : until * part * part);
    state = simulation.state();
  }
  return memory.spikes();
}

}  // namespace flurry::testing
