// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_forward.hpp"

namespace flurry::testing {

// Channels straight to one neuron.
inline EventPropNetwork one_neuron(double tau_m, double tau_syn, double threshold,
                                   std::vector<double> weights) {
  EventPropNetwork network;
  network.tau_m = {tau_m};
  network.tau_syn = {tau_syn};
  network.threshold = {threshold};
  std::vector<EventPropSynapse> list;
  for (std::uint32_t c = 0; c < weights.size(); ++c) list.push_back({c, 0, weights[c], 0.0});
  network.input = EventPropSynapses::rows(static_cast<std::uint32_t>(weights.size()), list);
  network.recurrent = EventPropSynapses::rows(1, {});
  return network;
}

struct EventPropRun {
  EventPropNetwork network;
  EventPropWorkspace workspace;
  EventPropCredit credit;
  EventPropGradient gradient;

  // The gradient of the sum of all spike times.
  EventPropRun(EventPropNetwork n, const std::vector<Spike>& input, EventPropOptions options = {})
      : network(std::move(n)) {
    const EventPropPlan plan(network, options);
    event_prop_forward(plan, input, workspace);
    credit.clear(workspace.tape);
    for (std::uint32_t k = 0; k < workspace.tape.spikes; ++k) credit.time[k] = 1.0;
    gradient.clear(network);
    event_prop_backward(plan, credit, workspace, gradient);
  }
  [[nodiscard]] const EventPropTape& tape() const { return workspace.tape; }
};

}  // namespace flurry::testing
