// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_network.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw UsageError("EventProp network: " + what); }

void check_neurons(const std::vector<double>& values, const std::string& name, std::size_t size,
                   bool may_be_infinite) {
  if (values.size() != size)
    refuse(std::to_string(values.size()) + " values of " + name + " for " + std::to_string(size) +
           " neurons");
  for (std::size_t n = 0; n < size; ++n) {
    if (!(values[n] > 0.0) || (std::isinf(values[n]) && !may_be_infinite))
      refuse(name + " of neuron " + std::to_string(n) + " is " + shortest(values[n]) + "; it must be > 0" +
             (may_be_infinite ? "" : " and finite"));
  }
}

void check_synapses(const EventPropSynapses& synapses, const std::string& name, std::size_t neurons) {
  const std::size_t size = synapses.size();
  if (synapses.weight.size() != size || synapses.delay.size() != size || synapses.row_begin.empty() ||
      synapses.row_begin.front() != 0 || synapses.row_begin.back() != size)
    refuse("the rows of " + name + " synapses do not agree with their " + std::to_string(size) + " targets");
  for (std::uint32_t s = 0; s < synapses.sources(); ++s)
    if (synapses.row_begin[s] > synapses.row_begin[s + 1])
      refuse("row " + std::to_string(s) + " of " + name + " synapses ends before it begins");
  for (std::size_t j = 0; j < size; ++j) {
    const std::string which = name + " synapse " + std::to_string(j);
    if (synapses.target[j] >= neurons)
      refuse("the target of " + which + " is " + std::to_string(synapses.target[j]) + "; there are " +
             std::to_string(neurons) + " neurons");
    if (!std::isfinite(synapses.weight[j]))
      refuse("the weight of " + which + " is " + shortest(synapses.weight[j]));
    if (!(synapses.delay[j] >= 0.0) || std::isinf(synapses.delay[j]))
      refuse("the delay of " + which + " is " + shortest(synapses.delay[j]) +
             " ms; it must be finite and not below 0");
  }
}

}  // namespace

EventPropSynapses EventPropSynapses::rows(std::uint32_t sources, std::span<const EventPropSynapse> list) {
  EventPropSynapses result;
  result.row_begin.assign(sources + std::size_t{1}, 0);
  for (const EventPropSynapse& s : list) {
    if (s.source >= sources)
      refuse("a synapse comes from source " + std::to_string(s.source) + "; there are " +
             std::to_string(sources));
    ++result.row_begin[s.source + 1];
  }
  for (std::size_t s = 0; s < sources; ++s) result.row_begin[s + 1] += result.row_begin[s];
  result.target.resize(list.size());
  result.weight.resize(list.size());
  result.delay.resize(list.size());
  std::vector<std::uint32_t> place(result.row_begin.begin(), result.row_begin.end() - 1);
  for (const EventPropSynapse& s : list) {
    const std::uint32_t j = place[s.source]++;
    result.target[j] = s.target;
    result.weight[j] = s.weight;
    result.delay[j] = s.delay;
  }
  return result;
}

bool EventPropNetwork::is_readout(std::uint32_t neuron) const { return std::isinf(threshold[neuron]); }

void EventPropNetwork::check() const {
  const std::size_t neurons = size();
  if (neurons >= std::numeric_limits<std::uint32_t>::max()) refuse("too many neurons");
  check_neurons(tau_m, "tau_m", neurons, false);
  check_neurons(tau_syn, "tau_syn", neurons, false);
  check_neurons(threshold, "threshold", neurons, true);
  if (!t_ref.empty() && t_ref.size() != neurons)
    refuse(std::to_string(t_ref.size()) + " values of t_ref for " + std::to_string(neurons) + " neurons");
  for (std::size_t n = 0; n < t_ref.size(); ++n)
    if (!(t_ref[n] >= 0.0) || std::isinf(t_ref[n]))
      refuse("t_ref of neuron " + std::to_string(n) + " is " + shortest(t_ref[n]) +
             " ms; it must be finite and not below 0");
  check_synapses(input, "input", neurons);
  check_synapses(recurrent, "recurrent", neurons);
  if (recurrent.sources() != neurons)
    refuse(std::to_string(recurrent.sources()) + " rows of recurrent synapses for " +
           std::to_string(neurons) + " neurons");
  for (std::uint32_t n = 0; n < neurons; ++n)
    if (is_readout(n) && recurrent.row_begin[n] != recurrent.row_begin[n + 1])
      refuse("neuron " + std::to_string(n) + " never spikes and has synapses");
}

}  // namespace flurry
