// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/surrogate_learner.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/time_unit.hpp"
#include "models/learning/learner_chunks.hpp"
#include "models/learning/step_response.hpp"
#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_forward.hpp"

namespace flurry {
namespace {

using Decision = LearnedNetwork::Decision;

std::size_t steps_of(const LearnedNetwork& network) {
  return static_cast<std::size_t>(std::floor(network.duration / network.resolution + 1e-6)) + 1;
}

ReadoutScore score_of(Decision decision) {
  if (decision == Decision::sum_over_time) return ReadoutScore::sum_over_time;
  return decision == Decision::last ? ReadoutScore::last : ReadoutScore::max_over_time;
}

template <class Real>
class SurrogateLearner final : public Learner {
 public:
  SurrogateLearner(LearnedNetwork network, const std::vector<LayerTraining>& training,
                   const TrainingScales& scales, const SurrogateOptions& options)
      : Learner(std::move(network), training, scales), options_(options) {
    for (std::size_t l = 0; l + 1 < network_.layers.size(); ++l) {
      const LearnedLayer& from = network_.layers[l];
      SurrogateLayer<Real>& layer = layers_.emplace_back(network_.senders(l), from.size, from.recurrent());
      layer.rule = from.rule;
      layer.integrator = network_.integrator;
      for (std::uint32_t n = 0; n < from.size; ++n) {
        layer.reset[n] = from.reset[n];
        layer.refractory[n] = static_cast<std::uint32_t>(std::lround(from.t_ref[n] / network_.resolution));
      }
    }
    readout_ = LeakyReadout<Real>(network_.senders(layers_.size()), network_.layers.back().size);
    readout_.integrator = network_.integrator;
    score_ = score_of(network_.decision);
    refresh();
  }

  void refresh() override {
    const double* values = parameters().values.data();
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      SurrogateLayer<Real>& layer = layers_[l];
      const LayerLists<std::size_t>& begin = parameters_.begin(l);
      set_rows(values + begin.w_in, layer.inputs, layer.neurons, layer.w_in);
      if (layer.recurrent()) set_rows(values + begin.w_rec, layer.neurons, layer.neurons, layer.w_rec);
      std::copy_n(values + begin.threshold, layer.neurons, layer.threshold.begin());
      set_constants(l, layer.neurons, layer);
    }
    set_rows(values + parameters_.begin(layers_.size()).w_in, readout_.inputs, readout_.classes, readout_.w);
    set_constants(layers_.size(), readout_.classes, readout_);
  }

  PassTotals pass(const SampleBatch& batch, Executor& executor, std::vector<double>* gradient,
                  std::span<std::uint32_t> answers) override {
    chunks_.run(
        batch, executor, answers, [&](Sum& sum) { prepare(sum, gradient != nullptr); },
        [&](const SpikeInput& input, Room& room, Sum& sum) {
          return run(input, room, sum, gradient != nullptr);
        });
    PassTotals totals;
    for (const auto& sum : chunks_.sums()) totals.add(sum->totals);
    if (gradient != nullptr) collect(*gradient, executor);
    return totals;
  }

  std::vector<SpikeTrain> spikes(const SpikeInput& input) const override {
    SpikeRaster raster;
    put_on_grid(input, network_, raster);
    const TimeUnit unit(network_.resolution);
    std::vector<SpikeTrain> result;
    for (const SurrogateLayer<Real>& layer : layers_) {
      SurrogateTape<Real> tape;
      forward(layer, raster, tape);
      SpikeTrain& train = result.emplace_back();
      for (std::size_t t = 0; t < tape.spikes.steps(); ++t)
        for (const std::uint32_t n : tape.spikes.at(t))
          train.push_back({unit.to_ms(static_cast<double>(t)), n});
      raster = tape.spikes;
    }
    result.emplace_back();  // the readout's
    return result;
  }

 protected:
  void make_runnable(LearnedNetwork& network) const override {
    for (LearnedLayer& layer : network.layers)
      for (std::vector<double>* weights : {&layer.w_in, &layer.w_rec})
        for (double& w : *weights) w = static_cast<double>(static_cast<Real>(w));
  }

