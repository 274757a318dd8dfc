// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <tuple>
#include <vector>

#include "core/base/random.hpp"
#include "core/engine/arrival.hpp"
#include "core/engine/field.hpp"
#include "core/engine/parameters.hpp"
#include "core/network/network.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry::testing {

/// Sources replaced by given spikes, so that every arrival can be told from outside.
inline NetworkDescription with_given_spikes(NetworkDescription network, std::uint64_t seed, double until) {
  RandomSequence random(seed, Purpose::test, 12, 0);
  for (PopulationDescription& population : network.populations) {
    if (!catalogue().info(population.model, "").is_source) continue;
    SpikeTrain spikes;
    for (std::uint32_t i = 0; i < population.size; ++i)
      for (double t = 5.0 * random.uniform(); t < until; t += 0.1 + 12.0 * random.uniform())
        spikes.push_back({random.below(4) == 0 ? std::ceil(t) : t, i});
    std::sort(spikes.begin(), spikes.end());
    population.model = "spike_train";
    population.parameters.clear();
    population.spikes = std::make_shared<const SpikeTrain>(std::move(spikes));
  }
  return network;
}

struct Input {
  double time = 0.0;
  double weight = 0.0;
};

/// Everything that arrives at a neuron (network-wide number), from the spikes of all and the rows.
inline std::vector<Input> inputs_of(const Network& network, const SpikeTrain& neuron_spikes,
                                    std::uint32_t neuron) {
  SpikeTrain all = neuron_spikes;
  for (Spike& spike : all) spike.time = network.unit().instant(spike.time);
  for (const Population& population : network.populations())
    if (population.description.spikes)
      for (const Spike& spike : *population.description.spikes)
        all.push_back({network.unit().from_ms(spike.time), population.first + spike.neuron});
  std::vector<Input> inputs;
  for (const Spike& spike : all)
    for (const Projection& projection : network.projections()) {
      const Population& source = network.populations()[projection.source];
      const Population& target = network.populations()[projection.target];
      if (spike.neuron < source.first || spike.neuron >= source.first + source.size()) continue;
      const std::uint32_t row = spike.neuron - source.first;
      for (std::uint64_t j = projection.rows[row]; j < projection.rows[row + 1]; ++j)
        if (target.first + projection.targets[j] == neuron)
          inputs.push_back({spike.time + value_of(projection.delays, j), value_of(projection.weights, j)});
    }
  std::sort(inputs.begin(), inputs.end(), [](const Input& a, const Input& b) {
    return std::tie(a.time, a.weight) < std::tie(b.time, b.weight);
  });
  return inputs;
}

/// One neuron through its arrivals and the spikes it is known to send, by the model's own functions alone.
template <class Model>
class Replay {
 public:
  Replay(const Network& network, std::uint32_t population, std::uint32_t neuron, const ModelInfo& model)
      : on_grid_(network.unit().on_grid()), per_ms_(1.0 / network.unit().length()) {
    std::vector<double> row;
    ParameterColumns(network.populations()[population], model, network.seed()).row(neuron, row);
    for (std::size_t i = 0; on_grid_ && i < row.size(); ++i)
      row[i] *= network.unit().factor(model.parameters[i].dimension);
    const auto parameters = parameters_from<Model>(row);
    constants_ = Model::constants(parameters);
    state_ = Model::initial(parameters, constants_);
    t_ref_ = Model::refractory_time(constants_);
    if (on_grid_) t_ref_ = std::floor(t_ref_ + 1e-6);
  }

  // All that happens up to `time`, included.
  void run(const std::vector<Input>& inputs, const std::vector<double>& spikes, double time) {
    for (;;) {
      double next = time;
      if (input_ < inputs.size()) next = std::min(next, inputs[input_].time);
      if (spike_ < spikes.size()) next = std::min(next, spikes[spike_]);
      move(next);
      ArrivalSum sum;
      for (; input_ < inputs.size() && inputs[input_].time == next; ++input_) sum.add(inputs[input_].weight);
      const bool resting = on_grid_ ? next <= refractory_until_ : next < refractory_until_;
      if (sum.count > 0 && resting) Model::receive_refractory(state_, constants_, sum);
      if (sum.count > 0 && !resting) Model::receive(state_, constants_, sum);
      if (spike_ < spikes.size() && spikes[spike_] == next) {
        Model::reset(state_, constants_);
        refractory_until_ = next + t_ref_;
        ++spike_;
      }
      const bool more = (input_ < inputs.size() && inputs[input_].time <= time) ||
                        (spike_ < spikes.size() && spikes[spike_] <= time);
      if (!more) return move(time);
    }
  }

  [[nodiscard]] double value(std::uint32_t variable) const {
    const auto& line = Model::recordables[variable];
    return line.value(state_, constants_) * (line.per_time ? per_ms_ : 1.0);
  }

 private:
  void move(double time) {
    const double held = std::min(time, refractory_until_);
    if (now_ < held) {
      Model::rest(state_, constants_, Model::propagator(constants_, held - now_));
      now_ = held;
    }
    if (now_ < time) Model::advance(state_, constants_, Model::propagator(constants_, time - now_));
    now_ = std::max(now_, time);
  }

  bool on_grid_;
  double per_ms_;
  typename Model::Constants constants_{};
  typename Model::State state_{};
  double t_ref_ = 0.0;
  double now_ = 0.0;
  double refractory_until_ = -1.0;
  std::size_t input_ = 0;
  std::size_t spike_ = 0;
};

}  // namespace flurry::testing
