// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/surrogate_backward.hpp"

#include <algorithm>
#include <cmath>

#include "models/learning/flush_denormals.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {
namespace {

/// The constants in the precision of gradients, the gradients by them zero.
template <class Real>
void start(const StepConstants& from, BackwardRows<Real>& rows) {
  const std::size_t stride = from.alpha.size();
  const auto take = [stride](const std::vector<double>& values, std::vector<Real>& to) {
    to.resize(stride);
    copy_row(values.data(), to.data(), stride);
  };
  take(from.alpha, rows.alpha);
  take(from.beta, rows.beta);
  take(from.gain, rows.gain);
  for (std::vector<Real>* row : {&rows.to_V, &rows.by_alpha, &rows.by_beta, &rows.by_gain})
    row->assign(stride, Real{0});
}

template <class Real>
void finish(const BackwardRows<Real>& rows, StepGradient<Real>& gradient) {
  const std::size_t stride = rows.to_V.size();
  add_row(rows.by_alpha.data(), gradient.alpha.data(), stride);
  add_row(rows.by_beta.data(), gradient.beta.data(), stride);
  add_row(rows.by_gain.data(), gradient.gain.data(), stride);
}

/// From step t + 1 to t: V and I of step t, the loss by I of t + 1 and of t; to_V goes along.
template <class Real>
void decay(const Real* V_of_t, const Real* I_of_t, const Real* from_I, Real* to_I, BackwardRows<Real>& rows) {
  using Row = Lanes<Real>;
  const std::size_t stride = rows.to_V.size();
  for (std::size_t n = 0; n < stride; n += lanes<Real>) {
    const Row V = load<Real>(V_of_t + n);
    const Row I = load<Real>(I_of_t + n);
    const Row by_V = load<Real>(&rows.to_V[n]);
    const Row by_I = load<Real>(from_I + n);
    store<Real>(load<Real>(&rows.by_alpha[n]) + by_I * I, &rows.by_alpha[n]);
    store<Real>(load<Real>(&rows.by_beta[n]) + by_V * V, &rows.by_beta[n]);
    store<Real>(load<Real>(&rows.by_gain[n]) + by_V * I, &rows.by_gain[n]);
    store<Real>(load<Real>(&rows.alpha[n]) * by_I + load<Real>(&rows.gain[n]) * by_V, to_I + n);
    store<Real>(load<Real>(&rows.beta[n]) * by_V, &rows.to_V[n]);
  }
}

/// A spike of step t adds the loss by I of step t + 1 + late to its row of weights: row after row.
template <class Real>
void add_to_weights(const SpikeRaster& spikes, std::size_t late, const std::vector<Real>& trail,
                    std::size_t stride, SpikesBySource& by_source, std::vector<Real>& gradient) {
  const std::size_t sources = gradient.size() / stride;
  by_source.sort(spikes, sources, late);
  for (std::size_t i = 0; i < sources; ++i)
    add_rows(by_source.steps_of(i), &trail[(1 + late) * stride], &gradient[i * stride], stride);
}

/// to[n] = derivative(above[n]) worth[n].
template <SurrogateDerivative::Shape shape, class Real>
void credit_row(const Real* above, const BackwardRows<Real>& rows, double steepness, Real* to) {
  const SurrogateDerivative derivative{.shape = shape, .steepness = steepness};
  const Real* worth = rows.worth.data();
  const std::size_t stride = rows.worth.size();
#pragma GCC ivdep
  for (std::size_t n = 0; n < stride; ++n) to[n] = derivative.at(above[n]) * worth[n];
}

template <class Real>
class LayerBackward {
 public:
  LayerBackward(const LayerPass<Real>& pass, BackwardRows<Real>& rows, std::vector<Real>& trail)
      : layer_(pass.layer),
        tape_(pass.tape),
        credit_(pass.credit),
        derivative_(pass.derivative),
        stride_(pass.layer.stride),
        rows_(rows),
        trail_(trail) {
    start(layer_, rows);
    rows.by_threshold.assign(stride_, Real{0});
    rows.worth.resize(stride_);
    rows.credit.resize(stride_);
    trail.resize((pass.input.steps() + 1) * stride_);
    std::fill(trail.end() - static_cast<std::ptrdiff_t>(stride_), trail.end(), Real{0});
  }

