// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_backward.hpp"

#include <algorithm>

#include "core/base/exponential.hpp"
#include "models/learning/event_prop_arrivals.hpp"
#include "models/learning/for_each_where.hpp"

namespace flurry {
namespace {

class BackwardPass {
 public:
  BackwardPass(const EventPropPlan& plan, const EventPropCredit& credit, EventPropWorkspace& workspace,
               EventPropGradient& gradient)
      : plan_(plan),
        credit_(credit),
        w_(workspace),
        g_(gradient),
        tape_(workspace.tape),
        decay_rate_(1.0 / plan.options().readout.decay) {}

  void run() {
    w_.backward.assign(tape_.records.size(), {});
    w_.input_by_time.assign(tape_.input.size(), 0.0);
    w_.cursor = tape_.last;
    look_ahead();
    for (std::size_t slice = tape_.slice_end.size(); slice-- > 0;) {
      const std::uint32_t begin = slice == 0 ? 0 : tape_.slice_end[slice - 1];
      const std::uint32_t end = tape_.slice_end[slice];
      walk_rows(begin, std::min(end, tape_.spikes));
      respond(begin, end);
      for (std::uint32_t k = end; k-- > begin;) solve(k, k - begin);
    }
    walk_input_rows();
  }

 private:
  using Record = EventPropTape::Record;
  static constexpr std::uint32_t none = EventPropTape::none;

  // What the spikes [begin, end) cause at the neurons they reach.
  void walk_rows(std::uint32_t begin, std::uint32_t end) {
    const auto sent = [&](std::uint32_t k) -> double& { return w_.backward[k].by_time; };
    for (std::uint32_t k = end; k-- > begin;)
      walk_row(plan_.network().recurrent, tape_.records[k].neuron, tape_.records[k].time, k, g_.recurrent,
               sent);
    flush(near_, g_.recurrent, sent);
    flush(far_, g_.recurrent, sent);
  }
  void walk_input_rows() {
    const auto sent = [&](std::uint32_t k) -> double& { return w_.input_by_time[k]; };
    for (auto k = static_cast<std::uint32_t>(tape_.input.size()); k-- > 0;)
      walk_row(plan_.network().input, tape_.input[k].neuron, tape_.input[k].time, k, g_.input, sent);
    flush(near_, g_.input, sent);
    flush(far_, g_.input, sent);
  }

  template <class Sent>
  void walk_row(const EventPropSynapses& synapses, std::uint32_t source, double time, std::uint32_t sender,
                EventPropGradient::Synapses& gradient, const Sent& sent) {
    const bool input = &synapses == &plan_.network().input;
    if ((input ? plan_.input_row(source) : plan_.recurrent_row(source)).side_by_side) {
      sent(sender) += walk_side_by_side(synapses, source, time, gradient);
      return;
    }
    for (std::uint32_t j = synapses.row_begin[source]; j < synapses.row_begin[source + 1]; ++j) {
      const double arrival = time + synapses.delay[j];
      const std::uint32_t target = synapses.target[j];
      const EventPropPlan::Neuron& n = plan_.neuron(target);
      if (n.integral) {
        if (arrival > plan_.options().duration) continue;
        gather(far_, {sender, j, target}, arrival, synapses.weight[j], {credit_.integral[target], 0.0, 0.0});
        if (far_.count == EventPropArrivals::most) flush(far_, gradient, sent);
      } else {
        const std::uint32_t record = record_after(target, arrival);
        if (record == none) continue;
        const double elapsed = tape_.records[record].time - arrival;
        // An arrival that cuts the rise of V short: its time is the probe's.
        const bool cuts = record >= tape_.spikes && elapsed == 0.0;
        gather(near_, {sender, j, target}, elapsed,
               cuts ? -tape_.records[record].current : synapses.weight[j], w_.backward[record]);
        if (n.t_ref > 0.0) hold(near_, n, record, arrival);
        if (near_.count == EventPropArrivals::most) flush(near_, gradient, sent);
      }
    }
  }

