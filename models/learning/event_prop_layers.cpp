// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_layers.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/error.hpp"
#include "core/base/spike.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t unseen = std::numeric_limits<std::uint32_t>::max();

// Numbers components such that every one comes after those it sends to.
class Components {
 public:
  explicit Components(const EventPropSynapses& synapses)
      : synapses_(synapses), index_(synapses.sources(), unseen), low_(index_), component(index_) {
    for (std::uint32_t n = 0; n < synapses.sources(); ++n)
      if (index_[n] == unseen) visit(n);
  }

 private:
  struct Step {
    std::uint32_t neuron;
    std::uint32_t synapse;
  };

  void enter(std::uint32_t neuron) {
    index_[neuron] = low_[neuron] = entered_++;
    open_.push_back(neuron);
    path_.push_back({neuron, synapses_.row_begin[neuron]});
  }
  void visit(std::uint32_t root) {
    enter(root);
    while (!path_.empty()) {
      Step& step = path_.back();
      const std::uint32_t neuron = step.neuron;
      if (step.synapse < synapses_.row_begin[neuron + 1]) {
        const std::uint32_t target = synapses_.target[step.synapse++];
        if (index_[target] == unseen) {
          enter(target);
        } else if (component[target] == unseen) {
          low_[neuron] = std::min(low_[neuron], index_[target]);
        }
      } else {
        path_.pop_back();
        if (!path_.empty()) low_[path_.back().neuron] = std::min(low_[path_.back().neuron], low_[neuron]);
        if (low_[neuron] == index_[neuron]) close(neuron);
      }
    }
  }
  void close(std::uint32_t root) {
    std::uint32_t neuron = unseen;
    do {
      neuron = open_.back();
      open_.pop_back();
      component[neuron] = count;
    } while (neuron != root);
    ++count;
  }

  const EventPropSynapses& synapses_;
  std::vector<std::uint32_t> index_;
  std::vector<std::uint32_t> low_;
  std::vector<std::uint32_t> open_;
  std::vector<Step> path_;
  std::uint32_t entered_ = 0;

 public:
  std::vector<std::uint32_t> component;
  std::uint32_t count = 0;
};

}  // namespace

EventPropLayers event_prop_layers(const EventPropNetwork& network) {
  const EventPropSynapses& synapses = network.recurrent;
  const Components components(synapses);
  std::vector<std::vector<std::uint32_t>> members(components.count);
  for (std::uint32_t n = 0; n < network.size(); ++n) members[components.component[n]].push_back(n);

  EventPropLayers layers;
  layers.layer_of.resize(network.size());
  std::vector<std::uint32_t> depth(components.count, 0);
  for (std::uint32_t c = components.count; c-- > 0;) {
    if (depth[c] >= layers.count()) layers.smallest_delay.resize(depth[c] + 1, never);
    double& smallest = layers.smallest_delay[depth[c]];
    for (const std::uint32_t n : members[c]) {
      layers.layer_of[n] = depth[c];
      for (std::uint32_t j = synapses.row_begin[n]; j < synapses.row_begin[n + 1]; ++j) {
        const std::uint32_t to = components.component[synapses.target[j]];
        if (to != c) {
          depth[to] = std::max(depth[to], depth[c] + 1);
          continue;
        }
        if (!(synapses.delay[j] > 0.0))
          throw UsageError("EventProp network: the delay from neuron " + std::to_string(n) + " to neuron " +
                           std::to_string(synapses.target[j]) + " is 0; within a cycle it must be > 0");
        smallest = std::min(smallest, synapses.delay[j]);
      }
    }
  }
  return layers;
}

}  // namespace flurry
