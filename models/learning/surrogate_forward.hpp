// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/learning/surrogate_layer.hpp"

namespace flurry {

/// Runs a layer from rest through all steps of `input`, whose ids are below layer.inputs. Input of step t
/// reaches the current of step t + 1, and so do the layer's own spikes of step t. What was on the tape is
/// lost.
template <class Real>
void forward(const SurrogateLayer<Real>& layer, const SpikeRaster& input, SurrogateTape<Real>& tape);

/// The same for the readout: tape.V is what it shows.
template <class Real>
void forward(const LeakyReadout<Real>& readout, const SpikeRaster& input, ReadoutTape<Real>& tape);

}  // namespace flurry
