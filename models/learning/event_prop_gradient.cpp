// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_gradient.hpp"

#include <cstddef>

namespace flurry {
namespace {

void add_to(std::vector<double>& sum, const std::vector<double>& more) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += more[i];
}

}  // namespace

void EventPropGradient::clear(const EventPropNetwork& network) {
  input.weight.assign(network.input.size(), 0.0);
  input.delay.assign(network.input.size(), 0.0);
  recurrent.weight.assign(network.recurrent.size(), 0.0);
  recurrent.delay.assign(network.recurrent.size(), 0.0);
  tau_m.assign(network.size(), 0.0);
  tau_syn.assign(network.size(), 0.0);
  threshold.assign(network.size(), 0.0);
  t_ref.assign(network.size(), 0.0);
  clipped = 0;
}

void EventPropGradient::add(const EventPropGradient& other) {
  add_to(input.weight, other.input.weight);
  add_to(input.delay, other.input.delay);
  add_to(recurrent.weight, other.recurrent.weight);
  add_to(recurrent.delay, other.recurrent.delay);
  add_to(tau_m, other.tau_m);
  add_to(tau_syn, other.tau_syn);
  add_to(threshold, other.threshold);
  add_to(t_ref, other.t_ref);
  clipped += other.clipped;
}

}  // namespace flurry
