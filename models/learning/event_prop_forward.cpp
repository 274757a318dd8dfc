// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_forward.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/base/exponential.hpp"
#include "core/base/units.hpp"
#include "models/learning/event_prop_integral.hpp"
#include "models/learning/event_prop_path.hpp"
#include "models/learning/event_prop_search.hpp"

namespace flurry {
namespace {

class ForwardPass {
 public:
  ForwardPass(const EventPropPlan& plan, EventPropWorkspace& workspace)
      : plan_(plan),
        w_(workspace),
        duration_(plan.options().duration),
        behind_(std::nextafter(duration_, never)) {}

  void run(std::span<const Spike> input) {
    start();
    for (const Spike& s : input) {
      check(s);
      if (s.time > duration_) continue;
      w_.tape.input.push_back(s);
      deliver(plan_.network().input, plan_.input_row(s.neuron), s.neuron, s.time);
    }
    for (std::uint32_t layer = 0; layer < plan_.layers(); ++layer) run_layer(layer);
    w_.tape.spikes = static_cast<std::uint32_t>(w_.tape.records.size());
    probe();
    integrate();
  }

 private:
  using Neuron = EventPropPlan::Neuron;
  using State = EventPropWorkspace::Forward;
  // A neuron within a window, and which of its inputs come next.
  struct Work {
    std::uint32_t number = 0;
    std::uint32_t next = 0;
    std::uint32_t end = 0;
    bool spiked = false;           // since the last input
    double until = 0.0;            // a crossing is sought before this time, ms
    EventPropPath::State after{};  // at that time, where it has spiked
  };

  void start() {
    w_.tape.clear(plan_.size());
    w_.forward.assign(plan_.size(), {});
    w_.input_end.assign(plan_.size(), 0);
    w_.integral_inputs.clear();
    w_.inbox.clear();
    for (std::uint32_t layer = 0; layer < plan_.layers(); ++layer)
      w_.inbox.add_layer(plan_.window(layer), duration_);
  }
  void check(const Spike& s) const {
    if (s.neuron >= plan_.network().input.sources())
      throw UsageError("EventProp: an input spike names channel " + std::to_string(s.neuron) +
                       "; the network has " + std::to_string(plan_.network().input.sources()));
    if (!(s.time >= 0.0))
      throw UsageError("EventProp: an input spike at " + shortest(s.time) + " ms; times must be >= 0");
  }

  void deliver(const EventPropSynapses& synapses, const EventPropPlan::Row& row, std::uint32_t source,
               double time) {
    if (row.plain && time + row.largest_delay <= duration_) return deliver_all(synapses, row, source, time);
    for (std::uint32_t j = synapses.row_begin[source]; j < synapses.row_begin[source + 1]; ++j) {
      const double arrival = time + synapses.delay[j];
      if (arrival > duration_) continue;
      const std::uint32_t target = synapses.target[j];
      const Neuron& n = plan_.neuron(target);
      if (n.integral) {
        w_.integral_inputs.push_back({arrival, synapses.weight[j], target});
      } else {
        w_.inbox.push(n.layer, arrival, synapses.weight[j], target);
      }
    }
  }

  void deliver_all(const EventPropSynapses& synapses, const EventPropPlan::Row& row, std::uint32_t source,
                   double time) {
    const std::uint32_t begin = synapses.row_begin[source];
    const std::uint32_t count = synapses.row_begin[source + 1] - begin;
    const double* delay = synapses.delay.data() + begin;
    const double* weight = synapses.weight.data() + begin;
    const std::uint32_t* target = synapses.target.data() + begin;
    EventPropInbox::Arrival* to = w_.inbox.grow(row.layer, count);
    for (std::uint32_t j = 0; j < count; ++j) to[j] = {time + delay[j], weight[j], target[j]};
  }

