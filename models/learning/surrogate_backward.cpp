// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/surrogate_backward.hpp"

#include <algorithm>
#include <cmath>

#include "models/learning/flush_denormals.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {
namespace {

/// One step seen from the one after it: what was, and the loss by what came of it.
template <class Real>
struct Step {
  const Real* V;
  const Real* I;
  Real* to_V;  // by V[t + 1], becomes by V[t]
  Real* to_I;  // by I[t + 1], becomes by I[t]
};

/// The constants in the precision of gradients.
template <class Real>
void take_constants(const StepConstants& from, BackwardRows<Real>& rows) {
  const std::size_t stride = from.alpha.size();
  rows.alpha.resize(stride);
  rows.beta.resize(stride);
  rows.gain.resize(stride);
  copy_row(from.alpha.data(), rows.alpha.data(), stride);
  copy_row(from.beta.data(), rows.beta.data(), stride);
  copy_row(from.gain.data(), rows.gain.data(), stride);
}

template <class Real>
void decay(const Step<Real>& step, const BackwardRows<Real>& of, StepGradient<Real>& gradient) {
  using Row = Lanes<Real>;
  const std::size_t stride = of.alpha.size();
  for (std::size_t n = 0; n < stride; n += lanes<Real>) {
    const Row V = load<Real>(step.V + n);
    const Row I = load<Real>(step.I + n);
    const Row to_V = load<Real>(step.to_V + n);
    const Row to_I = load<Real>(step.to_I + n);
    store<Real>(load<Real>(&gradient.alpha[n]) + to_I * I, &gradient.alpha[n]);
    store<Real>(load<Real>(&gradient.beta[n]) + to_V * V, &gradient.beta[n]);
    store<Real>(load<Real>(&gradient.gain[n]) + to_V * I, &gradient.gain[n]);
    store<Real>(load<Real>(&of.alpha[n]) * to_I + load<Real>(&of.gain[n]) * to_V, step.to_I + n);
    store<Real>(load<Real>(&of.beta[n]) * to_V, step.to_V + n);
  }
}

template <class Real>
class LayerBackward {
 public:
  LayerBackward(const LayerPass<Real>& pass, SurrogateGradient<Real>& gradient, BackwardRows<Real>& rows)
      : layer_(pass.layer),
        tape_(pass.tape),
        credit_(pass.credit),
        derivative_(pass.derivative),
        gradient_(gradient),
        rows_(rows) {
    rows.to_V.assign(layer_.stride, Real{0});
    rows.to_I.assign(layer_.stride, Real{0});
    take_constants(layer_, rows);
  }

  /// Steps back from t + 1 to t.
  void step(std::size_t t, std::span<const std::uint32_t> input) {
    const std::size_t stride = layer_.stride;
    const Step<Real> now{&tape_.V[t * stride], &tape_.I[t * stride], rows_.to_V.data(), rows_.to_I.data()};
    const std::span<const std::uint32_t> spikes = tape_.spikes.at(t);
    for (const std::uint32_t i : input) add_row(now.to_I, &gradient_.w_in[i * stride], stride);
    if (layer_.recurrent())
      for (const std::uint32_t j : spikes) add_row(now.to_I, &gradient_.w_rec[j * stride], stride);
    find_active(t, now.to_I);
    rows_.kept.clear();
    if (layer_.integrator == Integrator::exact) reset(spikes, now);
    if (!tape_.held.empty()) hold(t, now);
    decay(now, rows_, gradient_);
    for (const auto& [n, to_V] : rows_.kept) now.to_V[n] = to_V;
    for (const auto& [n, to_V] : rows_.active) {
      now.to_V[n] += to_V;
      gradient_.threshold[n] -= to_V;
    }
    gradient_.active += rows_.active.size();
  }

 private:
  /// Who is near enough to threshold to carry gradient, and how much.
  void find_active(std::size_t t, const Real* to_I) {
    rows_.active.clear();
    const Real* above = &tape_.above[t * layer_.stride];
    const auto band = static_cast<Real>(derivative_.band);
    const auto take = [&](std::size_t n) {
      if (n >= layer_.neurons || is_held(t, n)) return;
      rows_.active.push_back({n, derivative_.at(above[n]) * to_spike(t, n, to_I)});
    };
    // Beyond the last neuron the threshold is infinite, so that only an infinite band reaches there.
    for_each_where(
        layer_.stride, [=](std::size_t n) { return !(std::abs(above[n]) >= band); }, take);
  }