  /// Finds who is near enough to threshold to carry gradient. Returns whether they are so many that spikes
  /// are better weighed all at once.
  bool look(std::size_t t) {
    rows_.active.clear();
    all_ = tape_.held.empty() && std::isinf(derivative_.band);
    if (!all_) find_active(t);
    return all_ || 4 * rows_.active.size() > layer_.neurons;
  }
  /// Weighs the active ones' spikes one by one.
  void weigh_each(std::size_t t) {
    const Real* above = &tape_.above[t * stride_];
    for (const std::size_t n : rows_.active) rows_.credit[n] = derivative_.at(above[n]) * worth_of(t, n);
  }
  /// What weighs all: add the products of the reader's columns and of the recurrent ones.
  ColumnsProduct<Real> by_reader(std::size_t t) {
    std::ranges::fill(rows_.worth, Real{0});
    return {credit_.to_I + (t + 1 + credit_.late) * credit_.stride, rows_.worth.data()};
  }
  ColumnsProduct<Real> by_own(std::size_t t) { return {ahead(t), rows_.worth.data()}; }
  void weigh_all(std::size_t t) {
    using Shape = SurrogateDerivative::Shape;
    const Real* above = &tape_.above[t * stride_];
    Real* to = rows_.credit.data();
    if (derivative_.shape == Shape::arctan)
      credit_row<Shape::arctan>(above, rows_, derivative_.steepness, to);
    else if (derivative_.shape == Shape::triangle)
      credit_row<Shape::triangle>(above, rows_, derivative_.steepness, to);
    else
      credit_row<Shape::fast_sigmoid>(above, rows_, derivative_.steepness, to);
  }
  [[nodiscard]] bool is_read(std::size_t t) const {
    return credit_.w != nullptr && t + 1 + credit_.late <= tape_.spikes.steps();
  }

  /// Steps back from t + 1 to t.
  void step(std::size_t t) {
    rows_.kept.clear();
    if (layer_.integrator == Integrator::exact) reset(t);
    if (!tape_.held.empty()) hold(t);
    decay(&tape_.V[t * stride_], &tape_.I[t * stride_], ahead(t), &trail_[t * stride_], rows_);
    for (const auto& [n, to_V] : rows_.kept) rows_.to_V[n] = to_V;
    if (all_) return take_all();
    for (const std::size_t n : rows_.active) {
      rows_.to_V[n] += rows_.credit[n];
      rows_.by_threshold[n] -= rows_.credit[n];
    }
    active_ += rows_.active.size();
  }

  void end(const SpikeRaster& input, SurrogateGradient<Real>& gradient) {
    finish(rows_, gradient);
    add_row(rows_.by_threshold.data(), gradient.threshold.data(), stride_);
    add_to_weights(input, 0, trail_, stride_, rows_.by_source, gradient.w_in);
    if (layer_.recurrent()) add_to_weights(tape_.spikes, 0, trail_, stride_, rows_.by_source, gradient.w_rec);
    gradient.active += active_;
  }

 private:
  void find_active(std::size_t t) {
    const Real* above = &tape_.above[t * stride_];
    const auto band = static_cast<Real>(derivative_.band);
    const auto take = [&](std::size_t n) {
      if (n < layer_.neurons && !is_held(t, n)) rows_.active.push_back(n);
    };
    // Beyond the last neuron the threshold is infinite, so that only an infinite band reaches there.
    for_each_where(
        stride_, [=](std::size_t n) { return !(std::abs(above[n]) >= band); }, take);
  }

  void take_all() {
    for (std::size_t n = 0; n < stride_; n += lanes<Real>) {
      const Lanes<Real> credit = load<Real>(&rows_.credit[n]);
      store<Real>(load<Real>(&rows_.to_V[n]) + credit, &rows_.to_V[n]);
      store<Real>(load<Real>(&rows_.by_threshold[n]) - credit, &rows_.by_threshold[n]);
    }
    active_ += layer_.neurons;
  }

  /// The loss by a spike of neuron n at step t.
  Real worth_of(std::size_t t, std::size_t n) const {
    Lanes<Real> sum{};
    if (is_read(t))
      add_product(credit_.w + n * credit_.stride, credit_.to_I + (t + 1 + credit_.late) * credit_.stride,
                  credit_.stride, sum);
    if (layer_.recurrent()) add_product(&layer_.w_rec[n * stride_], ahead(t), stride_, sum);
    return sum_of_lanes<Real, lanes<Real>>(sum);
  }

  [[nodiscard]] const Real* ahead(std::size_t t) const { return &trail_[(t + 1) * stride_]; }
  [[nodiscard]] bool is_held(std::size_t t, std::size_t n) const {
    return !tape_.held.empty() && t < tape_.spikes.steps() && tape_.held[t * stride_ + n] != 0;
  }

