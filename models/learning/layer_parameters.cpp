// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/layer_parameters.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "models/learning/optimizer.hpp"

namespace flurry {
namespace {

struct Kind {
  const char* name;
  std::vector<double> LearnedLayer::*numbers;
  std::size_t LayerLists<std::size_t>::*begin;
};
constexpr Kind kinds[] = {
    {"w_in", &LearnedLayer::w_in, &LayerLists<std::size_t>::w_in},
    {"w_rec", &LearnedLayer::w_rec, &LayerLists<std::size_t>::w_rec},
    {"delay_in", &LearnedLayer::delay_in, &LayerLists<std::size_t>::delay_in},
    {"delay_rec", &LearnedLayer::delay_rec, &LayerLists<std::size_t>::delay_rec},
    {"tau_m", &LearnedLayer::tau_m, &LayerLists<std::size_t>::tau_m},
    {"tau_syn", &LearnedLayer::tau_syn, &LayerLists<std::size_t>::tau_syn},
    {"threshold", &LearnedLayer::threshold, &LayerLists<std::size_t>::threshold},
};

void set_fit(ParameterGroup& group, Fit fit, double rate) {
  group.trained = fit != Fit::fixed;
  group.tied = fit == Fit::tied;
  group.rate = rate;
}

void set_up(ParameterGroup& group, const Kind& kind, const LayerTraining& training,
            const TrainingScales& scales) {
  if (kind.numbers == &LearnedLayer::w_in || kind.numbers == &LearnedLayer::w_rec) {
    group.trained = training.weights;
  } else if (kind.numbers == &LearnedLayer::threshold) {
    set_fit(group, training.threshold, scales.threshold_rate);
    group.low = scales.lowest_threshold;
    group.high = scales.highest_threshold;
  } else if (kind.numbers == &LearnedLayer::tau_m || kind.numbers == &LearnedLayer::tau_syn) {
    set_fit(group, kind.numbers == &LearnedLayer::tau_m ? training.tau_m : training.tau_syn,
            scales.time_constant_rate);
    group.scale = scales.time_constants;
    group.low = scales.shortest;
    group.high = scales.longest;
  } else {
    set_fit(group, training.delay, scales.delay_rate);
    group.low = scales.shortest_delay;
    group.high = scales.longest_delay;
  }
}

}  // namespace

LayerParameters::LayerParameters(const LearnedNetwork& network, const std::vector<LayerTraining>& training,
                                 const TrainingScales& scales) {
  if (training.size() != network.layers.size())
    throw UsageError("training is described for " + std::to_string(training.size()) + " layers of " +
                     std::to_string(network.layers.size()));
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const LearnedLayer& layer = network.layers[l];
    const auto refuse = [&](const char* what, const char* why) {
      throw UsageError("layer '" + layer.name + "': " + what + " cannot be trained; " + why);
    };
    if (training[l].threshold != Fit::fixed && !layer.spiking) refuse("threshold", "a readout has none");
    if (training[l].delay != Fit::fixed && layer.delay_in.empty() && layer.delay_rec.empty())
      refuse("delay", "all its synapses share one");
    LayerLists<std::size_t>& begin = begin_.emplace_back();
    for (const Kind& kind : kinds) {
      const std::vector<double>& numbers = layer.*(kind.numbers);
      begin.*(kind.begin) = numbers.empty() ? no_such : set_.values.size();
      if (numbers.empty()) continue;
      ParameterGroup& group = set_.add(layer.name + '.' + kind.name, numbers);
      group.dt = network.on_grid() ? network.resolution : 1.0;
      set_up(group, kind, training[l], scales);
    }
  }
  keep_within_bounds(set_);
}

void LayerParameters::store(const std::vector<double>& values, LearnedNetwork& network) const {
  for (std::size_t l = 0; l < network.layers.size(); ++l)
    for (const Kind& kind : kinds) {
      std::vector<double>& numbers = network.layers[l].*(kind.numbers);
      if (!numbers.empty())
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(begin_[l].*(kind.begin)), numbers.size(),
                    numbers.begin());
    }
}

}  // namespace flurry