  void look_ahead() {
    auto& a = w_.ahead;
    const std::size_t size = plan_.size();
    for (auto* column : {&a.lambda_V, &a.lambda_I, &a.rate_m, &a.rate_syn, &a.by_time}) column->resize(size);
    a.before.assign(size, never);
    a.time.assign(size, -never);
    a.latest.resize(size);
    for (std::uint32_t n = 0; n < size; ++n) {
      a.latest[n] = tape_.last[n] == none ? -never : tape_.records[tape_.last[n]].time;
      a.rate_m[n] = plan_.neuron(n).rate_m;
      a.rate_syn[n] = plan_.neuron(n).rate_syn;
    }
  }
  // To a neuron's first record at or after an arrival; there is one.
  void move_ahead(std::uint32_t neuron, double arrival) {
    auto& a = w_.ahead;
    const std::uint32_t at = record_after(neuron, arrival);
    const std::uint32_t previous = tape_.records[at].previous;
    a.before[neuron] = previous == none ? -never : tape_.records[previous].time;
    a.time[neuron] = tape_.records[at].time;
    a.lambda_V[neuron] = w_.backward[at].lambda_V;
    a.lambda_I[neuron] = w_.backward[at].lambda_I;
  }
  // A row of neurons that stand side by side: shares of all, zero after a neuron's last record. Returns the
  // sum of dL/dt.
  double walk_side_by_side(const EventPropSynapses& synapses, std::uint32_t source, double time,
                           EventPropGradient::Synapses& gradient) {
    const std::uint32_t begin = synapses.row_begin[source];
    const std::uint32_t count = synapses.row_begin[source + 1] - begin;
    const std::uint32_t first = synapses.target[begin];
    const double* delay = synapses.delay.data() + begin;
    const double* weight = synapses.weight.data() + begin;
    auto& a = w_.ahead;
    const double* before = a.before.data() + first;
    const double* at = a.time.data() + first;
    const double* latest = a.latest.data() + first;
    for_each_where(
        count,
        [=](std::size_t k) {
          const double arrival = time + delay[k];
          return (arrival <= latest[k]) & !((arrival <= at[k]) & (arrival > before[k]));
        },
        [&](std::size_t k) { move_ahead(first + static_cast<std::uint32_t>(k), time + delay[k]); });
    const double* lambda_V = a.lambda_V.data() + first;
    const double* lambda_I = a.lambda_I.data() + first;
    const double* rate_m = a.rate_m.data() + first;
    const double* rate_syn = a.rate_syn.data() + first;
    double* by_weight = gradient.weight.data() + begin;
    double* by_delay = gradient.delay.data() + begin;
    double* by_tau_m = g_.tau_m.data() + first;
    double* by_tau_syn = g_.tau_syn.data() + first;
    double* by_time = a.by_time.data();
#pragma GCC ivdep
    for (std::uint32_t k = 0; k < count; ++k) {
      const double arrival = time + delay[k];
      const bool counts = arrival <= latest[k];
      const double elapsed = counts ? at[k] - arrival : 0.0;
      const EventPropShare s = event_prop_share({rate_m[k], rate_syn[k], elapsed, weight[k],
                                                 counts ? lambda_V[k] : 0.0, counts ? lambda_I[k] : 0.0},
                                                event_prop_sloped_response(rate_m[k], rate_syn[k], elapsed));
      by_weight[k] += s.weight;
      by_delay[k] += s.time;
      by_tau_m[k] += s.tau_m;
      by_tau_syn[k] += s.tau_syn;
      by_time[k] = s.time;
    }
    double sum = 0.0;
    for (std::uint32_t k = 0; k < count; ++k) sum += by_time[k];
    return sum;
  }

  // A neuron's first record at or after an arrival. Arrivals are looked at almost in order, last first.
  std::uint32_t record_after(std::uint32_t neuron, double arrival) {
    std::uint32_t& at = w_.cursor[neuron];
    if (at == none) return none;
    while (tape_.records[at].time < arrival) {
      if (tape_.records[at].next == none) return none;
      at = tape_.records[at].next;
    }
    for (;;) {
      const std::uint32_t previous = tape_.records[at].previous;
      if (previous == none || tape_.records[previous].time < arrival) return at;
      at = previous;
    }
  }