 private:
  struct Room {
    SpikeRaster input;
    std::vector<SurrogateTape<Real>> tapes;
    ReadoutTape<Real> readout;
    BackwardRows<Real> rows;
    std::vector<Real> by_score, to_V, to_I, below;
    std::vector<std::vector<Real>> by_spike;  // per layer and neuron: what rate bounds say
    std::vector<std::uint32_t> counts;
  };
  struct Sum {
    PassTotals totals;
    std::vector<SurrogateGradient<Real>> layers;
    std::unique_ptr<ReadoutGradient<Real>> readout;
  };

  template <class Rows>
  static void set_rows(const double* from, std::size_t rows, std::size_t columns, Rows& to) {
    const std::size_t stride = padded(columns);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) to[r * stride + c] = static_cast<Real>(from[r * columns + c]);
  }

  [[nodiscard]] StepResponse response(std::size_t l, std::size_t n) const {
    const std::vector<double>& values = parameters().values;
    return StepResponse::of(values[parameters_.begin(l).tau_m + n], values[parameters_.begin(l).tau_syn + n],
                            network_.resolution);
  }
  [[nodiscard]] bool as_the_study() const { return network_.integrator == Integrator::perez_nieves_2021; }

  void set_constants(std::size_t l, std::size_t neurons, StepConstants& constants) const {
    for (std::size_t n = 0; n < neurons; ++n) {
      const StepResponse r = response(l, n);
      constants.alpha[n] = r.alpha;
      constants.beta[n] = r.beta;
      constants.gain[n] = as_the_study() ? 1.0 - r.beta : r.gain;
    }
  }

  void prepare(Sum& sum, bool with_gradient) const {
    sum.totals = PassTotals{};
    sum.totals.spikes.assign(network_.neurons(), 0);
    if (!with_gradient) return;
    const auto clear = [](auto& gradient) {
      for (std::vector<Real>* list : {&gradient.alpha, &gradient.beta, &gradient.gain})
        std::fill(list->begin(), list->end(), Real{0});
    };
    if (sum.readout == nullptr) {
      for (const SurrogateLayer<Real>& layer : layers_) sum.layers.emplace_back(layer);
      sum.readout = std::make_unique<ReadoutGradient<Real>>(readout_);
      return;
    }
    for (SurrogateGradient<Real>& layer : sum.layers) {
      clear(layer);
      for (std::vector<Real>* list : {&layer.w_in, &layer.w_rec, &layer.threshold})
        std::fill(list->begin(), list->end(), Real{0});
      layer.active = 0;
    }
    clear(*sum.readout);
    std::fill(sum.readout->w.begin(), sum.readout->w.end(), Real{0});
  }

