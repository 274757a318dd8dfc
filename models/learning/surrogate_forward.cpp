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
  explicit State(std::size_t stride) : V(stride), I(stride), next_V(stride), next_I(stride) {}

  void decay(const StepConstants& by) {
    const std::size_t stride = V.size();
    for (std::size_t n = 0; n < stride; n += lanes<double>) {
      const Lanes<double> now_I = load<double>(&I[n]);
      store<double>(load<double>(&by.alpha[n]) * now_I, &next_I[n]);
      store<double>(load<double>(&by.beta[n]) * load<double>(&V[n]) + load<double>(&by.gain[n]) * now_I,
                    &next_V[n]);
    }
  }
  void end_step() {
    V.swap(next_V);
    I.swap(next_I);
  }

  std::vector<double> V, I, next_V, next_I;
};

template <class Real>
void record(const State& state, const std::vector<double>& threshold, SurrogateTape<Real>& tape,
            std::size_t t) {
  const std::size_t stride = state.V.size();
  copy_row(state.V.data(), &tape.V[t * stride], stride);
  copy_row(state.I.data(), &tape.I[t * stride], stride);
  for (std::size_t n = 0; n < stride; n += lanes<double>)
    store<double>(load<double>(&state.V[n]) - load<double>(&threshold[n]), &tape.above[t * stride + n]);
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
  for (std::vector<Real>* values : {&tape.V, &tape.I, &tape.above}) values->resize(input.steps() * stride);
  tape.spikes.clear();
  Refractoriness<Real> refractoriness(layer);
  tape.held.assign(refractoriness.any() ? input.steps() * stride : 0, 0);
  State state(stride);
  for (std::size_t t = 0; t < input.steps(); ++t) {
    std::uint8_t* held = refractoriness.any() ? &tape.held[t * stride] : nullptr;
    if (held != nullptr) refractoriness.mark(held);
    record(state, layer.threshold, tape, t);
    find_spikes(layer, state.V.data(), held, tape.spikes);
    const std::span<const std::uint32_t> spikes = tape.spikes.at(t);
    state.decay(layer);
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
  State state(stride);
  for (std::size_t t = 0; t < input.steps(); ++t) {
    copy_row(state.V.data(), &tape.V[t * stride], stride);
    copy_row(state.I.data(), &tape.I[t * stride], stride);
    state.decay(readout);
    if (t >= late) add_rows(input.at(t - late), readout.w.data(), state.next_I.data(), stride);
    state.end_step();
  }
}

template void forward(const SurrogateLayer<float>&, const SpikeRaster&, SurrogateTape<float>&);
template void forward(const SurrogateLayer<double>&, const SpikeRaster&, SurrogateTape<double>&);
template void forward(const LeakyReadout<float>&, const SpikeRaster&, ReadoutTape<float>&);
template void forward(const LeakyReadout<double>&, const SpikeRaster&, ReadoutTape<double>&);

}  // namespace flurry
