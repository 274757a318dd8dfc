// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {

/// The constants in the precision of gradients, the gradients by them zero.
template <class Real>
void start(const StepConstants& from, BackwardRows<Real>& rows) {
  const std::size_t stride = from.alpha.size();
  const auto take = [stride](const std::vector<double>& values, CacheLines<Real>& to) {
    to.resize(stride);
    copy_row(values.data(), to.data(), stride);
  };
  take(from.alpha, rows.alpha);
  take(from.beta, rows.beta);
  take(from.gain, rows.gain);
  for (CacheLines<Real>* row : {&rows.to_V, &rows.by_alpha, &rows.by_beta, &rows.by_gain})
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
  Real* to_V = rows.to_V.data();
  Real* by_alpha = rows.by_alpha.data();
  Real* by_beta = rows.by_beta.data();
  Real* by_gain = rows.by_gain.data();
  const Real* alpha = rows.alpha.data();
  const Real* beta = rows.beta.data();
  const Real* gain = rows.gain.data();
  for (std::size_t n = 0; n < stride; n += lanes<Real>) {
    const Row V = load<Real>(V_of_t + n);
    const Row I = load<Real>(I_of_t + n);
    const Row by_V = load<Real>(to_V + n);
    const Row by_I = load<Real>(from_I + n);
    store<Real>(load<Real>(by_alpha + n) + by_I * I, by_alpha + n);
    store<Real>(load<Real>(by_beta + n) + by_V * V, by_beta + n);
    store<Real>(load<Real>(by_gain + n) + by_V * I, by_gain + n);
    store<Real>(load<Real>(alpha + n) * by_I + load<Real>(gain + n) * by_V, to_I + n);
    store<Real>(load<Real>(beta + n) * by_V, to_V + n);
  }
}

/// A spike of step t adds the loss by I of step t + 1 + late to its row of weights: row after row.
template <class Real>
void add_to_weights(const SpikeRaster& spikes, std::size_t late, const Real* trail, std::size_t stride,
                    SpikesBySource& by_source, std::vector<Real>& gradient) {
  const std::size_t sources = gradient.size() / stride;
  by_source.sort(spikes, sources, late);
  for (std::size_t i = 0; i < sources; ++i)
    add_rows(by_source.steps_of(i), trail + (1 + late) * stride, &gradient[i * stride], stride);
}

}  // namespace flurry