  std::uint32_t run(const SpikeInput& input, Room& room, Sum& sum, bool with_gradient) const {
    put_on_grid(input, network_, room.input);
    room.tapes.resize(layers_.size());
    const SpikeRaster* spikes = &room.input;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      forward(layers_[l], *spikes, room.tapes[l]);
      spikes = &room.tapes[l].spikes;
    }
    forward(readout_, *spikes, room.readout);
    std::vector<Real> score = scores(readout_, room.readout, score_);
    const auto scale = static_cast<Real>(options_.score_scale / (score_ == ReadoutScore::sum_over_time
                                                                     ? static_cast<double>(room.input.steps())
                                                                     : 1.0));
    for (Real& value : score) value *= scale;
    const auto answer =
        static_cast<std::uint32_t>(std::max_element(score.begin(), score.end()) - score.begin());
    PassTotals& totals = sum.totals;
    ++totals.samples;
    totals.correct += answer == input.label ? 1 : 0;
    totals.loss += static_cast<double>(cross_entropy(score, input.label, room.by_score));
    totals.input_spikes += room.input.spikes();
    count(room, totals);
    if (with_gradient) {
      for (Real& value : room.by_score) value *= scale;
      learn(room, sum);
    }
    return answer;
  }

  /// Adds the spikes of every neuron, and what the rate bounds say of them.
  void count(Room& room, PassTotals& totals) const {
    std::size_t first = 0;
    room.by_spike.resize(layers_.size());
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const std::size_t neurons = layers_[l].neurons;
      const SpikeRaster& spikes = room.tapes[l].spikes;
      room.counts.assign(neurons, 0);
      for (std::size_t t = 0; t < spikes.steps(); ++t)
        for (const std::uint32_t n : spikes.at(t)) ++room.counts[n];
      room.by_spike[l].assign(options_.rates.any() ? neurons : 0, Real{0});
      const double share = 1.0 / static_cast<double>(neurons);
      for (std::size_t n = 0; n < neurons; ++n) {
        totals.spikes[first + n] += room.counts[n];
        if (!options_.rates.any()) continue;
        totals.penalty += share * options_.rates.loss(room.counts[n]);
        room.by_spike[l][n] = static_cast<Real>(share * options_.rates.slope(room.counts[n]));
      }
      first += neurons;
      totals.neuron_steps += neurons * spikes.steps();
    }
  }

  void learn(Room& room, Sum& sum) const {
    spread(readout_, room.readout, score_, room.by_score, room.to_V);
    const SpikeRaster& last = layers_.empty() ? room.input : room.tapes.back().spikes;
    backward<Real>({readout_, last, room.readout, room.to_V}, *sum.readout, room.rows, room.to_I);
    SpikeCredit<Real> credit{readout_.w.data(), room.to_I.data(), readout_.stride,
                             as_the_study() ? std::size_t{1} : std::size_t{0}};
    for (std::size_t l = layers_.size(); l-- > 0;) {
      credit.by_spike = room.by_spike[l].empty() ? nullptr : room.by_spike[l].data();
      const SpikeRaster& below = l == 0 ? room.input : room.tapes[l - 1].spikes;
      const std::uint64_t active = sum.layers[l].active;
      backward<Real>({layers_[l], below, room.tapes[l], credit, options_.derivative}, sum.layers[l],
                     room.rows, l == 0 ? nullptr : &room.below);
      sum.totals.active += sum.layers[l].active - active;
      std::swap(room.to_I, room.below);
      credit = {layers_[l].w_in.data(), room.to_I.data(), layers_[l].stride, 0};
    }
  }

  // Sums of all chunks, by parameters().values.
  void collect(std::vector<double>& gradient, Executor& executor) const {
    gradient.assign(parameters().values.size(), 0.0);
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      const SurrogateLayer<Real>& layer = layers_[l];
      const LayerLists<std::size_t>& begin = parameters_.begin(l);
      const auto of = [l](const Sum& sum) -> const SurrogateGradient<Real>& { return sum.layers[l]; };
      add_rows_of(&gradient[begin.w_in], {layer.inputs, layer.neurons}, executor,
                  [&](const Sum& sum) { return of(sum).w_in.data(); });
      if (layer.recurrent())
        add_rows_of(&gradient[begin.w_rec], {layer.neurons, layer.neurons}, executor,
                    [&](const Sum& sum) { return of(sum).w_rec.data(); });
      add_rows_of(&gradient[begin.threshold], {1, layer.neurons}, executor,
                  [&](const Sum& sum) { return of(sum).threshold.data(); });
      add_time_constants(gradient, l, layer.neurons, of);
    }
    const std::size_t last = layers_.size();
    add_rows_of(&gradient[parameters_.begin(last).w_in], {readout_.inputs, readout_.classes}, executor,
                [](const Sum& sum) { return sum.readout->w.data(); });
    add_time_constants(gradient, last, readout_.classes,
                       [](const Sum& sum) -> const ReadoutGradient<Real>& { return *sum.readout; });
  }

  struct Extent {
    std::size_t rows;
    std::size_t columns;
  };
  template <class Values>
  void add_rows_of(double* to, Extent extent, Executor& executor, const Values& values) const {
    constexpr std::size_t rows_together = 64;
    const std::size_t stride = padded(extent.columns);
    executor.for_each((extent.rows + rows_together - 1) / rows_together, [&](std::size_t piece, std::size_t) {
      const std::size_t end = std::min(extent.rows, (piece + 1) * rows_together);
      for (const auto& sum : chunks_.sums()) {
        const Real* from = values(*sum);
        for (std::size_t r = piece * rows_together; r < end; ++r)
          for (std::size_t c = 0; c < extent.columns; ++c)
            to[r * extent.columns + c] += static_cast<double>(from[r * stride + c]);
      }
    });
  }

  template <class Gradient>
  void add_time_constants(std::vector<double>& gradient, std::size_t l, std::size_t neurons,
                          const Gradient& of) const {
    const double dt = network_.resolution;
    const LayerLists<std::size_t>& begin = parameters_.begin(l);
    const std::vector<double>& values = parameters().values;
    for (std::size_t n = 0; n < neurons; ++n) {
      double alpha = 0.0;
      double beta = 0.0;
      double gain = 0.0;
      for (const auto& sum : chunks_.sums()) {
        alpha += static_cast<double>(of(*sum).alpha[n]);
        beta += static_cast<double>(of(*sum).beta[n]);
        gain += static_cast<double>(of(*sum).gain[n]);
      }
      if (as_the_study()) gain = 0.0;  // its gain is a constant to the gradient
      const StepResponse r = response(l, n);
      const double m = 1.0 / values[begin.tau_m + n];
      const double s = 1.0 / values[begin.tau_syn + n];
      gradient[begin.tau_m + n] += beta * r.beta * dt * m * m + gain * r.gain_by_tau_m;
      gradient[begin.tau_syn + n] += alpha * r.alpha * dt * s * s + gain * r.gain_by_tau_syn;
    }
  }

  SurrogateOptions options_;
  std::vector<SurrogateLayer<Real>> layers_;
  LeakyReadout<Real> readout_;
  ReadoutScore score_ = ReadoutScore::max_over_time;
  LearnerChunks<Room, Sum> chunks_;
};

}  // namespace