  /// The loss by a spike of neuron n at step t.
  Real to_spike(std::size_t t, std::size_t n, const Real* to_I) const {
    Real sum = credit_.by_spike != nullptr ? credit_.by_spike[n] : Real{0};
    const std::size_t read = t + 1 + credit_.late;
    if (credit_.w != nullptr && read <= tape_.spikes.steps())
      sum += product(credit_.w + n * credit_.stride, credit_.to_I + read * credit_.stride, credit_.stride);
    if (layer_.recurrent()) sum += product(&layer_.w_rec[n * layer_.stride], to_I, layer_.stride);
    return sum;
  }

  [[nodiscard]] bool is_held(std::size_t t, std::size_t n) const {
    return !tape_.held.empty() && t < tape_.spikes.steps() && tape_.held[t * layer_.stride + n] != 0;
  }

  /// After a spike at t, V[t + 1] comes from the potential the reset left.
  void reset(std::span<const std::uint32_t> spikes, const Step<Real>& now) {
    for (const std::uint32_t n : spikes) {
      gradient_.beta[n] -= now.to_V[n] * lost(now.V[n], n);
      if (subtracts())
        gradient_.threshold[n] -= rows_.beta[n] * now.to_V[n];
      else
        rows_.kept.push_back({n, Real{0}});
    }
  }

  /// A potential held at t + 1 hangs on the potential before it, if on anything.
  void hold(std::size_t t, const Step<Real>& now) {
    for (std::size_t n = 0; n < layer_.neurons; ++n) {
      if (!is_held(t + 1, n)) continue;
      if (std::ranges::binary_search(tape_.spikes.at(t), n)) {  // takes back what reset() did
        gradient_.beta[n] += now.to_V[n] * lost(now.V[n], n);
        if (subtracts()) gradient_.threshold[n] -= (Real{1} - rows_.beta[n]) * now.to_V[n];
      }
      rows_.kept.push_back({n, subtracts() ? now.to_V[n] : Real{0}});
      now.to_V[n] = Real{0};
    }
  }

  [[nodiscard]] bool subtracts() const { return layer_.rule == ResetRule::by_subtraction; }
  /// By how much a spike lowers the potential.
  [[nodiscard]] Real lost(Real V, std::size_t n) const {
    return subtracts() ? static_cast<Real>(layer_.threshold[n]) : V - static_cast<Real>(layer_.reset[n]);
  }

  const SurrogateLayer<Real>& layer_;
  const SurrogateTape<Real>& tape_;
  const SpikeCredit<Real>& credit_;
  const SurrogateDerivative& derivative_;
  SurrogateGradient<Real>& gradient_;
  BackwardRows<Real>& rows_;
};

}  // namespace

template <class Real>
void backward(const LayerPass<Real>& pass, SurrogateGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>* to_I) {
  const FlushDenormals flush;
  const std::size_t steps = pass.input.steps();
  const std::size_t stride = pass.layer.stride;
  LayerBackward<Real> back(pass, gradient, rows);
  if (to_I != nullptr) to_I->assign((steps + 1) * stride, Real{0});
  for (std::size_t t = steps; t-- > 0;) {
    back.step(t, pass.input.at(t));
    if (to_I != nullptr) copy_row(rows.to_I.data(), &(*to_I)[t * stride], stride);
  }
}

template <class Real>
void backward(const ReadoutPass<Real>& pass, ReadoutGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>& to_I) {
  const FlushDenormals flush;
  const std::size_t stride = pass.readout.stride;
  const std::size_t steps = pass.input.steps();
  const std::size_t late = readout_lag(pass.readout.integrator);
  to_I.assign((steps + 1) * stride, Real{0});
  rows.to_I.assign(stride, Real{0});
  rows.to_V.assign(stride, Real{0});
  take_constants(pass.readout, rows);
  for (std::size_t t = steps; t-- > 0;) {
    if (t >= late)
      for (const std::uint32_t j : pass.input.at(t - late))
        add_row(rows.to_I.data(), &gradient.w[j * stride], stride);
    decay(Step<Real>{&pass.tape.V[t * stride], &pass.tape.I[t * stride], rows.to_V.data(), rows.to_I.data()},
          rows, gradient);
    add_row(&pass.to_V[t * stride], rows.to_V.data(), stride);
    copy_row(rows.to_I.data(), &to_I[t * stride], stride);
  }
}

#define FLURRY_BACKWARD(Real)                                                                   \
  template void backward(const LayerPass<Real>&, SurrogateGradient<Real>&, BackwardRows<Real>&, \
                         std::vector<Real>*);                                                   \
  template void backward(const ReadoutPass<Real>&, ReadoutGradient<Real>&, BackwardRows<Real>&, \
                         std::vector<Real>&)
FLURRY_BACKWARD(float);
FLURRY_BACKWARD(double);
#undef FLURRY_BACKWARD

}  // namespace flurry
