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

TEST_CASE("all spikes of the NEST networks with precise times come out, in order, within 1e-8 ms") {
  for (const std::filesystem::path& path : reference_files("nest", {"_ps_net.json"})) {
    CAPTURE(path.filename().string());
    const Document network = read_json(path);
    REQUIRE(network.at("model", "network").text("model") == "iaf_psc_exp_ps");
    const double until = network.at("duration_ms", "network").number("duration_ms");
    const NetworkDescription description = described(network);
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
    double largest = 0.0;
    std::size_t out_of_order = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      out_of_order += ours[i].neuron == theirs[i].neuron ? 0 : 1;
      largest = std::max(largest, std::abs(ours[i].time - theirs[i].time));
    }
    MESSAGE(path.filename().string() << ": " << ours.size() << " spikes, largest difference " << largest
                                     << " ms");
    CHECK(out_of_order == 0);
    CHECK(largest <= 1e-8);
  }
}

}  // namespace flurry::testing
