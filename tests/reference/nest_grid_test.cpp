// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <doctest/doctest.h>

#include "core/engine/serial_engine.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "tests/core/engine/ranks_run.hpp"
#include "tests/reference/nest_network.hpp"
#include "tests/reference/resumed_run.hpp"

namespace flurry::testing {

TEST_CASE("all spikes of the NEST networks on a grid come out, at the same grid points") {
  for (const std::filesystem::path& path : reference_files("nest", {"_net.json"})) {
    CAPTURE(path.filename().string());
    if (path.filename().string().find("_ps_") != std::string::npos) continue;
    const Document network = read_json(path);
    const double until = network.at("duration_ms", "network").number("duration_ms");
    NetworkDescription description = described(network);
    description.resolution = network.at("resolution_ms", "network").number("resolution_ms");
    validate(description, catalogue());
    Executor alone;
    const Network built = build(description, alone);
    const SpikeTrain ours = spikes_of(SerialEngine(built, catalogue()), until);
    ThreadExecutor two(2);
    CHECK(spikes_of(Simulation(built, catalogue(), two), until) == ours);
    CHECK(resumed_run(built, until) == ours);
    for (const std::uint32_t ranks : {2U, 3U, 4U})
      CHECK(run_in_legs(description, {{0.3 * until, ranks, 2}, {until, 5 - ranks, 1}}, ranks == 3).spikes ==
            ours);

    const SpikeTrain theirs = reference_spikes(network);
    REQUIRE(theirs.size() > 0);
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      REQUIRE(ours[i].neuron == theirs[i].neuron);
      REQUIRE(std::abs(ours[i].time - theirs[i].time) < 1e-9);
    }
    MESSAGE(path.filename().string() << ": " << ours.size() << " spikes on the grid, all equal");
  }
}

TEST_CASE("the membrane of a NEST neuron on a grid is met at every step, within 1e-9 mV") {
  for (const std::filesystem::path& path : reference_files("nest", {"_single.json"})) {
    CAPTURE(path.filename().string());
    const Document reference = read_json(path);
    NetworkDescription description;
    description.resolution = reference.at("resolution_ms", "neuron").number("resolution_ms");
    PopulationDescription neuron;
    neuron.name = "neuron";
    neuron.model = model_of(reference);
    neuron.size = 1;
    for (const auto& [name, value] : reference.at("neuron", "neuron").table("neuron"))
      neuron.parameters.emplace(name, Distribution::constant(value.number(name)));
    description.populations.push_back(neuron);
    for (const Document& train : reference.at("inputs", "neuron").array("inputs")) {
      PopulationDescription input;
      input.name = "input" + std::to_string(description.populations.size());
      input.model = "spike_train";
      input.size = 1;
      SpikeTrain spikes;
      for (const double time : numbers(train, "times_ms")) spikes.push_back({time, 0});
      input.spikes = std::make_shared<const SpikeTrain>(std::move(spikes));
      ProjectionDescription projection;
      projection.name = projection.source = input.name;
      projection.target = "neuron";
      projection.rule = OneToOne{};
      projection.weight = Distribution::constant(train.at("weight_pA", "input").number("weight_pA"));
      projection.delay = Distribution::constant(train.at("delay_ms", "input").number("delay_ms"));
      description.populations.push_back(std::move(input));
      description.projections.push_back(std::move(projection));
    }
    validate(description, catalogue());
    Executor alone;
    const Network built = build(description, alone);
    Simulation simulation(built, catalogue(), alone);
    SpikeMemory memory;
    simulation.add_recorder(memory);
    StateMemory sampled;
    simulation.add_recorder(
        {0, {0}, {0}, SampleTimes::every(*description.resolution, *description.resolution)}, sampled);
    const Document& result = reference.at("result", "neuron");
    const std::vector<double> potentials = numbers(result, "V_m_mV");
    double largest = 0.0;
    for (std::size_t k = 0; k < potentials.size(); ++k) {
      simulation.run(static_cast<double>(k + 1) * *description.resolution);
      largest = std::max(largest, std::abs(simulation.potential(0) - potentials[k]));
    }
    REQUIRE(sampled.values().size() == potentials.size());
    for (std::size_t k = 0; k < potentials.size(); ++k)
      largest = std::max(largest, std::abs(sampled.values()[k] - potentials[k]));
    const std::vector<double> times = numbers(result, "spike_times_ms");
    REQUIRE(memory.spikes().size() == times.size());
    for (std::size_t i = 0; i < times.size(); ++i) CHECK(std::abs(memory.spikes()[i].time - times[i]) < 1e-9);
    MESSAGE(path.filename().string() << ": " << potentials.size() << " samples, largest difference "
                                     << largest << " mV; " << times.size() << " spikes");
    CHECK(largest <= 1e-9);
  }
}

}  // namespace flurry::testing
