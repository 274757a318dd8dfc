// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_ranks.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/bench/exchange_estimate.hpp"

using namespace flurry;

namespace scale_test {
namespace {

// Neurons that all spike at 100 Hz and do not mind each other.
NetworkDescription clocks(std::uint32_t neurons, std::uint32_t out_degree) {
  NetworkDescription network;
  PopulationDescription clock;
  clock.name = "clock";
  clock.model = "lif";
  clock.size = neurons;
  clock.parameters.emplace("I_e", Distribution::uniform(380.0, 480.0));
  network.populations.push_back(clock);
  ProjectionDescription idle;
  idle.name = "idle";
  idle.source = idle.target = "clock";
  idle.rule = FixedOutDegree{out_degree};
  idle.weight = Distribution::constant(0.0);
  idle.delay = Distribution::constant(1.0);
  network.projections.push_back(idle);
  return network;
}

}  // namespace

TEST_CASE("what is estimated for many ranks is what ranks count, where there are few") {
  constexpr std::uint32_t neurons = 2000;
  constexpr double until = 200.0;
  for (const std::uint32_t out_degree : {3U, 40U})
    for (const std::uint32_t ranks : {2U, 8U}) {
      CAPTURE(out_degree);
      CAPTURE(ranks);
      const NetworkDescription description = clocks(neurons, out_degree);
      const Partition partition = Partition::round_robin(description, ranks);
      std::vector<double> sent(ranks), spikes(ranks), messages(ranks);
      run_on_thread_ranks(ranks, [&](Communicator& communicator) {
        Executor alone;
        const Share share{partition, communicator};
        const Network network = build(description, alone, {}, share);
        Simulation simulation(network, catalogue(), alone, share);
        const std::uint64_t before = communicator.done().messages;
        simulation.run(until);
        sent[communicator.rank()] = static_cast<double>(simulation.spikes_sent());
        spikes[communicator.rank()] = static_cast<double>(simulation.counts().populations[0].spikes);
        messages[communicator.rank()] = static_cast<double>(communicator.done().messages - before);
      });
      double all_sent = 0.0, all_spikes = 0.0, all_messages = 0.0;
      for (std::uint32_t rank = 0; rank < ranks; ++rank) {
        all_sent += sent[rank];
        all_spikes += spikes[rank];
        all_messages += messages[rank];
      }
      ExchangePlan plan;
      plan.neurons = neurons;
      plan.out_degree = out_degree;
      plan.rate = 1e3 * all_spikes / (neurons * until);
      plan.window = 1.0;
      const ExchangeEstimate estimate = estimate_exchange(plan, ranks);
      CHECK(estimate.routes == doctest::Approx(all_sent / all_spikes).epsilon(0.03));
      CHECK(estimate.spikes == doctest::Approx(all_sent / ranks / until).epsilon(0.05));
      CHECK(estimate.messages == doctest::Approx(all_messages / ranks / until).epsilon(0.1));
    }
}

}  // namespace scale_test