  void run_layer(std::uint32_t layer) {
    auto window = w_.inbox.next_window(layer, 0);
    for (; window != EventPropInbox::none; window = w_.inbox.next_window(layer, window + 1)) {
      const double end = w_.inbox.end_of(layer, window);
      order(layer, window);
      respond();
      window_end_ = end;
      std::uint32_t begin = 0;
      for (const std::uint32_t n : w_.active) {
        work_through({n, begin, w_.input_end[n]}, false);
        begin = w_.input_end[n];
        w_.input_end[n] = 0;
        while (seeking_ == EventPropSearch::lanes) seek();
      }
      while (seeking_ > 0) seek();
      send();
    }
  }

  // The window's spikes, by time, so that arrivals are filed almost in order.
  void send() {
    const auto& records = w_.tape.records;
    const std::uint32_t begin = w_.tape.slice_end.empty() ? 0 : w_.tape.slice_end.back();
    w_.sent.clear();
    for (auto k = begin; k < records.size(); ++k) w_.sent.push_back({records[k].time, records[k].neuron});
    std::sort(w_.sent.begin(), w_.sent.end(), [](const Spike& a, const Spike& b) {
      return a.time < b.time || (a.time == b.time && a.neuron < b.neuron);
    });
    for (const Spike& s : w_.sent)
      deliver(plan_.network().recurrent, plan_.recurrent_row(s.neuron), s.neuron, s.time);
    w_.tape.slice_end.push_back(static_cast<std::uint32_t>(records.size()));
  }

  // The window's arrivals by neuron, then time, then weight.
  void order(std::uint32_t layer, std::uint32_t window) {
    const auto before = [](const auto& a, const auto& b) { return a.before(b); };
    w_.active.clear();
    w_.inbox.take(layer, window, w_.taken);
    for (const auto& a : w_.taken)
      if (w_.input_end[a.target]++ == 0) w_.active.push_back(a.target);
    std::uint32_t begin = 0;
    for (const std::uint32_t n : w_.active) {
      const std::uint32_t count = w_.input_end[n];
      w_.input_end[n] = begin;
      begin += count;
    }
    w_.inputs.resize(w_.taken.size());
    for (const auto& a : w_.taken) w_.inputs[w_.input_end[a.target]++] = {a.time, a.weight};
    begin = 0;
    for (const std::uint32_t n : w_.active) {
      const auto from = w_.inputs.begin() + begin;
      const auto to = w_.inputs.begin() + w_.input_end[n];
      if (!std::is_sorted(from, to, before)) std::sort(from, to, before);
      begin = w_.input_end[n];
    }
  }

  // From each arrival of a neuron to the next, as long as it does not spike between them.
  void respond() {
    const std::size_t count = w_.inputs.size();
    for (auto* column : {&w_.elapsed, &w_.rate_m, &w_.rate_syn, &w_.membrane, &w_.synapse, &w_.current})
      column->resize(count);
    std::uint32_t i = 0;
    for (const std::uint32_t n : w_.active) {
      double last = w_.forward[n].last;
      const Neuron& neuron = plan_.neuron(n);
      for (; i < w_.input_end[n]; ++i) {
        w_.elapsed[i] = w_.inputs[i].time - last;
        w_.rate_m[i] = neuron.rate_m;
        w_.rate_syn[i] = neuron.rate_syn;
        last = w_.inputs[i].time;
      }
    }
    const double* elapsed = w_.elapsed.data();
    const double* rate_m = w_.rate_m.data();
    const double* rate_syn = w_.rate_syn.data();
    double* membrane = w_.membrane.data();
    double* synapse = w_.synapse.data();
    double* current = w_.current.data();
#pragma GCC ivdep
    for (std::size_t k = 0; k < count; ++k) {
      const EventPropResponse r = event_prop_response(rate_m[k], rate_syn[k], elapsed[k]);
      membrane[k] = r.membrane;
      synapse[k] = r.synapse;
      current[k] = rate_m[k] * r.current;
    }
  }

