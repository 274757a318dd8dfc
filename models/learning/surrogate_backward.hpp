// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "models/learning/spikes_by_source.hpp"
#include "models/learning/surrogate_columns.hpp"
#include "models/learning/surrogate_derivative.hpp"
#include "models/learning/surrogate_layer.hpp"

namespace flurry {

/// What a layer's spikes are worth to what reads them.
template <class Real>
struct SpikeCredit {
  const Real* w = nullptr;     // [neuron][stride], the reader's weights
  const Real* to_I = nullptr;  // [steps + 1][stride], dL/dI of the reader
  std::size_t stride = 0;
  std::size_t late = 0;            // a spike of step t is in I of step t + 1 + late
  const Real* by_spike = nullptr;  // [neuron], what the loss says of its spikes besides, or nothing
};

/// A forward pass that is over, and what came of it.
template <class Real>
struct LayerPass {
  const SurrogateLayer<Real>& layer;
  const SpikeRaster& input;
  const SurrogateTape<Real>& tape;
  SpikeCredit<Real> credit;
  SurrogateDerivative derivative;
};
template <class Real>
struct ReadoutPass {
  const LeakyReadout<Real>& readout;
  const SpikeRaster& input;
  const ReadoutTape<Real>& tape;
  const std::vector<Real>& to_V;  // [steps][stride], the loss by what the readout shows
};

/// What the backward pass works on, kept between samples so as not to ask for memory. One per thread.
template <class Real>
struct BackwardRows {
  struct Entry {
    std::size_t n;
    Real to_V;
  };
  CacheLines<Real> to_V;               // [stride]: the loss by V of the step reached
  CacheLines<Real> trail;              // [steps + 1][stride]: the loss by I
  CacheLines<Real> worth;              // [2][stride]: the loss by spikes of even and odd steps
  CacheLines<Real> credit;             // [2][stride]: what these add to to_V
  CacheLines<Real> alpha, beta, gain;  // [stride], constants
  CacheLines<Real> by_alpha, by_beta, by_gain, by_threshold;  // [stride], gradients of the sample
  std::array<std::vector<std::size_t>, 2> active;             // who carries gradient, of even and odd steps
  std::vector<Entry> kept;                                    // potentials that did not decay
  SpikesBySource by_source;
  SurrogateColumns<Real> recurrent, reader;
};

/// The mirror image of forward(layer): adds the gradient of the loss by all the layer's numbers to
/// `gradient`, last step first. The path through the reset is left out, as in the study. If `to_I` is not
/// null it receives dL/dI, [steps + 1][stride], for the layer below.
template <class Real>
void backward(const LayerPass<Real>& pass, SurrogateGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>* to_I = nullptr);

/// The same for several samples of one layer and one reader, with the bits of one after the other: where most
/// neurons carry gradient, recurrent weights are then fetched once for four samples. `rows` and, unless it is
/// empty, `to_I` have one element per sample. UsageError where they have not, or layer or reader differ.
template <class Real>
void backward_together(std::span<const LayerPass<Real>> passes, SurrogateGradient<Real>& gradient,
                       std::span<BackwardRows<Real>> rows, std::span<std::vector<Real>> to_I = {});

/// The mirror image of forward(readout). `to_I` receives dL/dI, [steps + 1][stride].
template <class Real>
void backward(const ReadoutPass<Real>& pass, ReadoutGradient<Real>& gradient, BackwardRows<Real>& rows,
              std::vector<Real>& to_I);

}  // namespace flurry