void put_on_grid(const SpikeInput& input, const LearnedNetwork& network, SpikeRaster& raster) {
  const TimeUnit unit(network.resolution);
  const std::size_t steps = steps_of(network);
  thread_local std::vector<std::uint32_t> step, begin, ids;
  step.resize(input.times.size());
  begin.assign(steps + 1, 0);
  for (std::size_t i = 0; i < input.times.size(); ++i) {
    const double at = std::max(0.0, unit.from_ms(input.times[i]));
    step[i] =
        at < static_cast<double>(steps) ? static_cast<std::uint32_t>(at) : static_cast<std::uint32_t>(steps);
    if (step[i] < steps) ++begin[step[i] + 1];
  }
  for (std::size_t t = 0; t < steps; ++t) begin[t + 1] += begin[t];
  ids.resize(begin[steps]);
  for (std::size_t i = 0; i < step.size(); ++i)
    if (step[i] < steps) ids[begin[step[i]]++] = input.channels[i];
  raster.clear();
  std::size_t next = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    for (; next < begin[t]; ++next) raster.add(ids[next]);
    raster.end_step();
  }
}

std::unique_ptr<Learner> surrogate_learner(LearnedNetwork network, const std::vector<LayerTraining>& training,
                                           const TrainingScales& scales, const SurrogateOptions& options) {
  network.check();
  if (!network.on_grid())
    throw UsageError(
        "surrogate gradients need a grid: give the network a resolution, or train it by EventProp");
  if (network.layers.back().spiking)
    throw UsageError("surrogate gradients need a readout that does not spike as the last layer");
  for (const LearnedLayer& layer : network.layers)
    if (!layer.delay_in.empty() || !layer.delay_rec.empty())
      throw UsageError("layer '" + layer.name +
                       "': on a grid every delay is one step; individual delays are trained by EventProp");
  if (options.in_double)
    return std::make_unique<SurrogateLearner<double>>(std::move(network), training, scales, options);
  return std::make_unique<SurrogateLearner<float>>(std::move(network), training, scales, options);
}

}  // namespace flurry
