// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "models/learning/event_prop_credit.hpp"
#include "models/learning/event_prop_tape.hpp"

namespace flurry {

/// Cross-entropy of leaky readouts y_k (integrals over the trial or largest potentials, as
/// EventPropOptions::readout says; Nowotny et al. 2025, Wunderlich & Pehle 2021, eq. 12):
///
///   l = -log(exp(scale y_label) / sum_k exp(scale y_k)).
///
/// Adds its derivatives to `credit` and returns l. `label` is an index into `readouts`; `scale` in 1/ms for
/// integrals, e.g. 1 / duration.
double event_prop_readout_loss(const EventPropTape& tape, std::span<const std::uint32_t> readouts,
                               std::uint32_t label, double scale, EventPropCredit& credit);

}  // namespace flurry