  // Takes a neuron from arrival to arrival until it is through, or until a crossing must be sought first.
  // `sought`: there is none before the next arrival or the end.
  void work_through(const Work& work, bool sought) {
    const Neuron& n = plan_.neuron(work.number);
    if (n.watched || n.t_ref > 0.0) {
      work_through_as<false>(n, work, sought);
    } else {
      work_through_as<true>(n, work, sought);
    }
  }
  // `simple`: neither watched nor ever refractory.
  template <bool simple>
  void work_through_as(const Neuron& n, Work work, bool sought) {
    State& kept = w_.forward[work.number];
    State s = kept;
    const EventPropPeak& peak = plan_.peak(work.number);
    while (work.next < work.end) {
      const std::uint32_t i = work.next;
      const double time = w_.inputs[i].time;
      if constexpr (!simple) let_go(n, s, time, work);
      const bool held = !simple && s.last < s.release;
      EventPropPath::State to{w_.membrane[i] * s.V + w_.current[i] * s.I, w_.synapse[i] * s.I};
      if (work.spiked) to = work.after;
      if constexpr (!simple) look_at(n, s, time, work.number, to);
      if (!sought && !held && may_cross(n, peak, s, to)) {
        kept = s;
        return seek(work, time);
      }
      s.V = to.V;
      s.I = to.I;
      s.last = time;
      for (; work.next < work.end && w_.inputs[work.next].time == time; ++work.next)
        s.I += w_.inputs[work.next].weight;
      if (s.V >= n.threshold) spike(n, s, work.number);
      work.spiked = false;
      sought = false;
    }
    if constexpr (!simple)
      if (s.release < std::min(window_end_, behind_)) let_go(n, s, s.release, work);
    kept = s;
    if (!simple && s.last < s.release) return look_then(n, s, work.number);
    const bool may_spike = s.I > n.threshold && peak.may_reach(n.threshold, s.V, s.I);
    if (may_spike && !sought) return seek(work, std::min(window_end_, behind_));
    if (may_spike) look_again(n, s, work.number);
  }

  // Whether the threshold may be crossed before the state is `to`.
  static bool may_cross(const Neuron& n, const EventPropPeak& peak, const State& s,
                        const EventPropPath::State& to) {
    return s.I > n.threshold &&
           (to.V >= n.threshold || (to.I < n.threshold && peak.may_reach(n.threshold, s.V, s.I)));
  }
  // On the way to `to` at `time`.
  void look_at(const Neuron& n, State& s, double time, std::uint32_t number, EventPropPath::State& to) const {
    if (s.last < s.release) to.V = 0.0;
    if (n.watched && w_.tape.count[number] == 0) watch(n, s, time, to);
  }

  // Lets go of V if its refractory time ends before `time`, on the way to which it then is.
  void let_go(const Neuron& n, State& s, double time, Work& work) {
    if (!(s.last < s.release && time >= s.release)) return;
    s.I *= exponential(-(s.release - s.last) * n.rate_syn).exp;
    s.V = 0.0;
    s.last = s.release;
    w_.tape.records[w_.tape.last[work.number]].restart = s.I;
    work.after = EventPropPath{n.rate_m, n.rate_syn, {s.V, s.I}}.at(time - s.last);
    work.spiked = true;
  }
  // A neuron that is let go after the window.
  void look_then(const Neuron& n, const State& s, std::uint32_t number) {
    if (window_end_ <= duration_ && s.release <= duration_ && s.I > n.threshold)
      w_.inbox.push(n.layer, s.release, 0.0, number);
  }
  // A neuron that may cross after the window.
  void look_again(const Neuron& n, const State& s, std::uint32_t number) {
    if (window_end_ > duration_) return;
    // V rises no faster than at (I - V) / tau_m; a little early, so that rounding cannot make it late.
    const double earliest = s.last + (1.0 - 0x1p-20) * (n.threshold - s.V) / ((s.I - s.V) * n.rate_m);
    const double look = std::max(earliest, window_end_);
    if (look <= duration_) w_.inbox.push(n.layer, look, 0.0, number);
  }

