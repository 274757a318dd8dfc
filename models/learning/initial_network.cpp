// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/initial_network.hpp"

#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "models/learning/event_prop_learner.hpp"
#include "models/learning/surrogate_learner.hpp"

namespace flurry {
namespace {

/// `count` draws that no other list of the network shares.
std::vector<double> drawn(const Distribution& from, std::size_t count, std::uint64_t seed,
                          std::uint32_t stream) {
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    RandomSequence random(seed, Purpose::initial_weight, stream, i);
    values[i] = from.draw(random, i);
  }
  return values;
}

/// Mean spikes per neuron and sample of layer `l`.
double activity(const LearnedNetwork& network, std::size_t l, const SampleBatch& batch, Executor& executor) {
  const std::vector<LayerTraining> training(network.layers.size());
  const std::unique_ptr<Learner> learner = network.on_grid() ? surrogate_learner(network, training, {}, {})
                                                             : event_prop_learner(network, training, {}, {});
  const PassTotals totals = learner->look(batch, executor);
  std::size_t first = 0;
  for (std::size_t k = 0; k < l; ++k) first += network.layers[k].size;
  std::uint64_t spikes = 0;
  for (std::uint32_t n = 0; n < network.layers[l].size; ++n) spikes += totals.spikes[first + n];
  return static_cast<double>(spikes) / static_cast<double>(totals.samples * network.layers[l].size);
}

/// Narrows a scale down between what gives too little and what too much.
struct Bracket {
  double low = 0.0;
  double high = 0.0;  // 0: none yet

  [[nodiscard]] double next() const {
    if (high == 0.0) return 2.0 * low;
    return low == 0.0 ? 0.5 * high : 0.5 * (low + high);
  }
  [[nodiscard]] bool hopeless() const {
    const bool closed = low > 0.0 && high > 0.0;
    return low > 1e3 || (high > 0.0 && high < 1e-3) || (closed && high - low < 1e-4 * high);
  }
};

}  // namespace

void draw_layers(const std::vector<LayerDescription>& layers, std::uint64_t seed, LearnedNetwork& network) {
  network.layers.clear();
  std::uint32_t stream = 0;
  for (const LayerDescription& description : layers) {
    const std::size_t senders = layers.data() == &description ? network.inputs : network.layers.back().size;
    LearnedLayer layer;
    const std::size_t n = description.size;
    layer.name = description.name;
    layer.size = description.size;
    layer.spiking = description.spiking;
    layer.rule = description.rule;
    layer.w_in = drawn(description.weight, senders * n, seed, stream++);
    layer.w_rec = drawn(description.recurrent_weight, description.recurrent ? n * n : 0, seed, stream++);
    const std::size_t own = description.own_delays ? 1 : 0;
    layer.delay_in = drawn(description.delay, own * layer.w_in.size(), seed, stream++);
    layer.delay_rec = drawn(description.delay, own * layer.w_rec.size(), seed, stream++);
    layer.tau_m = drawn(description.tau_m, n, seed, stream++);
    layer.tau_syn = drawn(description.tau_syn, n, seed, stream++);
    const std::size_t spiking = description.spiking ? n : 0;
    layer.threshold = drawn(description.threshold, spiking, seed, stream++);
    layer.reset = drawn(description.reset, spiking, seed, stream++);
    layer.t_ref = drawn(description.t_ref, spiking, seed, stream++);
    network.layers.push_back(std::move(layer));
  }
  network.check();
}

void scale_to_activity(LearnedNetwork& network, double spikes, const SampleBatch& batch, Executor& executor) {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    if (!network.layers[l].spiking) continue;
    const std::vector<double> drawn_weights = network.layers[l].w_in;
    Bracket bracket;
    for (double scale = 1.0;; scale = bracket.next()) {
      for (std::size_t i = 0; i < drawn_weights.size(); ++i)
        network.layers[l].w_in[i] = scale * drawn_weights[i];
      const double now = activity(network, l, batch, executor);
      if (std::abs(now - spikes) <= 0.1 * spikes) break;
      (now < spikes ? bracket.low : bracket.high) = scale;
      if (bracket.hopeless())
        throw UsageError("layer '" + network.layers[l].name + "': no scale of its weights gives " +
                         std::to_string(spikes) + " spikes per neuron and sample; the nearest found is " +
                         std::to_string(now));
    }
  }
}

}  // namespace flurry
