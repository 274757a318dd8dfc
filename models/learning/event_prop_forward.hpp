// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/base/spike.hpp"
#include "models/learning/event_prop_plan.hpp"
#include "models/learning/event_prop_workspace.hpp"

namespace flurry {

/// Runs one sample from rest and leaves its spikes in `workspace.tape`: a pure function of plan and input.
///
/// `input`: spikes of input channels, ms, in any order; those after the end of the trial are ignored.
/// Exact time: spikes lie off any grid, found as the engine finds those of `lif_exp` (EventPropPath). All
/// arrivals at one neuron and instant are summed, then the threshold is tested once. UsageError for a channel
/// that the network does not have and for times below 0 or NaN.
///
/// Layers run one after the other, windows of a layer too; within a window neurons share nothing, so that
/// each is worked through its arrivals at once, with all responses computed beforehand in vector
/// instructions.
void event_prop_forward(const EventPropPlan& plan, std::span<const Spike> input,
                        EventPropWorkspace& workspace);

}  // namespace flurry
