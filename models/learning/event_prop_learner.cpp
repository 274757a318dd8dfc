// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/event_prop_learner.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "core/base/error.hpp"
#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/event_prop_rate_bounds.hpp"
#include "models/learning/event_prop_readout_loss.hpp"
#include "models/learning/learner_chunks.hpp"

namespace flurry {
namespace {

using Decision = LearnedNetwork::Decision;

class EventPropLearner final : public Learner {
 public:
  EventPropLearner(LearnedNetwork network, const std::vector<LayerTraining>& training,
                   const TrainingScales& scales, const EventPropLearning& options)
      : Learner(std::move(network), training, scales), options_(options) {
    first_.push_back(0);
    for (const LearnedLayer& layer : network_.layers) first_.push_back(first_.back() + layer.size);
    outputs_.resize(network_.layers.back().size);
    std::iota(outputs_.begin(), outputs_.end(), first_[network_.layers.size() - 1]);
    make_rows();
    for (const LearnedLayer& layer : network_.layers)
      for (std::uint32_t n = 0; n < layer.size; ++n)
        if (layer.spiking && layer.t_ref[n] > 0.0) {
          net_.t_ref.resize(network_.neurons());
          net_.t_ref[first_[static_cast<std::size_t>(&layer - network_.layers.data())] + n] = layer.t_ref[n];
        }
    refresh();
  }

  void refresh() override {
    const std::vector<double>& values = parameters().values;
    for (Synapses& s : synapses_)
      for (std::size_t i = 0; i < s.count; ++i) {
        s.rows->weight[s.place[i]] = values[s.weights + i];
        s.rows->delay[s.place[i]] =
            s.delays == LayerParameters::no_such ? network_.delay : values[s.delays + i];
      }
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const LearnedLayer& layer = network_.layers[l];
      const LayerLists<std::size_t>& begin = parameters_.begin(l);
      for (std::uint32_t n = 0; n < layer.size; ++n) {
        net_.tau_m[first_[l] + n] = values[begin.tau_m + n];
        net_.tau_syn[first_[l] + n] = values[begin.tau_syn + n];
        net_.threshold[first_[l] + n] =
            layer.spiking ? values[begin.threshold + n] : std::numeric_limits<double>::infinity();
      }
    }
    plan_.emplace(net_, plan_options());
  }

  PassTotals pass(const SampleBatch& batch, Executor& executor, std::vector<double>* gradient,
                  std::span<std::uint32_t> answers) override {
    chunks_.run(
        batch, executor, answers,
        [&](Sum& sum) {
          sum.totals = PassTotals{};
          sum.totals.spikes.assign(network_.neurons(), 0);
          if (gradient != nullptr) sum.gradient.clear(net_);
        },
        [&](const SpikeInput& input, Room& room, Sum& sum) {
          return run(input, room, sum, gradient != nullptr);
        });
    PassTotals totals;
    for (const auto& sum : chunks_.sums()) totals.add(sum->totals);
    if (gradient != nullptr) collect(*gradient);
    return totals;
  }

  std::vector<SpikeTrain> spikes(const SpikeInput& input) const override {
    Room room;
    listen(input, room);
    std::vector<SpikeTrain> result(network_.layers.size());
    const EventPropTape& tape = room.workspace.tape;
    for (std::uint32_t r = 0; r < tape.spikes; ++r) {
      const EventPropTape::Record& record = tape.records[r];
      const auto next = std::upper_bound(first_.begin(), first_.end(), record.neuron);
      const auto l = static_cast<std::size_t>(next - first_.begin()) - 1;
      result[l].push_back({record.time, record.neuron - first_[l]});
    }
    for (SpikeTrain& train : result) std::sort(train.begin(), train.end());
    return result;
  }

 private:
  struct Room {
    std::vector<Spike> input;
    EventPropWorkspace workspace;
    EventPropCredit credit;
  };
  struct Sum {
    PassTotals totals;
    EventPropGradient gradient;
  };
  /// One block of synapses in the order of LearnedLayer, and where each stands in its rows.
  struct Synapses {
    EventPropSynapses* rows = nullptr;
    bool from_input = false;
    std::size_t weights = 0;  // in parameters().values
    std::size_t delays = 0;
    std::size_t count = 0;
    std::vector<std::uint32_t> place;
  };

