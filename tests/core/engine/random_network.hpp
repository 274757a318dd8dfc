// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <string>

#include "core/base/random.hpp"
#include "core/network/network_description.hpp"

namespace flurry::testing {

/// Small networks of every kind the engine must get right, made to be nasty: all models mixed, equal and
/// wildly different time constants, delays that coincide, zero weights, autapses, no refractoriness, strong
/// drive.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed) : random_(seed, Purpose::test, 7, 0) {
    network_.seed = seed;
    on_grid_ = random_.below(3) == 0;
    feed_forward_ = random_.below(4) == 0;
    const std::uint32_t populations = 1 + random_.below(3);
    for (std::uint32_t i = 0; i < populations; ++i) add_neurons();
    const std::uint32_t sources = 1 + random_.below(2);
    for (std::uint32_t i = 0; i < sources; ++i) add_source();
    const std::uint32_t projections = 2 + random_.below(5);
    for (std::uint32_t i = 0; i < projections; ++i) add_projection(populations);
  }

  [[nodiscard]] const NetworkDescription& description() const { return network_; }

 private:
  double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  // Log-uniform over the whole range of time constants a user may give, sometimes on a coarse set so that
  // values meet.
  double time_constant() {
    if (random_.below(3) == 0) return std::pow(2.0, static_cast<double>(random_.below(6)));
    return std::exp(between(std::log(0.01), std::log(10'000.0)));
  }
  Distribution time_constants() {
    switch (random_.below(4)) {
      case 0:
        return Distribution::constant(time_constant());
      case 1:
        return Distribution::gamma(between(1.0, 30.0), 3.0).truncated(0.01, 10'000.0);
      case 2:
        return Distribution::lognormal(between(1.0, 30.0), 10.0);
      default:
        break;
    }
    const double low = time_constant();
    return Distribution::uniform(low, low * between(1.0, 3.0));
  }

  // Without refractoriness a recurrent network may run away: none only where nothing comes back.
  Distribution refractory_time() {
    if (feed_forward_ && random_.below(2) == 0) return Distribution::constant(0.0);
    return random_.below(2) == 0 ? Distribution::constant(2.0) : Distribution::uniform(1.0, 5.0);
  }

  void add_neurons() {
    static const std::string models[] = {"lif", "lif_exp", "lif_alpha", "int_fire1"};
    PopulationDescription p;
    p.model = models[random_.below(4)];
    p.name = "n" + std::to_string(network_.populations.size());
    p.size = 1 + random_.below(40);
    if (p.model == "int_fire1") {
      p.parameters.emplace("tau", time_constants());
      p.parameters.emplace("refrac", refractory_time());
    } else {
      p.parameters.emplace("tau_m", time_constants());
      p.parameters.emplace("t_ref", refractory_time());
      p.parameters.emplace("V_th", Distribution::uniform(-58.0, -50.0));
      if (random_.below(2) == 0) {
        p.parameters.emplace("tau_m", Distribution::constant(between(5.0, 20.0)));
        p.parameters.emplace("I_e", Distribution::uniform(-100.0, 600.0));
      }
      if (p.model != "lif" && random_.below(3) > 0) {  // else both forget alike
        p.parameters.emplace("tau_syn_ex",
                             random_.below(3) == 0 ? p.parameters.at("tau_m") : time_constants());
        p.parameters.emplace("tau_syn_in", time_constants());
      }
    }
    network_.populations.push_back(std::move(p));
  }

  void add_source() {
    PopulationDescription p;
    p.name = "s" + std::to_string(network_.populations.size());
    p.size = 1 + random_.below(30);
    if (random_.below(2) == 0) {
      p.model = "poisson";
      p.parameters.emplace("rate", Distribution::uniform(0.0, 0.4));
    } else {
      p.model = "regular";
      p.parameters.emplace("interval", Distribution::constant(on_grid_ ? 2.0 : between(1.0, 8.0)));
      p.parameters.emplace("start", Distribution::constant(on_grid_ ? 1.0 : 0.3));
    }
    network_.populations.push_back(std::move(p));
  }

  Distribution delay() {
    if (on_grid_) return Distribution::constant(0.5 * (1 + random_.below(6)));
    switch (random_.below(3)) {
      case 0:
        return Distribution::constant(between(0.1, 4.0));
      case 1:
        return Distribution::uniform(0.1, 30.0);
      default:
        return Distribution::exponential(3.0).truncated(0.05, 1e9);
    }
  }

  void add_projection(std::uint32_t neurons) {
    ProjectionDescription p;
    p.name = "p" + std::to_string(network_.projections.size());
    const auto total = static_cast<std::uint32_t>(network_.populations.size());
    // The first projections come from the sources, so that something happens.
    const auto so_far = static_cast<std::uint32_t>(network_.projections.size());
    const std::uint32_t source = so_far < total - neurons ? neurons + so_far
                                 : feed_forward_          ? neurons + random_.below(total - neurons)
                                                          : random_.below(total);
    const PopulationDescription& target = network_.populations[random_.below(neurons)];
    p.source = network_.populations[source].name;
    p.target = target.name;
    switch (random_.below(4)) {
      case 0:
        p.rule = PairwiseBernoulli{between(0.05, 0.6), true};
        break;
      case 1:
        p.rule = FixedInDegree{1 + random_.below(8), true, true};
        break;
      case 2:
        p.rule = FixedTotalNumber{random_.below(300), true};
        break;
      default:
        p.rule = AllToAll{true};
        break;
    }
    const double unit = target.model == "lif" ? 4.0 : target.model == "int_fire1" ? 0.3 : 300.0;
    if (random_.below(3) == 0) {
      p.weight = Distribution::constant(unit * (random_.below(4) == 0 ? -0.5 : 1.0));
    } else {
      p.weight = Distribution::normal(unit * between(-0.3, 1.0), unit * 0.7);
    }
    p.delay = delay();
    network_.projections.push_back(std::move(p));
  }

  RandomSequence random_;
  NetworkDescription network_;
  bool on_grid_ = false;
  bool feed_forward_ = false;
};

}  // namespace flurry::testing
