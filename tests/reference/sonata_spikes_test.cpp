// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "io/sonata/sonata_circuit.hpp"
#include "io/spikes/spike_file.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tests/core/engine/ranks_run.hpp"
#include "tests/reference/resumed_run.hpp"
#include "tests/reference_data.hpp"

namespace flurry::testing {
namespace {

using Spikes = std::vector<std::pair<std::uint64_t, double>>;  // node id, ms; sorted

std::vector<std::filesystem::path> circuits() {
  std::vector<std::filesystem::path> found;
  for (const auto& config : reference_files("sonata", {"simulation_config.json"}))
    if (std::filesystem::exists(config.parent_path() / "output" / "spikes.h5"))
      found.push_back(config.parent_path());
  return found;
}

SpikeTrain run_fast(const Network& network, double until, std::size_t threads) {
  ThreadExecutor executor(threads);
  Simulation simulation(network, catalogue(), executor);
  SpikeMemory memory;
  simulation.add_recorder(memory);
  simulation.run(until);
  return memory.spikes();
}

SpikeTrain run_serial(const Network& network, double until) {
  SerialEngine engine(network, catalogue());
  SpikeMemory memory;
  engine.add_recorder(memory);
  engine.run(until);
  return memory.spikes();
}

Spikes of_population(const SpikeTrain& all, const Population& population) {
  Spikes spikes;
  for (const Spike& spike : all)
    if (spike.neuron >= population.first && spike.neuron - population.first < population.size())
      spikes.emplace_back(spike.neuron - population.first, spike.time);
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

Spikes of_file(const PopulationSpikes& file) {
  Spikes spikes;
  for (std::size_t i = 0; i < file.ids.size(); ++i) spikes.emplace_back(file.ids[i], file.times[i]);
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

// Largest difference in time; requires the same ids.
double largest_difference(const Spikes& ours, const Spikes& theirs) {
  REQUIRE(ours.size() == theirs.size());
  double largest = 0.0;
  std::size_t other_ids = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    other_ids += ours[i].first == theirs[i].first ? 0 : 1;
    largest = std::max(largest, std::abs(ours[i].second - theirs[i].second));
  }
  CHECK(other_ids == 0);
  return largest;
}

}  // namespace

TEST_CASE("every spike of the SONATA reference circuits comes out, id by id and time by time") {
  for (const std::filesystem::path& folder : circuits()) {
    CAPTURE(folder.filename().string());
    const SonataCircuit circuit = read_sonata(folder / "simulation_config.json", catalogue());
    REQUIRE(circuit.network.duration.has_value());
    const double until = *circuit.network.duration;
    validate(circuit.network, catalogue());
    Executor alone;
    const Network network = build(circuit.network, alone);
    const SpikeTrain serial = run_serial(network, until);
    CHECK(run_fast(network, until, 1) == serial);
    CHECK(run_fast(network, until, 3) == serial);
    CHECK(resumed_run(network, until) == serial);
    for (const std::uint32_t ranks : {2U, 3U, 4U})
      CHECK(
          run_in_legs(circuit.network, {{0.3 * until, ranks, 2}, {until, 5 - ranks, 1}}, ranks == 3).spikes ==
          serial);

    const SpikeFile file = read_spike_file(folder / "output" / "spikes.h5");
    std::size_t compared = 0;
    for (const auto& [name, theirs] : file.populations) {
      const bool only_one = name.empty() && file.populations.size() == 1;
      const Population& population = network.populations()[only_one ? 0 : network.find_population(name)];
      const Spikes ours = of_population(serial, population);
      const double difference = largest_difference(ours, of_file(theirs));
      CHECK(difference <= 1e-9);
      compared += ours.size();
      MESSAGE(folder.filename().string() << " " << population.name() << ": " << ours.size()
                                         << " spikes, largest difference " << difference << " ms");
    }
    CHECK(compared == serial.size());
    CHECK(compared > 0);
  }
}

}  // namespace flurry::testing
