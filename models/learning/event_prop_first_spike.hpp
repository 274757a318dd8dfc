// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "models/learning/event_prop_credit.hpp"
#include "models/learning/event_prop_plan.hpp"

namespace flurry {

/// Cross-entropy of the times t_k of the outputs' first spikes, the earliest wins (Goeltz et al. 2021;
/// Wunderlich & Pehle 2021, eq. 10, whose Yin-Yang constants are the defaults):
///
///   l = -log(exp(-t_label / tau_0) / sum_k exp(-t_k / tau_0)) + alpha (exp(t_label / tau_1) - 1).
///
/// An output without a spike counts as one at the end of the trial. An exact gradient cannot call a spike
/// into being, so that a silent label adds
///
///   missing (threshold - V_max),
///
/// the gap its largest potential leaves, 0 where a spike is born: credit that reaches weights and the times
/// of the spikes that came in. The label's neuron must then be watched (EventPropOptions).
struct EventPropFirstSpike {
  double tau_0 = 0.5;  // ms
  double tau_1 = 6.4;  // ms
  double alpha = 3e-3;
  double missing = 1.0;  // loss per unit of potential

  /// Adds the derivatives to `credit` and returns l. `label` is an index into `outputs`.
  double add(const EventPropPlan& plan, const EventPropTape& tape, std::span<const std::uint32_t> outputs,
             std::uint32_t label, EventPropCredit& credit) const;
};

/// Which of the outputs spikes first, as an index into `outputs`; EventPropTape::none if all are silent.
[[nodiscard]] std::uint32_t event_prop_first_to_spike(const EventPropTape& tape,
                                                      std::span<const std::uint32_t> outputs);

}  // namespace flurry
