// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/surrogate_forward.hpp"

#include <algorithm>

#include "models/learning/flush_denormals.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {
namespace {

/// V and I of one step, and what becomes of them.
struct State {
  explicit State(const StepConstants& constants)
      : V(constants.alpha.size()),
        I(V),
        next_V(V),
        next_I(V),
        alpha(constants.alpha.begin(), constants.alpha.end()),
        beta(constants.beta.begin(), constants.beta.end()),
        gain(constants.gain.begin(), constants.gain.end()) {}

  /// A step without input. Writes V and I of before to the tape.
  template <class Real>
  void decay(Real* tape_V, Real* tape_I) {
    const std::size_t stride = V.size();
    const double* by_alpha = alpha.data();
    const double* by_beta = beta.data();
    const double* by_gain = gain.data();
    const double* from_V = V.data();
    const double* from_I = I.data();
    double* to_V = next_V.data();
    double* to_I = next_I.data();
    for (std::size_t n = 0; n < stride; n += lanes<double>) {
      const Lanes<double> now_V = load<double>(from_V + n);
      const Lanes<double> now_I = load<double>(from_I + n);
      store<double>(now_V, tape_V + n);
      store<double>(now_I, tape_I + n);
      store<double>(load<double>(by_alpha + n) * now_I, to_I + n);
      store<double>(load<double>(by_beta + n) * now_V + load<double>(by_gain + n) * now_I, to_V + n);
    }
  }
  void end_step() {
    V.swap(next_V);
    I.swap(next_I);
  }

  CacheLines<double> V, I, next_V, next_I;
  CacheLines<double> alpha, beta, gain;
};

/// to = V - threshold.
template <class Real>
void subtract(const CacheLines<double>& V, const CacheLines<double>& threshold, Real* to) {
  const std::size_t stride = V.size();
  const double* from = V.data();
  const double* minus = threshold.data();
  for (std::size_t n = 0; n < stride; n += lanes<double>)
    store<double>(load<double>(from + n) - load<double>(minus + n), to + n);
}

/// Who is at threshold; the engine's test includes it, the study's does not.
template <class Real>
void find_spikes(const SurrogateLayer<Real>& layer, const double* V, const std::uint8_t* held,
                 SpikeRaster& spikes) {
  const double* threshold = layer.threshold.data();
  const auto add = [&](std::size_t n) {
    if (held == nullptr || held[n] == 0) spikes.add(static_cast<std::uint32_t>(n));
  };
  if (layer.integrator == Integrator::exact)
    for_each_where(
        layer.stride, [=](std::size_t n) { return V[n] >= threshold[n]; }, add);
  else
    for_each_where(
        layer.stride, [=](std::size_t n) { return V[n] > threshold[n]; }, add);
  spikes.end_step();
}

template <class Real>
void reset(const SurrogateLayer<Real>& layer, std::span<const std::uint32_t> spikes, State& state) {
  for (const std::uint32_t n : spikes) {
    if (layer.integrator == Integrator::perez_nieves_2021)
      state.next_V[n] -= layer.threshold[n];
    else if (layer.rule == ResetRule::by_subtraction)
      state.next_V[n] = layer.beta[n] * (state.V[n] - layer.threshold[n]) + layer.gain[n] * state.I[n];
    else
      state.next_V[n] = layer.beta[n] * layer.reset[n] + layer.gain[n] * state.I[n];
  }
}

/// Neurons within their refractory steps stay where their spike put them.
template <class Real>
class Refractoriness {
 public:
  explicit Refractoriness(const SurrogateLayer<Real>& layer)
      : layer_(layer),
        left_(layer.stride),
        any_(std::ranges::any_of(layer.refractory, [](std::uint32_t steps) { return steps > 0; })) {}

  [[nodiscard]] bool any() const { return any_; }
  /// Marks who is held at this step.
  void mark(std::uint8_t* held) const {
    for (std::size_t n = 0; n < layer_.stride; ++n) held[n] = left_[n] > 0 ? 1 : 0;
  }
  void hold(std::span<const std::uint32_t> spikes, State& state) {
    for (const std::uint32_t n : spikes) left_[n] = layer_.refractory[n] + 1;
    for (std::size_t n = 0; n < layer_.stride; ++n) {
      if (left_[n] == 0) continue;
      --left_[n];
      if (left_[n] > 0) state.next_V[n] = held_at(state.V[n], n, spikes);
    }
  }

 private:
  [[nodiscard]] double held_at(double V, std::size_t n, std::span<const std::uint32_t> spikes) const {
    if (layer_.rule == ResetRule::to_value) return layer_.reset[n];
    return std::ranges::binary_search(spikes, n) ? V - layer_.threshold[n] : V;
  }

  const SurrogateLayer<Real>& layer_;
  std::vector<std::uint32_t> left_;
  bool any_;
};

}  // namespace

template <class Real>
void forward(const SurrogateLayer<Real>& layer, const SpikeRaster& input, SurrogateTape<Real>& tape) {
  const FlushDenormals flush;
  const std::size_t stride = layer.stride;
  for (CacheLines<Real>* values : {&tape.V, &tape.I, &tape.above}) values->resize(input.steps() * stride);
  tape.spikes.clear();
  Refractoriness<Real> refractoriness(layer);
  tape.held.assign(refractoriness.any() ? input.steps() * stride : 0, 0);
  State state(layer);
  const CacheLines<double> threshold(layer.threshold.begin(), layer.threshold.end());
  for (std::size_t t = 0; t < input.steps(); ++t) {
    std::uint8_t* held = refractoriness.any() ? &tape.held[t * stride] : nullptr;
    if (held != nullptr) refractoriness.mark(held);
    subtract(state.V, threshold, &tape.above[t * stride]);
    find_spikes(layer, state.V.data(), held, tape.spikes);
    const std::span<const std::uint32_t> spikes = tape.spikes.at(t);
    state.decay(&tape.V[t * stride], &tape.I[t * stride]);
    reset(layer, spikes, state);
    if (held != nullptr) refractoriness.hold(spikes, state);
    add_rows(input.at(t), layer.w_in.data(), state.next_I.data(), stride);
    if (layer.recurrent()) add_rows(spikes, layer.w_rec.data(), state.next_I.data(), stride);
    state.end_step();
  }
}

template <class Real>
void forward(const LeakyReadout<Real>& readout, const SpikeRaster& input, ReadoutTape<Real>& tape) {
  const FlushDenormals flush;
  const std::size_t stride = readout.stride;
  const std::size_t late = readout_lag(readout.integrator);
  tape.V.resize(input.steps() * stride);
  tape.I.resize(input.steps() * stride);
  State state(readout);
  for (std::size_t t = 0; t < input.steps(); ++t) {
    state.decay(&tape.V[t * stride], &tape.I[t * stride]);
    if (t >= late) add_rows(input.at(t - late), readout.w.data(), state.next_I.data(), stride);
    state.end_step();
  }
}

template void forward(const SurrogateLayer<float>&, const SpikeRaster&, SurrogateTape<float>&);
template void forward(const SurrogateLayer<double>&, const SpikeRaster&, SurrogateTape<double>&);
template void forward(const LeakyReadout<float>&, const SpikeRaster&, ReadoutTape<float>&);
template void forward(const LeakyReadout<double>&, const SpikeRaster&, ReadoutTape<double>&);

}  // namespace flurry
