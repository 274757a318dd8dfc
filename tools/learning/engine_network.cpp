// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/engine_network.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "models/catalogue/catalogue.hpp"

namespace flurry {
namespace {

constexpr double out_of_reach = 1e30;  // mV

void refuse_unknown(const LearnedNetwork& network) {
  if (network.integrator == Integrator::perez_nieves_2021)
    throw UsageError("the integrator perez-nieves-2021 exists for training only; the engine runs 'exact'");
  for (const LearnedLayer& layer : network.layers)
    if (layer.spiking && layer.rule == ResetRule::by_subtraction)
      throw UsageError("layer '" + layer.name +
                       "' resets by subtraction, which no model of the engine does; use to-value");
  if (!network.on_grid() && network.delay == 0.0)
    throw UsageError("the engine needs delays above 0; give [network] a delay");
}

/// `longer` (ms): what refractory times are lengthened by.
PopulationDescription population_of(const LearnedLayer& layer, double longer) {
  PopulationDescription p;
  p.name = layer.name;
  p.model = "lif_exp";
  p.size = layer.size;
  const auto set = [&](const char* name, const std::vector<double>& values) {
    p.parameters.insert_or_assign(name, Distribution::list(values));
  };
  const std::vector<double> zero(layer.size, 0.0);
  set("tau_m", layer.tau_m);
  set("C_m", layer.tau_m);
  set("tau_syn_ex", layer.tau_syn);
  set("tau_syn_in", layer.tau_syn);
  set("V_th", layer.spiking ? layer.threshold : std::vector<double>(layer.size, out_of_reach));
  set("V_reset", layer.spiking ? layer.reset : zero);
  std::vector<double> t_ref = layer.spiking ? layer.t_ref : zero;
  for (double& held : t_ref) held += longer;
  set("t_ref", t_ref);
  p.parameters.insert_or_assign("E_L", Distribution::constant(0.0));
  p.parameters.insert_or_assign("V_m", Distribution::constant(0.0));
  return p;
}

ProjectionDescription projection_of(const std::string& from, const std::string& to,
                                    const std::vector<double>& weights, const std::vector<double>& delays,
                                    double delay) {
  ProjectionDescription p;
  p.name = from + "_" + to;
  p.source = from;
  p.target = to;
  p.weight = Distribution::list(weights);
  p.delay = delays.empty() ? Distribution::constant(delay) : Distribution::list(delays);
  return p;
}

/// Thrown out of a run whose activity feeds itself: without refractoriness exact time knows no largest rate.
struct RunAway {};

/// Keeps spikes, up to a limit.
class BoundedMemory final : public SpikeRecorder {
 public:
  explicit BoundedMemory(double limit) : limit_(limit) {}
  void record(std::span<const Spike> spikes) override {
    kept.insert(kept.end(), spikes.begin(), spikes.end());
    if (static_cast<double>(kept.size()) > limit_) throw RunAway{};
  }
  SpikeTrain kept;

 private:
  double limit_;
};

}  // namespace

SpikeTrain source_spikes(const SpikeInput& input, double duration) {
  SpikeTrain spikes;
  for (std::size_t i = 0; i < input.times.size(); ++i)
    if (input.times[i] <= duration) spikes.push_back({std::max(0.0, input.times[i]), input.channels[i]});
  std::sort(spikes.begin(), spikes.end());
  return spikes;
}

NetworkDescription engine_description(const LearnedNetwork& network, bool on_grid, SpikeTrain input) {
  refuse_unknown(network);
  NetworkDescription description;
  description.duration = network.duration;
  if (on_grid) description.resolution = network.resolution;
  PopulationDescription source;
  source.name = "input";
  source.model = "spike_train";
  source.size = network.inputs;
  source.spikes = std::make_shared<const SpikeTrain>(std::move(input));
  description.populations.push_back(std::move(source));
  // A grid lets neurons fire at its points only: crossings wait for the next one, half a step on average, and
  // so much longer is every interval between spikes.
  const double longer = on_grid ? 0.0 : 0.5 * network.resolution;
  std::string before = "input";
  for (const LearnedLayer& layer : network.layers) {
    description.populations.push_back(population_of(layer, longer));
    description.projections.push_back(
        projection_of(before, layer.name, layer.w_in, layer.delay_in, network.delay));
    if (layer.recurrent())
      description.projections.push_back(
          projection_of(layer.name, layer.name, layer.w_rec, layer.delay_rec, network.delay));
    before = layer.name;
  }
  return description;
}

EngineRunner::EngineRunner(const LearnedNetwork& network, bool on_grid) : duration_(network.duration) {
  Executor executor;
  network_ = std::make_unique<const Network>(build(engine_description(network, on_grid, {}), executor));
}

EngineSample EngineRunner::run(const SpikeInput& input) const {
  std::vector<Population> populations(network_->populations().begin(), network_->populations().end());
  populations.front().description.spikes =
      std::make_shared<const SpikeTrain>(source_spikes(input, duration_));
  std::vector<GridWeights> weights;
  for (std::uint32_t i = 0; network_->unit().on_grid() && i < populations.size(); ++i)
    weights.push_back(network_->grid_weights(i));
  const Network network(std::move(populations),
                        {network_->projections().begin(), network_->projections().end()}, network_->seed(),
                        network_->unit(), std::move(weights));
  Executor executor;
  Simulation simulation(network, catalogue(), executor);
  BoundedMemory memory(duration_ * static_cast<double>(network.size()));
  simulation.add_recorder(memory);
  EngineSample sample;
  try {
    simulation.run(duration_);
  } catch (const RunAway&) {
    sample.ran_away = true;
  }
  sample.counts = simulation.counts();
  sample.spikes.resize(network.populations().size() - 1);
  for (const Spike& spike : memory.kept) {
    const std::uint32_t p = network.population_of(spike.neuron);
    sample.spikes[p - 1].push_back({spike.time, spike.neuron - network.populations()[p].first});
  }
  return sample;
}

}  // namespace flurry
