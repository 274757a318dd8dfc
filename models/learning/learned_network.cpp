// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/learned_network.hpp"

#include <cmath>

#include "core/base/error.hpp"

namespace flurry {
namespace {

struct Demand {
  const char* list;
  const std::vector<double>& values;
  std::size_t size;
  bool may_be_empty = false;
  double low = -1e300;  // exclusive
};

void check_layer(const LearnedNetwork& network, std::size_t l) {
  const LearnedLayer& layer = network.layers[l];
  const std::size_t n = layer.size;
  const std::size_t in = network.senders(l) * n;
  const std::size_t spiking = layer.spiking ? n : 0;
  const double below_zero = -1e-300;
  for (const Demand& demand : {Demand{"w_in", layer.w_in, in},
                               {"w_rec", layer.w_rec, n * n, true},
                               {"delay_in", layer.delay_in, in, true, below_zero},
                               {"delay_rec", layer.delay_rec, layer.w_rec.size(), true, 0.0},
                               {"tau_m", layer.tau_m, n, false, 0.0},
                               {"tau_syn", layer.tau_syn, n, false, 0.0},
                               {"threshold", layer.threshold, spiking, false, 0.0},
                               {"reset", layer.reset, spiking},
                               {"t_ref", layer.t_ref, spiking, false, below_zero}}) {
    const std::string what = "layer '" + layer.name + "': " + demand.list;
    if (demand.values.size() != demand.size && !(demand.may_be_empty && demand.values.empty()))
      throw UsageError(what + " has " + std::to_string(demand.values.size()) + " values; expected " +
                       std::to_string(demand.size));
    for (const double value : demand.values)
      if (!std::isfinite(value) || value <= demand.low)
        throw UsageError(what + " has the value " + std::to_string(value) + "; expected a finite number" +
                         (demand.low == 0.0 ? " above 0" : ""));
  }
}

}  // namespace

std::uint32_t LearnedNetwork::neurons() const {
  std::uint32_t sum = 0;
  for (const LearnedLayer& layer : layers) sum += layer.size;
  return sum;
}

std::uint64_t LearnedNetwork::fan_out(std::size_t l) const {
  return (layers[l].recurrent() ? layers[l].size : 0) + (l + 1 < layers.size() ? layers[l + 1].size : 0);
}

void LearnedNetwork::check() const {
  if (layers.empty() || inputs == 0) throw UsageError("a network to learn needs inputs and a layer");
  if (classes.size() != layers.back().size)
    throw UsageError("the last layer has " + std::to_string(layers.back().size) + " neurons for " +
                     std::to_string(classes.size()) + " classes; expected one each");
  if (!(duration > 0.0)) throw UsageError("the duration of a sample must be above 0 ms");
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (!layers[l].spiking && l + 1 < layers.size())
      throw UsageError("layer '" + layers[l].name + "' does not spike; only the last one may be a readout");
    check_layer(*this, l);
  }
}

}  // namespace flurry
