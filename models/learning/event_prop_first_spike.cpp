// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_first_spike.hpp"

#include <algorithm>
#include <cmath>

namespace flurry {
namespace {

double time_of(const EventPropTape& tape, std::uint32_t neuron, double silent) {
  const std::uint32_t first = tape.first_spike(neuron);
  return first == EventPropTape::none ? silent : tape.records[first].time;
}

}  // namespace

double EventPropFirstSpike::add(const EventPropPlan& plan, const EventPropTape& tape,
                                std::span<const std::uint32_t> outputs, std::uint32_t label,
                                EventPropCredit& credit) const {
  const double end = plan.options().duration;
  double earliest = end;
  for (const std::uint32_t n : outputs) earliest = std::min(earliest, time_of(tape, n, end));
  double sum = 0.0;
  for (const std::uint32_t n : outputs) sum += std::exp((earliest - time_of(tape, n, end)) / tau_0);
  for (const std::uint32_t n : outputs) {
    const std::uint32_t first = tape.first_spike(n);
    if (first != EventPropTape::none)
      credit.time[first] -= std::exp((earliest - tape.records[first].time) / tau_0) / (sum * tau_0);
  }

  const std::uint32_t neuron = outputs[label];
  const double time = time_of(tape, neuron, end);
  const double late = std::exp(time / tau_1);
  double loss = (time - earliest) / tau_0 + std::log(sum) + alpha * (late - 1.0);
  const std::uint32_t first = tape.first_spike(neuron);
  const std::uint32_t probe = tape.probe(neuron);
  if (first != EventPropTape::none) {
    credit.time[first] += 1.0 / tau_0 + alpha * late / tau_1;
  } else if (probe != EventPropTape::none) {
    loss += missing * (plan.neuron(neuron).threshold - tape.records[probe].potential);
    credit.potential[probe] -= missing;
  }
  return loss;
}

std::uint32_t event_prop_first_to_spike(const EventPropTape& tape, std::span<const std::uint32_t> outputs) {
  std::uint32_t winner = EventPropTape::none;
  double earliest = never;
  for (std::uint32_t k = 0; k < outputs.size(); ++k) {
    const double time = time_of(tape, outputs[k], never);
    if (time < earliest) {
      earliest = time;
      winner = k;
    }
  }
  return winner;
}

}  // namespace flurry