  struct Place {
    std::uint32_t sender;
    std::uint32_t synapse;
    std::uint32_t target;
  };
  void gather(EventPropArrivals& a, Place place, double time, double weight,
              const EventPropWorkspace::Backward& adjoint) const {
    const std::uint32_t i = a.count++;
    const EventPropPlan::Neuron& n = plan_.neuron(place.target);
    a.sender[i] = place.sender;
    a.synapse[i] = place.synapse;
    a.target[i] = place.target;
    a.rate_m[i] = n.rate_m;
    a.rate_syn[i] = n.rate_syn;
    a.time[i] = time;
    a.weight[i] = weight;
    a.lambda_V[i] = adjoint.lambda_V;
    a.lambda_I[i] = adjoint.lambda_I;
    a.held[i] = 0.0;
    a.faded[i] = 1.0;
  }
  // The arrival gathered last may have come while V was held after the record before.
  [[gnu::noinline]] void hold(EventPropArrivals& a, const EventPropPlan::Neuron& n, std::uint32_t record,
                              double arrival) const {
    const std::uint32_t previous = tape_.records[record].previous;
    if (previous == none) return;
    const double left = tape_.records[previous].time + n.t_ref - arrival;
    if (!(left > 0.0)) return;
    const std::uint32_t i = a.count - 1;
    a.held[i] = left;
    a.faded[i] = exponential(-left * n.rate_syn).exp;
    a.weight[i] *= a.faded[i];
    a.time[i] = std::max(0.0, a.time[i] - left);
  }
  template <class Sent>
  void flush(EventPropArrivals& a, EventPropGradient::Synapses& gradient, const Sent& sent) {
    if (&a == &near_) {
      a.share();
    } else {
      a.share_integrals(decay_rate_, plan_.options().duration);
    }
    for (std::uint32_t i = 0; i < a.count; ++i) {
      gradient.weight[a.synapse[i]] += a.by_weight[i];
      gradient.delay[a.synapse[i]] += a.by_time[i];
      sent(a.sender[i]) += a.by_time[i];
      g_.tau_m[a.target[i]] += a.by_tau_m[i];
      g_.tau_syn[a.target[i]] += a.by_tau_syn[i];
    }
    a.count = 0;
  }

  // From where each record of a slice lets go of V to the neuron's next one.
  void respond(std::uint32_t begin, std::uint32_t end) {
    const std::size_t count = end - begin;
    for (auto* column :
         {&w_.elapsed, &w_.rate_m, &w_.rate_syn, &w_.membrane, &w_.synapse, &w_.current, &w_.slope})
      column->resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Record& record = tape_.records[begin + i];
      const EventPropPlan::Neuron& n = plan_.neuron(record.neuron);
      w_.elapsed[i] =
          record.next == none ? 0.0 : std::max(0.0, tape_.records[record.next].time - record.time - n.t_ref);
      w_.rate_m[i] = n.rate_m;
      w_.rate_syn[i] = n.rate_syn;
    }
    event_prop_sloped_responses({w_.rate_m.data(), w_.rate_syn.data(), w_.elapsed.data()},
                                {w_.membrane.data(), w_.synapse.data(), w_.current.data(), w_.slope.data()},
                                count);
  }

  // The adjoints just before a record, from those just before the neuron's next one.
  void solve(std::uint32_t k, std::size_t i) {
    const Record& record = tape_.records[k];
    const EventPropPlan::Neuron& n = plan_.neuron(record.neuron);
    EventPropWorkspace::Backward& here = w_.backward[k];
    double lambda_V = 0.0;  // where V is let go
    if (record.next != none) {
      const EventPropWorkspace::Backward& next = w_.backward[record.next];
      EventPropSlopedResponse r;
      r.membrane = w_.membrane[i];
      r.synapse = w_.synapse[i];
      r.current = w_.current[i];
      r.slope = w_.slope[i];
      // The current goes on through the reset like an arrival of its size.
      const double left = record.current * n.faded;
      const EventPropShare s = event_prop_held_share(
          event_prop_share({n.rate_m, n.rate_syn, w_.elapsed[i], left, next.lambda_V, next.lambda_I}, r),
          {n.rate_syn, left, n.t_ref, n.faded});
      lambda_V = next.lambda_V * r.membrane;
      here.lambda_I = -s.weight * n.rate_syn;
      g_.tau_m[record.neuron] += s.tau_m;
      g_.tau_syn[record.neuron] += s.tau_syn;
    }
    if (k < tape_.spikes) {
      double denominator = record.current - n.threshold;
      if (denominator < n.smallest_denominator) {
        denominator = n.smallest_denominator;
        ++g_.clipped;
      }
      const double by_release = lambda_V * record.restart;
      g_.t_ref[record.neuron] += by_release;
      here.lambda_V = (by_release + here.by_time + credit_.time[k]) / denominator;
    }
    here.lambda_V -= n.rate_m * credit_.potential[k];
    if (n.threshold < never) g_.threshold[record.neuron] += here.lambda_V / n.rate_m;
  }

  const EventPropPlan& plan_;
  const EventPropCredit& credit_;
  EventPropWorkspace& w_;
  EventPropGradient& g_;
  const EventPropTape& tape_;
  double decay_rate_;
  EventPropArrivals near_;  // at neurons with records
  EventPropArrivals far_;   // at readouts whose integral is wanted
};

}  // namespace

void event_prop_backward(const EventPropPlan& plan, const EventPropCredit& credit,
                         EventPropWorkspace& workspace, EventPropGradient& gradient) {
  BackwardPass(plan, credit, workspace, gradient).run();
}

}  // namespace flurry