  /// After a spike at t, V[t + 1] comes from the potential the reset left.
  void reset(std::size_t t) {
    for (const std::uint32_t n : tape_.spikes.at(t)) {
      const Real to_V = rows_.to_V[n];
      rows_.by_beta[n] -= to_V * lost(t, n);
      if (subtracts())
        rows_.by_threshold[n] -= rows_.beta[n] * to_V;
      else
        rows_.kept.push_back({n, Real{0}});
    }
  }

  /// A potential held at t + 1 hangs on the potential before it, if on anything.
  void hold(std::size_t t) {
    for (std::size_t n = 0; n < layer_.neurons; ++n) {
      if (!is_held(t + 1, n)) continue;
      const Real to_V = rows_.to_V[n];
      if (std::ranges::binary_search(tape_.spikes.at(t), n)) {  // takes back what reset() did
        rows_.by_beta[n] += to_V * lost(t, n);
        if (subtracts()) rows_.by_threshold[n] -= (Real{1} - rows_.beta[n]) * to_V;
      }
      rows_.kept.push_back({n, subtracts() ? to_V : Real{0}});
      rows_.to_V[n] = Real{0};
    }
  }

  [[nodiscard]] bool subtracts() const { return layer_.rule == ResetRule::by_subtraction; }
  /// By how much a spike of step t lowers the potential.
  [[nodiscard]] Real lost(std::size_t t, std::size_t n) const {
    return subtracts() ? static_cast<Real>(layer_.threshold[n])
                       : tape_.V[t * stride_ + n] - static_cast<Real>(layer_.reset[n]);
  }

  const SurrogateLayer<Real>& layer_;
  const SurrogateTape<Real>& tape_;
  const SpikeCredit<Real>& credit_;
  const SurrogateDerivative& derivative_;
  std::size_t stride_;
  BackwardRows<Real>& rows_;
  std::vector<Real>& trail_;
  bool all_ = false;  // every neuron carries gradient
  std::uint64_t active_ = 0;
};

/// The columns of weights that weigh spikes, made when first wanted.
template <class Real>
class Columns {
 public:
  Columns(const LayerPass<Real>& pass, BackwardRows<Real>& rows) : pass_(pass), rows_(rows) {}

  const BackwardRows<Real>& get() {
    if (made_) return rows_;
    const auto& layer = pass_.layer;
    const auto& credit = pass_.credit;
    rows_.recurrent.transpose(layer.w_rec.data(), layer.recurrent() ? layer.neurons : 0,
                              layer.recurrent() ? layer.stride : 0, layer.stride);
    rows_.reader.transpose(credit.w, credit.w != nullptr ? layer.neurons : 0,
                           credit.w != nullptr ? credit.stride : 0, layer.stride);
    made_ = true;
    return rows_;
  }

 private:
  const LayerPass<Real>& pass_;
  BackwardRows<Real>& rows_;
  bool made_ = false;
};

}  // namespace

template <class Real>
void backward(const LayerPass<Real>& pass, SurrogateGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>* to_I) {
  const FlushDenormals flush;
  LayerBackward<Real> back(pass, rows, to_I != nullptr ? *to_I : rows.trail);
  Columns<Real> columns(pass, rows);
  for (std::size_t t = pass.input.steps(); t-- > 0;) {
    if (back.look(t)) {
      const ColumnsProduct<Real> product = back.by_reader(t);
      if (back.is_read(t)) add_products<Real>(columns.get().reader, {&product, 1});
      const ColumnsProduct<Real> own = back.by_own(t);
      add_products<Real>(columns.get().recurrent, {&own, 1});
      back.weigh_all(t);
    } else {
      back.weigh_each(t);
    }
    back.step(t);
  }
  back.end(pass.input, gradient);
}

template <class Real>
void backward(const ReadoutPass<Real>& pass, ReadoutGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>& to_I) {
  const FlushDenormals flush;
  const std::size_t stride = pass.readout.stride;
  const std::size_t steps = pass.input.steps();
  start(pass.readout, rows);
  to_I.resize((steps + 1) * stride);
  std::fill(to_I.end() - static_cast<std::ptrdiff_t>(stride), to_I.end(), Real{0});
  for (std::size_t t = steps; t-- > 0;) {
    decay(&pass.tape.V[t * stride], &pass.tape.I[t * stride], &to_I[(t + 1) * stride], &to_I[t * stride],
          rows);
    add_row(&pass.to_V[t * stride], rows.to_V.data(), stride);
  }
  finish(rows, gradient);
  add_to_weights(pass.input, readout_lag(pass.readout.integrator), to_I, stride, rows.by_source, gradient.w);
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
