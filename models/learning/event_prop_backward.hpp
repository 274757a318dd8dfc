// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/learning/event_prop_credit.hpp"
#include "models/learning/event_prop_gradient.hpp"
#include "models/learning/event_prop_plan.hpp"
#include "models/learning/event_prop_workspace.hpp"

namespace flurry {

/// Adds the gradient of the loss behind `credit` to `gradient`: the adjoint of event_prop_forward for the
/// tape it left in `workspace` (Wunderlich & Pehle 2021, table 1; delays: Meszaros et al. 2025). `gradient`
/// must have the shape of the network. Also leaves the derivatives with respect to the times of the input
/// spikes in `workspace.input_by_time`, one per entry of tape.input.
///
/// The mirror of the forward pass: slices last to first; in each, every spike walks its row once, and then
/// the spikes of the slice learn their own adjoints. Exact as long as no spike appears or vanishes and none
/// is clipped. Equations: models/learning/event_prop.md.
void event_prop_backward(const EventPropPlan& plan, const EventPropCredit& credit,
                         EventPropWorkspace& workspace, EventPropGradient& gradient);

}  // namespace flurry