  [[nodiscard]] EventPropOptions plan_options() const {
    EventPropOptions options;
    options.duration = network_.duration;
    options.smallest_slope = options_.smallest_slope;
    options.readout.kind = network_.decision == Decision::sum_over_time ? EventPropReadout::Kind::integral
                                                                        : EventPropReadout::Kind::maximum;
    if (by_first_spike()) options.watched = outputs_;
    if (options_.rates.below > 0.0)
      for (std::uint32_t n = 0; n < outputs_.front(); ++n) options.watched.push_back(n);
    return options;
  }
  [[nodiscard]] bool by_first_spike() const { return network_.decision == Decision::first_spike; }

  /// Blocks of the layers' synapses and the rows of all neurons together.
  void make_rows() {
    std::vector<EventPropSynapse> input;
    std::vector<EventPropSynapse> recurrent;
    for (std::size_t l = 0; l < network_.layers.size(); ++l) {
      const LearnedLayer& layer = network_.layers[l];
      const LayerLists<std::size_t>& begin = parameters_.begin(l);
      std::vector<EventPropSynapse>& list = l == 0 ? input : recurrent;
      add_block(l, network_.senders(l), l == 0 ? 0 : first_[l - 1], list);
      synapses_.push_back({nullptr, l == 0, begin.w_in, begin.delay_in, layer.w_in.size(), {}});
      if (!layer.recurrent()) continue;
      add_block(l, layer.size, first_[l], recurrent);
      synapses_.push_back({nullptr, false, begin.w_rec, begin.delay_rec, layer.w_rec.size(), {}});
    }
    net_.input = EventPropSynapses::rows(network_.inputs, input);
    net_.recurrent = EventPropSynapses::rows(network_.neurons(), recurrent);
    // Rows keep the order of the list: a synapse's place is the row's beginning and how many came before.
    std::vector<std::uint32_t> next_input = net_.input.row_begin;
    std::vector<std::uint32_t> next_recurrent = net_.recurrent.row_begin;
    std::size_t from_input = 0;
    std::size_t from_neurons = 0;
    for (Synapses& s : synapses_) {
      s.rows = s.from_input ? &net_.input : &net_.recurrent;
      for (std::size_t i = 0; i < s.count; ++i)
        s.place.push_back(s.from_input ? next_input[input[from_input++].source]++
                                       : next_recurrent[recurrent[from_neurons++].source]++);
    }
    for (std::vector<double>* list : {&net_.tau_m, &net_.tau_syn, &net_.threshold})
      list->resize(network_.neurons());
  }
  void add_block(std::size_t l, std::uint32_t sources, std::uint32_t first_source,
                 std::vector<EventPropSynapse>& list) const {
    for (std::uint32_t from = 0; from < sources; ++from)
      for (std::uint32_t to = 0; to < network_.layers[l].size; ++to)
        list.push_back({first_source + from, first_[l] + to, 0.0, network_.delay});
  }

  void listen(const SpikeInput& input, Room& room) const {
    room.input.clear();
    for (std::size_t i = 0; i < input.times.size(); ++i)
      room.input.push_back({std::max(0.0, input.times[i]), input.channels[i]});
    event_prop_forward(*plan_, room.input, room.workspace);
  }

  std::uint32_t run(const SpikeInput& input, Room& room, Sum& sum, bool with_gradient) const {
    listen(input, room);
    const EventPropTape& tape = room.workspace.tape;
    room.credit.clear(tape);
    PassTotals& totals = sum.totals;
    const std::uint32_t answer = answer_of(tape);
    if (by_first_spike())
      totals.loss += options_.first_spike.add(*plan_, tape, outputs_, input.label, room.credit);
    else
      totals.loss += event_prop_readout_loss(tape, outputs_, input.label, scale(), room.credit);
    ++totals.samples;
    totals.correct += answer == input.label ? 1 : 0;
    totals.undecided += answer == no_answer ? 1 : 0;
    totals.input_spikes += tape.input.size();
    for (std::size_t n = 0; n < tape.count.size(); ++n) totals.spikes[n] += tape.count[n];
    bound_rates(room, totals);
    if (with_gradient) {
      const std::uint64_t clipped = sum.gradient.clipped;
      event_prop_backward(*plan_, room.credit, room.workspace, sum.gradient);
      totals.clipped += sum.gradient.clipped - clipped;
    }
    return answer;
  }

