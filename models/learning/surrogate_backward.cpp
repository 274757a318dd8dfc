// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/surrogate_backward.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.hpp"
#include "models/learning/flush_denormals.hpp"
#include "models/learning/surrogate_step_back.hpp"

namespace flurry {
namespace {

/// to[n] = derivative(above[n]) worth[n].
template <SurrogateDerivative::Shape shape, class Real>
void credit_row(const Real* above, const Real* worth, double steepness, std::span<Real> to) {
  const SurrogateDerivative derivative{.shape = shape, .steepness = steepness};
  Real* credit = to.data();
  const std::size_t neurons = to.size();
  for (std::size_t n = 0; n < neurons; ++n) credit[n] = derivative.at(above[n]) * worth[n];
}

template <class Real>
class LayerBackward {
 public:
  LayerBackward(const LayerPass<Real>& pass, BackwardRows<Real>& rows, std::vector<Real>* to_I)
      : layer_(pass.layer),
        tape_(pass.tape),
        credit_(pass.credit),
        derivative_(pass.derivative),
        stride_(pass.layer.stride),
        rows_(rows),
        trail_(rows.trail),
        to_I_(to_I) {
    start(layer_, rows);
    rows.by_threshold.assign(stride_, Real{0});
    rows.worth.resize(2 * stride_);
    rows.credit.assign(2 * stride_, Real{0});
    trail_.resize((pass.input.steps() + 1) * stride_);
    std::fill(trail_.end() - static_cast<std::ptrdiff_t>(stride_), trail_.end(), Real{0});
  }

  /// Finds who is near enough to threshold to carry gradient. Returns whether they are so many that spikes
  /// are better weighed all at once.
  bool look(std::size_t t) {
    active(t).clear();
    all_[t % 2] = tape_.held.empty() && std::isinf(derivative_.band);
    if (!all_[t % 2]) find_active(t);
    return all_[t % 2] || 4 * active(t).size() > layer_.neurons;
  }
  /// Weighs the active ones' spikes one by one.
  void weigh_each(std::size_t t) {
    const Real* above = &tape_.above[t * stride_];
    for (const std::size_t n : active(t)) credit(t)[n] = derivative_.at(above[n]) * worth_of(t, n);
  }
  /// To weigh all: the product with the recurrent columns that must be added first, and before it, if the
  /// spikes are read, that with the reader's.
  ColumnsProduct<Real> start_weighing(std::size_t t) {
    std::fill_n(worth(t), stride_, Real{0});
    if (credit_.by_spike != nullptr) std::copy_n(credit_.by_spike, layer_.neurons, worth(t));
    return {ahead(t), worth(t)};
  }
  ColumnsProduct<Real> by_reader(std::size_t t) {
    return {credit_.to_I + (t + 1 + credit_.late) * credit_.stride, worth(t)};
  }
  void weigh_all(std::size_t t) {
    using Shape = SurrogateDerivative::Shape;
    const Real* above = &tape_.above[t * stride_];
    const std::span<Real> to(credit(t), layer_.neurons);
    if (derivative_.shape == Shape::arctan)
      credit_row<Shape::arctan>(above, worth(t), derivative_.steepness, to);
    else if (derivative_.shape == Shape::triangle)
      credit_row<Shape::triangle>(above, worth(t), derivative_.steepness, to);
    else
      credit_row<Shape::fast_sigmoid>(above, worth(t), derivative_.steepness, to);
  }
  [[nodiscard]] bool is_read(std::size_t t) const {
    return credit_.w != nullptr && t + 1 + credit_.late <= tape_.spikes.steps();
  }

  /// Steps back from t + 1 to t, but for what spikes of t are worth: the loss by I of t does not hang on it.
  void step(std::size_t t) {
    rows_.kept.clear();
    if (layer_.integrator == Integrator::exact) reset(t);
    if (!tape_.held.empty()) hold(t);
    decay(&tape_.V[t * stride_], &tape_.I[t * stride_], ahead(t), &trail_[t * stride_], rows_);
    for (const auto& [n, to_V] : rows_.kept) rows_.to_V[n] = to_V;
  }
  /// Adds what spikes of t are worth.
  void take(std::size_t t) {
    if (all_[t % 2]) return take_all(t);
    for (const std::size_t n : active(t)) {
      rows_.to_V[n] += credit(t)[n];
      rows_.by_threshold[n] -= credit(t)[n];
    }
    active_ += active(t).size();
  }