  void seek(Work work, double until) {
    const Neuron& n = plan_.neuron(work.number);
    const State& s = w_.forward[work.number];
    const std::uint32_t k = seeking_++;
    work.until = until;
    waiting_[k] = work;
    search_.rate_m[k] = n.rate_m;
    search_.rate_syn[k] = n.rate_syn;
    search_.threshold[k] = n.threshold;
    search_.V[k] = s.V;
    search_.I[k] = s.I;
    search_.horizon[k] = until - s.last;
  }
  // Seeks for all who wait, and lets them go on.
  void seek() {
    const std::uint32_t count = seeking_;
    search_.solve(count);
    seeking_ = 0;  // who asks anew takes a lane that has been read
    for (std::uint32_t k = 0; k < count; ++k) {
      Work work = waiting_[k];
      State& s = w_.forward[work.number];
      // A crossing at an arrival's very time comes after it.
      const bool crosses = s.last + search_.time[k] < work.until;
      if (crosses) {
        s.last += search_.time[k];
        s.I = search_.I_then[k];
        work.after = {search_.V_after[k], search_.I_after[k]};
        spike(plan_.neuron(work.number), s, work.number);
        work.spiked = true;
        if (s.release > s.last) work.after.V = 0.0;
      }
      work_through(work, !crosses);
    }
  }

  void spike(const Neuron& n, State& s, std::uint32_t number) {
    s.V = 0.0;
    s.release = s.last + n.t_ref;
    ++w_.tape.count[number];
    w_.tape.append(s.last, s.I, 0.0, number);
  }

  // The largest potential from the state on until `time`, when it will be `end`.
  static void watch(const Neuron& n, State& s, double time, const EventPropPath::State& end) {
    if (!(s.I > s.V) || !(time > s.last)) return;
    double peak = time;
    auto [V, I] = end;
    if (!(I > V)) {
      const EventPropPath path{n.rate_m, n.rate_syn, {s.V, s.I}};
      const double elapsed = path.peak_time(time - s.last);
      peak = std::min(time, s.last + elapsed);
      V = I = path.at(elapsed).V;
    }
    if (V <= s.largest_V) return;
    s.largest_V = V;
    s.largest_at = peak;
    s.cut_slope = I - V;
  }
  void probe() {
    for (std::uint32_t n = 0; n < plan_.size(); ++n) {
      const Neuron& neuron = plan_.neuron(n);
      if (!neuron.watched || w_.tape.count[n] > 0) continue;
      State& s = w_.forward[n];
      const EventPropPath path{neuron.rate_m, neuron.rate_syn, {s.V, s.I}};
      watch(neuron, s, duration_, path.at(duration_ - s.last));
      w_.tape.append(s.largest_at, s.cut_slope, s.largest_V, n);
    }
    w_.tape.slice_end.push_back(static_cast<std::uint32_t>(w_.tape.records.size()));
  }

  void integrate() {
    const double decay_rate = 1.0 / plan_.options().readout.decay;
    for (const auto& a : w_.integral_inputs) {
      const Neuron& n = plan_.neuron(a.target);
      w_.tape.integral[a.target] +=
          a.weight * event_prop_integral({n.rate_m, n.rate_syn, decay_rate, duration_}, a.time);
    }
  }

  const EventPropPlan& plan_;
  EventPropWorkspace& w_;
  double duration_;
  double behind_;  // the first moment after the trial: a crossing at its very end counts
  double window_end_ = never;
  EventPropSearch search_;
  std::array<Work, EventPropSearch::lanes> waiting_;
  std::uint32_t seeking_ = 0;
};

}  // namespace

void event_prop_forward(const EventPropPlan& plan, std::span<const Spike> input,
                        EventPropWorkspace& workspace) {
  ForwardPass(plan, workspace).run(input);
}

}  // namespace flurry
