// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "models/learning/cache_lines.hpp"
#include "models/learning/spike_raster.hpp"

namespace flurry {

/// Where values of one step or one row of weights begin: rows are padded so that loops over neurons have no
/// rest.
[[nodiscard]] constexpr std::size_t padded(std::size_t neurons) { return (neurons + 15) / 16 * 16; }

/// What a spike does to the potential.
enum class ResetRule : std::uint8_t {
  to_value,       // V = V_reset at the step of the spike (the engine's)
  by_subtraction  // V loses V_th at the step of the spike
};

/// The order of a step.
enum class Integrator : std::uint8_t {
  /// The engine's grid, NEST's iaf_psc_exp (Rotter & Diesmann 1999): V[t+1] = beta V[t] + gain I[t],
  /// I[t+1] = alpha I[t] + arrivals, spike where V >= V_th, reset within the step; delays of one step.
  exact,
  /// As the study ran it (Perez-Nieves et al. 2021, code): spike where V > V_th, V[t+1] = beta V[t] +
  /// (1 - beta) I[t] - V_th s[t], what is recorded and read out is s one step later; the gain (1 - beta) is
  /// a constant to the gradient.
  perez_nieves_2021
};

/// What the neurons of a layer do from one step to the next; potentials and currents are double whatever
/// weights are, for a spike is decided on the last bits. [padded(neurons)] each.
struct StepConstants {
  explicit StepConstants(std::size_t neurons = 0)
      : alpha(padded(neurons)), beta(padded(neurons)), gain(padded(neurons)) {}
  std::vector<double> alpha;  // exp(-dt / tau_syn)
  std::vector<double> beta;   // exp(-dt / tau_m)
  std::vector<double> gain;   // potential per current and step
};

/// Current-based leaky integrate-and-fire neurons on a grid, each with its own constants. `Real`: of weights
/// and of their gradients.
template <class Real>
struct SurrogateLayer : StepConstants {
  SurrogateLayer() = default;
  SurrogateLayer(std::size_t layer_inputs, std::size_t layer_neurons, bool is_recurrent)
      : StepConstants(layer_neurons),
        inputs(layer_inputs),
        neurons(layer_neurons),
        stride(padded(layer_neurons)),
        w_in(inputs * stride),
        w_rec(is_recurrent ? neurons * stride : 0),
        threshold(stride, std::numeric_limits<double>::infinity()),
        reset(stride),
        refractory(stride) {}

  [[nodiscard]] bool recurrent() const { return !w_rec.empty(); }

  std::size_t inputs = 0;
  std::size_t neurons = 0;
  std::size_t stride = 0;                 // padded(neurons)
  std::vector<Real> w_in;                 // [inputs][stride], current
  std::vector<Real> w_rec;                // [from][stride]; empty in a feed-forward layer
  std::vector<double> threshold;          // [stride]; infinite beyond `neurons`
  std::vector<double> reset;              // [stride], V_reset
  std::vector<std::uint32_t> refractory;  // [stride], steps; exact integrator only
  ResetRule rule = ResetRule::to_value;
  Integrator integrator = Integrator::exact;
};

/// What the backward pass needs of a forward pass.
template <class Real>
struct SurrogateTape {
  CacheLines<Real> V;              // [steps][stride], before reset
  CacheLines<Real> I;              // [steps][stride]
  CacheLines<Real> above;          // [steps][stride], V - V_th
  std::vector<std::uint8_t> held;  // [steps][stride]: refractory then; empty if no neuron ever is
  SpikeRaster spikes;
};

/// A non-spiking leaky integrator per class, read over time.
template <class Real>
struct LeakyReadout : StepConstants {
  LeakyReadout() = default;
  LeakyReadout(std::size_t readout_inputs, std::size_t readout_classes)
      : StepConstants(readout_classes),
        inputs(readout_inputs),
        classes(readout_classes),
        stride(padded(readout_classes)),
        w(inputs * stride) {}

  std::size_t inputs = 0;
  std::size_t classes = 0;
  std::size_t stride = 0;  // padded(classes)
  std::vector<Real> w;     // [inputs][stride], current
  Integrator integrator = Integrator::exact;
};

template <class Real>
struct ReadoutTape {
  std::vector<Real> V;  // [steps][stride]
  std::vector<Real> I;  // [steps][stride]
};

/// The gradient by StepConstants, in the same places.
template <class Real>
struct StepGradient {
  explicit StepGradient(std::size_t stride) : alpha(stride), beta(stride), gain(stride) {}
  std::vector<Real> alpha, beta;
  std::vector<Real> gain;  // as if it did not depend on the time constants
};

template <class Real>
struct SurrogateGradient : StepGradient<Real> {
  explicit SurrogateGradient(const SurrogateLayer<Real>& layer)
      : StepGradient<Real>(layer.stride),
        w_in(layer.w_in.size()),
        w_rec(layer.w_rec.size()),
        threshold(layer.stride) {}
  std::vector<Real> w_in, w_rec, threshold;
  std::uint64_t active = 0;  // neurons and steps that carried gradient
};

template <class Real>
struct ReadoutGradient : StepGradient<Real> {
  explicit ReadoutGradient(const LeakyReadout<Real>& readout)
      : StepGradient<Real>(readout.stride), w(readout.w.size()) {}
  std::vector<Real> w;
};

}  // namespace flurry