  void end(const SpikeRaster& input, SurrogateGradient<Real>& gradient) {
    finish(rows_, gradient);
    add_row(rows_.by_threshold.data(), gradient.threshold.data(), stride_);
    add_to_weights(input, 0, trail_.data(), stride_, rows_.by_source, gradient.w_in);
    if (layer_.recurrent())
      add_to_weights(tape_.spikes, 0, trail_.data(), stride_, rows_.by_source, gradient.w_rec);
    gradient.active += active_;
    if (to_I_ != nullptr) to_I_->assign(trail_.begin(), trail_.end());
  }

 private:
  void find_active(std::size_t t) {
    const Real* above = &tape_.above[t * stride_];
    const auto band = static_cast<Real>(derivative_.band);
    const auto take = [&](std::size_t n) {
      if (n < layer_.neurons && !is_held(t, n)) active(t).push_back(n);
    };
    // Beyond the last neuron the threshold is infinite, so that only an infinite band reaches there.
    for_each_where(
        stride_, [=](std::size_t n) { return !(std::abs(above[n]) >= band); }, take);
  }

  void take_all(std::size_t t) {
    const Real* credits = credit(t);
    for (std::size_t n = 0; n < stride_; n += lanes<Real>) {
      const Lanes<Real> credit = load<Real>(credits + n);
      store<Real>(load<Real>(&rows_.to_V[n]) + credit, &rows_.to_V[n]);
      store<Real>(load<Real>(&rows_.by_threshold[n]) - credit, &rows_.by_threshold[n]);
    }
    active_ += layer_.neurons;
  }

  // Two steps are in hand at a time.
  std::vector<std::size_t>& active(std::size_t t) { return rows_.active[t % 2]; }
  Real* worth(std::size_t t) { return rows_.worth.data() + t % 2 * stride_; }
  Real* credit(std::size_t t) { return rows_.credit.data() + t % 2 * stride_; }

  /// The loss by a spike of neuron n at step t.
  Real worth_of(std::size_t t, std::size_t n) const {
    Lanes<Real> sum{};
    if (is_read(t))
      add_product(credit_.w + n * credit_.stride, credit_.to_I + (t + 1 + credit_.late) * credit_.stride,
                  credit_.stride, sum);
    if (layer_.recurrent()) add_product(&layer_.w_rec[n * stride_], ahead(t), stride_, sum);
    const Real besides = credit_.by_spike != nullptr ? credit_.by_spike[n] : Real{0};
    return sum_of_lanes<Real, lanes<Real>>(sum) + besides;
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
  CacheLines<Real>& trail_;
  std::vector<Real>* to_I_;
  std::array<bool, 2> all_{};  // every neuron carries gradient, at even and odd steps
  std::uint64_t active_ = 0;
};

/// Samples of one layer, stepped back side by side.
template <class Real>
class Together {
 public:
  static constexpr std::size_t most = 8;

  void add(const LayerPass<Real>& pass, BackwardRows<Real>& rows, std::vector<Real>* to_I) {
    samples_[count_].emplace(pass, rows, to_I);
    inputs_[count_] = &pass.input;
    if (count_ == 0) start(pass, rows);
    ++count_;
  }

  void run(SurrogateGradient<Real>& gradient) {
    std::size_t steps = 0;
    for (std::size_t s = 0; s < count_; ++s) steps = std::max(steps, inputs_[s]->steps());
    // The loss by I of a step does not hang on what its spikes are worth: two steps are weighed together.
    for (std::size_t t = steps; t > 0;) {
      const std::size_t upper = t - 1;
      const std::size_t lower = upper - upper % 2;
      each(upper, [&](LayerBackward<Real>& sample) { sample.step(upper); });
      weigh(lower, upper);
      each(upper, [&](LayerBackward<Real>& sample) { sample.take(upper); });
      if (lower < upper)
        each(lower, [&](LayerBackward<Real>& sample) {
          sample.step(lower);
          sample.take(lower);
        });
      t = lower;
    }
    for (std::size_t s = 0; s < count_; ++s) samples_[s]->end(*inputs_[s], gradient);
  }

 private:
  void start(const LayerPass<Real>& pass, BackwardRows<Real>& rows) {
    first_ = &pass;
    columns_ = &rows;
    made_ = false;
  }

  template <class Act>
  void each(std::size_t t, const Act& act) {
    for (std::size_t s = 0; s < count_; ++s)
      if (t < inputs_[s]->steps()) act(*samples_[s]);
  }

