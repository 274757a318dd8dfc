// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/learning/event_prop_inbox.hpp"
#include "models/learning/event_prop_tape.hpp"

namespace flurry {

/// The memory of one sample's forward and backward pass, kept from sample to sample: once warm, a pass
/// allocates nothing. One per thread.
struct EventPropWorkspace {
  EventPropTape tape;

  /// A neuron on its way forward.
  struct Forward {
    double V = 0.0;
    double I = 0.0;
    double last = 0.0;     // the state is of this time, ms
    double release = 0.0;  // V is held before this time
    double largest_V = 0.0;
    double largest_at = 0.0;
    double cut_slope = 0.0;  // tau_m dV/dt there: not 0 where an arrival ends the rise
  };
  struct Input {
    double time = 0.0;
    double weight = 0.0;
    [[nodiscard]] bool before(const Input& other) const {
      return time < other.time || (time == other.time && weight < other.weight);
    }
  };
  EventPropInbox inbox;
  std::vector<Forward> forward;
  std::vector<EventPropInbox::Arrival> taken;            // of a window, in the order filed
  std::vector<EventPropInbox::Arrival> integral_inputs;  // of readouts whose integral is wanted
  std::vector<Spike> sent;                               // of a window, by time
  std::vector<std::uint32_t> active;                     // neurons of the window with arrivals
  std::vector<std::uint32_t> input_end;                  // per neuron: into inputs
  std::vector<Input> inputs;                             // of the window, by neuron, then time
  std::vector<double> elapsed;  // one per input (backward: per spike of a slice), as all that follow
  std::vector<double> rate_m;
  std::vector<double> rate_syn;
  std::vector<double> membrane;
  std::vector<double> synapse;
  std::vector<double> current;
  std::vector<double> slope;

  /// The adjoint of a record: lambda_V and lambda_I just before it, and the derivative of the loss with
  /// respect to its time through what the spike causes elsewhere.
  struct Backward {
    double lambda_V = 0.0;
    double lambda_I = 0.0;
    double by_time = 0.0;
  };
  std::vector<Backward> backward;     // per record
  std::vector<double> input_by_time;  // per input spike: dL/dt
  /// Per neuron: the record its arrivals come before, in columns for rows of neurons side by side.
  struct Ahead {
    std::vector<double> before;  // ms, the neuron's record before that one
    std::vector<double> time;    // ms
    std::vector<double> latest;  // ms, the neuron's last record
    std::vector<double> lambda_V, lambda_I;
    std::vector<double> rate_m, rate_syn;  // 1/ms
    std::vector<double> by_time;           // of a row
  };
  Ahead ahead;
  std::vector<std::uint32_t> cursor;  // per neuron: the record the latest arrival looked at came before
};

}  // namespace flurry
