// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/exponential.hpp"
#include "core/base/spike.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

constexpr double most_windows = 0x1p22;

double window_of(double smallest_delay, double duration) {
  if (!(smallest_delay <= duration)) return never;
  const double window = std::exp2(std::floor(std::log2(smallest_delay)));
  if (!(duration / window < most_windows))
    throw UsageError("EventProp network: the smallest delay within a cycle is " + shortest(smallest_delay) +
                     " ms; for a trial of " + shortest(duration) + " ms it must be above " +
                     shortest(duration / most_windows) + " ms");
  return window;
}

void check(const EventPropOptions& options, std::uint32_t neurons) {
  if (!(options.duration > 0.0) || std::isinf(options.duration))
    throw UsageError("EventProp: the duration is " + shortest(options.duration) +
                     " ms; it must be > 0 and finite");
  if (!(options.readout.decay > 0.0))
    throw UsageError("EventProp: the readout's decay is " + shortest(options.readout.decay) +
                     " ms; it must be > 0");
  if (!(options.smallest_slope > 0.0) || std::isinf(options.smallest_slope))
    throw UsageError("EventProp: the smallest slope is " + shortest(options.smallest_slope) +
                     "; it must be > 0 and finite");
  for (const std::uint32_t n : options.watched)
    if (n >= neurons)
      throw UsageError("EventProp: neuron " + std::to_string(n) + " is to be watched; there are " +
                       std::to_string(neurons));
}

}  // namespace

EventPropPlan::EventPropPlan(const EventPropNetwork& network, EventPropOptions options)
    : network_(&network), options_(std::move(options)) {
  network.check();
  check(options_, network.size());
  const EventPropLayers layers = event_prop_layers(network);
  for (const double delay : layers.smallest_delay) window_.push_back(window_of(delay, options_.duration));
  neurons_.resize(network.size());
  peaks_.reserve(network.size());
  for (std::uint32_t n = 0; n < network.size(); ++n) {
    const double tau_m = network.tau_m[n];
    const double tau_syn = network.tau_syn[n];
    const double t_ref = network.t_ref.empty() ? 0.0 : network.t_ref[n];
    const bool readout = network.is_readout(n);
    const bool maximum = options_.readout.kind == EventPropReadout::Kind::maximum;
    neurons_[n] = {1.0 / tau_m,
                   1.0 / tau_syn,
                   network.threshold[n],
                   options_.smallest_slope * network.threshold[n],
                   t_ref,
                   exponential(-t_ref / tau_syn).exp,
                   layers.layer_of[n],
                   readout && maximum,
                   readout && !maximum};
    peaks_.emplace_back(1.0 / tau_m, 1.0 / tau_syn);
  }
  for (const std::uint32_t n : options_.watched) neurons_[n].watched = !neurons_[n].integral;
  input_rows_ = rows_of(network.input);
  recurrent_rows_ = rows_of(network.recurrent);
}

std::vector<EventPropPlan::Row> EventPropPlan::rows_of(const EventPropSynapses& synapses) const {
  std::vector<Row> rows(synapses.sources());
  for (std::uint32_t s = 0; s < synapses.sources(); ++s) {
    const std::uint32_t begin = synapses.row_begin[s];
    const std::uint32_t end = synapses.row_begin[s + 1];
    if (begin == end) continue;
    Row& row = rows[s];
    row.layer = neurons_[synapses.target[begin]].layer;
    row.plain = window_[row.layer] == never;
    row.side_by_side = end - begin >= 16;
    for (std::uint32_t j = begin; j < end; ++j) {
      const Neuron& n = neurons_[synapses.target[j]];
      row.plain = row.plain && n.layer == row.layer && !n.integral;
      row.side_by_side = row.side_by_side && synapses.target[j] == synapses.target[begin] + (j - begin) &&
                         !n.integral && !n.watched && n.t_ref == 0.0;
      row.largest_delay = std::max(row.largest_delay, synapses.delay[j]);
    }
  }
  return rows;
}

}  // namespace flurry