  void weigh(std::size_t lower, std::size_t upper) {
    std::array<std::pair<LayerBackward<Real>*, std::size_t>, 2 * most> all{};
    std::array<ColumnsProduct<Real>, 2 * most> by_reader;
    std::array<ColumnsProduct<Real>, 2 * most> by_own;
    std::size_t count = 0;
    std::size_t read = 0;
    for (std::size_t t = lower; t <= upper; ++t)
      each(t, [&](LayerBackward<Real>& sample) {
        if (!sample.look(t)) return sample.weigh_each(t);
        by_own[count] = sample.start_weighing(t);
        all[count++] = {&sample, t};
        if (sample.is_read(t)) by_reader[read++] = sample.by_reader(t);
      });
    if (count == 0) return;
    make_columns();
    const ColumnOrder order = lower % 4 == 0 ? ColumnOrder::rising : ColumnOrder::falling;
    add_products<Real>(columns_->reader, order, {by_reader.data(), read});
    add_products<Real>(columns_->recurrent, order, {by_own.data(), count});
    for (std::size_t i = 0; i < count; ++i) all[i].first->weigh_all(all[i].second);
  }

  void make_columns() {
    if (made_) return;
    const auto& layer = first_->layer;
    const auto& credit = first_->credit;
    columns_->recurrent.transpose(layer.w_rec.data(), layer.recurrent() ? layer.neurons : 0,
                                  layer.recurrent() ? layer.stride : 0, layer.stride);
    columns_->reader.transpose(credit.w, credit.w != nullptr ? layer.neurons : 0,
                               credit.w != nullptr ? credit.stride : 0, layer.stride);
    made_ = true;
  }

  std::array<std::optional<LayerBackward<Real>>, most> samples_;
  std::array<const SpikeRaster*, most> inputs_{};
  std::size_t count_ = 0;
  const LayerPass<Real>* first_ = nullptr;
  BackwardRows<Real>* columns_ = nullptr;  // where the columns of weights are kept
  bool made_ = false;
};

template <class Real>
void check(std::span<const LayerPass<Real>> passes, std::size_t rows, std::size_t to_I) {
  if (rows < passes.size() || (to_I != 0 && to_I < passes.size()))
    throw UsageError("surrogate gradients: " + std::to_string(passes.size()) + " samples, rows for " +
                     std::to_string(rows) + ", currents for " + std::to_string(to_I));
  for (const LayerPass<Real>& pass : passes)
    if (&pass.layer != &passes[0].layer || pass.credit.w != passes[0].credit.w)
      throw UsageError("surrogate gradients: samples that go together must share layer and reader");
}

}  // namespace

template <class Real>
void backward(const LayerPass<Real>& pass, SurrogateGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>* to_I) {
  const FlushDenormals flush;
  Together<Real> one;
  one.add(pass, rows, to_I);
  one.run(gradient);
}

template <class Real>
void backward_together(std::span<const LayerPass<Real>> passes, SurrogateGradient<Real>& gradient,
                       std::span<BackwardRows<Real>> rows, std::span<std::vector<Real>> to_I) {
  check(passes, rows.size(), to_I.size());
  const FlushDenormals flush;
  for (std::size_t begin = 0; begin < passes.size(); begin += Together<Real>::most) {
    Together<Real> some;
    for (std::size_t s = begin; s < std::min(begin + Together<Real>::most, passes.size()); ++s)
      some.add(passes[s], rows[s], to_I.empty() ? nullptr : &to_I[s]);
    some.run(gradient);
  }
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
  add_to_weights(pass.input, readout_lag(pass.readout.integrator), to_I.data(), stride, rows.by_source,
                 gradient.w);
}

template <class Real>
using Passes = std::span<const LayerPass<Real>>;
template <class Real>
using RowsOfEach = std::span<BackwardRows<Real>>;
template <class Real>
using CurrentsOfEach = std::span<std::vector<Real>>;

#define FLURRY_BACKWARD(Real)                                                                   \
  template void backward(const LayerPass<Real>&, SurrogateGradient<Real>&, BackwardRows<Real>&, \
                         std::vector<Real>*);                                                   \
  template void backward_together(Passes<Real>, SurrogateGradient<Real>&, RowsOfEach<Real>,     \
                                  CurrentsOfEach<Real>);                                        \
  template void backward(const ReadoutPass<Real>&, ReadoutGradient<Real>&, BackwardRows<Real>&, \
                         std::vector<Real>&)
FLURRY_BACKWARD(float);
FLURRY_BACKWARD(double);
#undef FLURRY_BACKWARD

}  // namespace flurry