  [[nodiscard]] double scale() const {
    return options_.score_scale / (network_.decision == Decision::sum_over_time ? network_.duration : 1.0);
  }

  [[nodiscard]] std::uint32_t answer_of(const EventPropTape& tape) const {
    if (by_first_spike()) return event_prop_first_to_spike(tape, outputs_);
    std::uint32_t best = 0;
    for (std::uint32_t k = 1; k < outputs_.size(); ++k)
      if (tape.readout(outputs_[k]) > tape.readout(outputs_[best])) best = k;
    return best;
  }

  void bound_rates(Room& room, PassTotals& totals) const {
    const RateBounds& rates = options_.rates;
    if (!rates.any()) return;
    for (std::size_t l = 0; l + 1 < network_.layers.size(); ++l) {
      const double share = 1.0 / network_.layers[l].size;
      const EventPropRateBounds bounds{rates.lower, rates.upper, share * rates.below, share * rates.above};
      for (std::uint32_t n = first_[l]; n < first_[l + 1]; ++n)
        totals.penalty += bounds.add(room.workspace.tape, n, room.credit);
    }
  }

  void collect(std::vector<double>& gradient) const {
    gradient.assign(parameters().values.size(), 0.0);
    for (const auto& sum : chunks_.sums()) {
      const EventPropGradient& from = sum->gradient;
      for (const Synapses& s : synapses_) {
        const EventPropGradient::Synapses& part = s.from_input ? from.input : from.recurrent;
        for (std::size_t i = 0; i < s.count; ++i) gradient[s.weights + i] += part.weight[s.place[i]];
        if (s.delays == LayerParameters::no_such) continue;
        for (std::size_t i = 0; i < s.count; ++i) gradient[s.delays + i] += part.delay[s.place[i]];
      }
      for (std::size_t l = 0; l < network_.layers.size(); ++l) {
        const LayerLists<std::size_t>& begin = parameters_.begin(l);
        for (std::uint32_t n = 0; n < network_.layers[l].size; ++n) {
          gradient[begin.tau_m + n] += from.tau_m[first_[l] + n];
          gradient[begin.tau_syn + n] += from.tau_syn[first_[l] + n];
          if (begin.threshold != LayerParameters::no_such)
            gradient[begin.threshold + n] += from.threshold[first_[l] + n];
        }
      }
    }
  }

  EventPropLearning options_;
  std::vector<std::uint32_t> first_;  // of each layer, and the end
  std::vector<std::uint32_t> outputs_;
  EventPropNetwork net_;
  std::optional<EventPropPlan> plan_;
  std::vector<Synapses> synapses_;
  LearnerChunks<Room, Sum> chunks_;
};

}  // namespace

std::unique_ptr<Learner> event_prop_learner(LearnedNetwork network,
                                            const std::vector<LayerTraining>& training,
                                            const TrainingScales& scales, const EventPropLearning& options) {
  network.check();
  if (network.on_grid()) throw UsageError("EventProp works in exact time; leave the resolution out");
  const bool spiking = network.layers.back().spiking;
  if (spiking != (network.decision == Decision::first_spike))
    throw UsageError("the first spike decides exactly where the last layer spikes");
  if (network.decision == Decision::last)
    throw UsageError("EventProp reads the mean or the largest potential of readouts, not the last");
  for (const LearnedLayer& layer : network.layers) {
    if (std::ranges::any_of(layer.reset, [](double V) { return V != 0.0; }))
      throw UsageError("layer '" + layer.name + "': EventProp resets to 0");
  }
  return std::make_unique<EventPropLearner>(std::move(network), training, scales, options);
}

}  // namespace flurry
