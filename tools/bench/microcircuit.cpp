// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Potjans & Diesmann 2014, tables 4 and 5; scaling as in van Albada, Helias & Diesmann 2015.
#include <array>
#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "tools/bench/standard_networks.hpp"

namespace flurry {
namespace {

constexpr std::size_t layers = 8;
constexpr std::array<const char*, layers> layer_names{"L23E", "L23I", "L4E", "L4I",
                                                      "L5E",  "L5I",  "L6E", "L6I"};
constexpr std::array<double, layers> sizes{20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948};
constexpr std::array<double, layers> external_in_degrees{1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100};
constexpr std::array<double, layers> mean_rates{0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829};
constexpr std::array<double, layers> initial_means{-68.28, -63.16, -63.33, -63.45,
                                                   -63.11, -61.66, -66.72, -61.43};
constexpr std::array<double, layers> initial_sds{5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48};
// [target][source]
constexpr double probabilities[layers][layers] = {
    {0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0, 0.0076, 0.0},
    {0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0, 0.0042, 0.0},
    {0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0.0},
    {0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0, 0.1057, 0.0},
    {0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0},
    {0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0.0},
    {0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252},
    {0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443}};
constexpr double background_rate = 8.0;  // Hz, of each external synapse
constexpr double tau_m = 10.0;           // ms
constexpr double tau_syn = 0.5;
constexpr double C_m = 250.0;  // pF
constexpr double V_th = -50.0;
constexpr double psp = 0.15;  // mV, peak of an excitatory potential
constexpr double g = -4.0;
constexpr double resolution = 0.1;

// pA that lift the membrane by 1 mV at the peak.
double current_per_potential() {
  const double a = tau_m / tau_syn;
  const double peak = std::pow(a, -tau_syn / (tau_m - tau_syn)) - std::pow(a, -tau_m / (tau_m - tau_syn));
  return C_m / (tau_m * tau_syn / (tau_m - tau_syn) * peak);
}

bool inhibitory(std::size_t population) { return population % 2 == 1; }

// pA at full size.
double weight(std::size_t target, std::size_t source) {
  const double w = psp * current_per_potential();
  if (inhibitory(source)) return g * w;
  return target == 0 && source == 2 ? 2.0 * w : w;
}

// Synapses between two layers at full size, for a probability that a pair has at least one.
double full_synapses(std::size_t target, std::size_t source) {
  const double pairs = sizes[target] * sizes[source];
  return std::round(std::log(1.0 - probabilities[target][source]) / std::log((pairs - 1.0) / pairs));
}

// Constant drive (pA) in place of the mean input that fewer, stronger synapses do not give.
double drive(std::size_t target, double scale) {
  double input = weight(0, 0) * external_in_degrees[target] * background_rate;
  for (std::size_t source = 0; source < layers; ++source)
    input += weight(target, source) * full_synapses(target, source) / sizes[target] * mean_rates[source];
  return 1e-3 * tau_syn * (1.0 - std::sqrt(scale)) * input;
}

PopulationDescription neurons(std::size_t i, double scale) {
  PopulationDescription p;
  p.name = layer_names[i];
  p.model = "lif_exp";
  p.size = static_cast<std::uint32_t>(std::nearbyint(sizes[i] * scale));
  const auto set = [&](const char* name, double value) {
    p.parameters.emplace(name, Distribution::constant(value));
  };
  set("tau_m", tau_m);
  set("tau_syn_ex", tau_syn);
  set("tau_syn_in", tau_syn);
  set("C_m", C_m);
  set("E_L", -65.0);
  set("V_reset", -65.0);
  set("V_th", V_th);
  set("t_ref", 2.0);
  set("I_e", drive(i, scale));
  p.parameters.emplace(
      "V_m",
      Distribution::normal(initial_means[i], initial_sds[i]).truncated(-200.0, std::nextafter(V_th, -100.0)));
  return p;
}

PopulationDescription background(std::size_t i, double scale) {
  PopulationDescription p;
  p.name = std::string("external_") + layer_names[i];
  p.model = "poisson";
  p.size = static_cast<std::uint32_t>(std::nearbyint(sizes[i] * scale));
  p.parameters.emplace(
      "rate", Distribution::constant(1e-3 * background_rate * std::round(external_in_degrees[i] * scale)));
  return p;
}

ProjectionDescription projection(std::size_t target, std::size_t source, double scale) {
  ProjectionDescription p;
  p.source = layer_names[source];
  p.target = layer_names[target];
  p.name = p.source + "_" + p.target;
  p.rule = FixedTotalNumber{
      static_cast<std::uint64_t>(std::round(full_synapses(target, source) * scale * scale)), true};
  const double mean = weight(target, source) / std::sqrt(scale);
  p.weight = Distribution::normal(mean, 0.1 * std::abs(mean))
                 .truncated(inhibitory(source) ? -1e9 : 0.0, inhibitory(source) ? 0.0 : 1e9);
  const double delay = inhibitory(source) ? 0.75 : 1.5;
  p.delay = Distribution::normal(delay, 0.5 * delay).truncated(resolution, 1e9);
  return p;
}

}  // namespace

NetworkDescription microcircuit(double scale) {
  if (!(scale >= 0.01 && scale <= 1.0))
    throw UsageError("scale is " + shortest(scale) + "; allowed: 0.01 to 1");
  NetworkDescription network;
  network.resolution = resolution;
  for (std::size_t i = 0; i < layers; ++i) network.populations.push_back(neurons(i, scale));
  for (std::size_t i = 0; i < layers; ++i) network.populations.push_back(background(i, scale));
  for (std::size_t target = 0; target < layers; ++target) {
    for (std::size_t source = 0; source < layers; ++source)
      if (probabilities[target][source] > 0.0)
        network.projections.push_back(projection(target, source, scale));
    ProjectionDescription external;
    external.source = std::string("external_") + layer_names[target];
    external.target = layer_names[target];
    external.name = external.source;
    external.rule = OneToOne{};
    external.weight = Distribution::constant(weight(0, 0) / std::sqrt(scale));
    external.delay = Distribution::constant(1.5);
    network.projections.push_back(std::move(external));
  }
  return network;
}

}  // namespace flurry
