// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/learning/evaluation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/step_response.hpp"
#include "models/learning/surrogate_forward.hpp"
#include "tools/cli/progress_bar.hpp"

namespace flurry {
namespace {

using Decision = LearnedNetwork::Decision;

/// A class, and from when on (ms) it was the answer.
struct Decided {
  std::uint32_t answer = no_answer;
  std::optional<double> since;
};

Decided first_to_spike(const SpikeTrain& outputs) {
  if (outputs.empty()) return {};
  return {outputs.front().neuron, outputs.front().time};
}

std::uint32_t largest(const std::vector<double>& scores) {
  return static_cast<std::uint32_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

/// Reads a readout off the spikes of the layer before it.
class ReadoutReader {
 public:
  ReadoutReader(const LearnedNetwork& network, bool on_grid)
      : network_(network), layer_(network.layers.back()), on_grid_(on_grid) {
    if (on_grid) {
      readout_ = LeakyReadout<double>(senders(), layer_.size);
      for (std::uint32_t k = 0; k < layer_.size; ++k) {
        const StepResponse r = StepResponse::of(layer_.tau_m[k], layer_.tau_syn[k], network.resolution);
        readout_.alpha[k] = r.alpha;
        readout_.beta[k] = r.beta;
        readout_.gain[k] = r.gain;
        for (std::uint32_t j = 0; j < senders(); ++j)
          readout_.w[j * readout_.stride + k] = layer_.w_in[j * layer_.size + k];
      }
      return;
    }
    std::vector<EventPropSynapse> synapses;
    for (std::uint32_t j = 0; j < senders(); ++j)
      for (std::uint32_t k = 0; k < layer_.size; ++k) {
        const std::size_t i = j * layer_.size + k;
        synapses.push_back(
            {j, k, layer_.w_in[i], layer_.delay_in.empty() ? network.delay : layer_.delay_in[i]});
      }
    exact_.input = EventPropSynapses::rows(senders(), synapses);
    exact_.recurrent = EventPropSynapses::rows(layer_.size, {});
    exact_.tau_m = layer_.tau_m;
    exact_.tau_syn = layer_.tau_syn;
    exact_.threshold.assign(layer_.size, never);
    EventPropOptions options;
    options.duration = network.duration;
    options.readout.kind = network.decision == Decision::sum_over_time ? EventPropReadout::Kind::integral
                                                                       : EventPropReadout::Kind::maximum;
    plan_.emplace(exact_, options);
  }
  ReadoutReader(const ReadoutReader&) = delete;
  ReadoutReader& operator=(const ReadoutReader&) = delete;
  ~ReadoutReader() = default;

  [[nodiscard]] Decided read(const SpikeTrain& spikes) const {
    if (on_grid_) return read_on_grid(spikes);
    std::vector<double> scores;
    if (network_.decision == Decision::last) {
      scores = last_potentials(spikes);
    } else {
      EventPropWorkspace workspace;
      event_prop_forward(*plan_, spikes, workspace);
      for (std::uint32_t k = 0; k < layer_.size; ++k) scores.push_back(workspace.tape.readout(k));
    }
    return {largest(scores), std::nullopt};
  }

 private:
  [[nodiscard]] std::uint32_t senders() const { return network_.senders(network_.layers.size() - 1); }

  [[nodiscard]] std::vector<double> last_potentials(const SpikeTrain& spikes) const {
    std::vector<double> V(layer_.size, 0.0);
    for (const Spike& spike : spikes)
      for (std::uint32_t k = 0; k < layer_.size; ++k) {
        const std::size_t i = spike.neuron * layer_.size + k;
        const double elapsed =
            network_.duration - spike.time - (layer_.delay_in.empty() ? network_.delay : layer_.delay_in[i]);
        if (elapsed > 0.0)
          V[k] += layer_.w_in[i] * StepResponse::of(layer_.tau_m[k], layer_.tau_syn[k], elapsed).gain;
      }
    return V;
  }

  [[nodiscard]] Decided read_on_grid(const SpikeTrain& spikes) const {
    SpikeInput input;
    for (const Spike& spike : spikes) {
      input.times.push_back(spike.time);
      input.channels.push_back(spike.neuron);
    }
    SpikeRaster raster;
    put_on_grid(input, network_, raster);
    ReadoutTape<double> tape;
    forward(readout_, raster, tape);
    std::vector<double> scores(layer_.size, network_.decision == Decision::max_over_time ? -never : 0.0);
    Decided decided;
    for (std::size_t t = 0; t < raster.steps(); ++t) {
      for (std::uint32_t k = 0; k < layer_.size; ++k) {
        const double V = tape.V[t * readout_.stride + k];
        if (network_.decision == Decision::max_over_time)
          scores[k] = std::max(scores[k], V);
        else if (network_.decision == Decision::sum_over_time)
          scores[k] += V;
        else
          scores[k] = V;
      }
      const std::uint32_t answer = largest(scores);
      if (answer != decided.answer) decided = {answer, static_cast<double>(t) * network_.resolution};
    }
    return decided;
  }

  const LearnedNetwork& network_;
  const LearnedLayer& layer_;
  bool on_grid_;
  LeakyReadout<double> readout_;
  EventPropNetwork exact_;
  std::optional<EventPropPlan> plan_;
};

/// Adds counts of the same network.
void add(const ActivityCounts& from, ActivityCounts& to) {
  if (to.populations.empty()) {
    to = from;
    return;
  }
  to.duration += from.duration;
  to.windows += from.windows;
  to.state_bytes += from.state_bytes;
  for (std::size_t i = 0; i < from.populations.size(); ++i)
    static_cast<Tally&>(to.populations[i]) += from.populations[i];
  for (std::size_t i = 0; i < from.projections.size(); ++i) {
    to.projections[i].arrivals += from.projections[i].arrivals;
    to.projections[i].in_flight += from.projections[i].in_flight;
  }
}

/// One way of running samples.
class Way {
 public:
  Way(const LearnedNetwork& network, bool on_grid) : runner_(network, on_grid) {
    if (network.decision != Decision::first_spike) reader_.emplace(network, on_grid);
  }
  [[nodiscard]] Decided run(const SpikeInput& input, EngineSample& sample) const {
    sample = runner_.run(input);
    if (sample.ran_away) return {};
    if (!reader_) return first_to_spike(sample.spikes.back());
    return reader_->read(sample.spikes[sample.spikes.size() - 2]);
  }

 private:
  EngineRunner runner_;
  std::optional<ReadoutReader> reader_;
};

/// The largest distance between the spikes of two runs; nothing where they are not as many, or of others.
std::optional<double> distance(std::vector<SpikeTrain> a, std::vector<SpikeTrain> b) {
  double largest_distance = 0.0;
  const auto by_neuron = [](const Spike& x, const Spike& y) {
    return x.neuron != y.neuron ? x.neuron < y.neuron : x.time < y.time;
  };
  for (std::size_t l = 0; l < a.size(); ++l) {
    if (a[l].size() != b[l].size()) return std::nullopt;
    std::sort(a[l].begin(), a[l].end(), by_neuron);
    std::sort(b[l].begin(), b[l].end(), by_neuron);
    for (std::size_t i = 0; i < a[l].size(); ++i) {
      if (a[l][i].neuron != b[l][i].neuron) return std::nullopt;
      largest_distance = std::max(largest_distance, std::abs(a[l][i].time - b[l][i].time));
    }
  }
  return largest_distance;
}

constexpr double same_time = 1e-9;  // ms

/// What all samples came to, run one way and compared with the trainer where it runs that way too.
class Survey {
 public:
  Survey(const LearnedNetwork& network, bool on_grid, const Learner* trainer)
      : way_(network, on_grid), trainer_(trainer), duration_(network.duration) {
    const std::size_t classes = network.classes.size();
    answers_.confusion.assign(classes, std::vector<std::uint64_t>(classes));
    answers_.how = on_grid ? fmt::format("grid of {:g} ms", network.resolution) : "exact time";
  }

  void run(const LabelledSpikes& samples, double stretch, Executor& executor, ProgressBar& bar) {
    std::vector<std::unique_ptr<Part>> parts(executor.lanes());
    decided_since_.assign(samples.size(), -1.0);
    std::mutex reporting;
    std::size_t done = 0;
    executor.for_each(samples.size(), [&](std::size_t i, std::size_t lane) {
      if (parts[lane] == nullptr) parts[lane] = std::make_unique<Part>(answers_);
      one(samples, i, stretch, *parts[lane]);
      const std::scoped_lock lock(reporting);
      bar.update(static_cast<double>(++done) / static_cast<double>(samples.size()), answers_.how);
    });
    for (const auto& part : parts)
      if (part != nullptr) join(*part);
    // Whichever lane a sample was run in: sums of fractions go by sample.
    for (const double since : decided_since_) {
      if (since < 0.0) continue;
      ++answers_.decided;
      answers_.decision_times += since;
    }
    counts_.duration = duration_ * static_cast<double>(samples.size());
  }

  Answers answers_;
  ActivityCounts counts_;
  std::uint64_t same_ = 0;
  double largest_difference_ = 0.0;

 private:
  struct Part {
    explicit Part(Answers none) : answers(std::move(none)) {}
    SpikeInput input;
    Answers answers;
    ActivityCounts counts;
    std::uint64_t same = 0;
    double largest_difference = 0.0;
  };

  void one(const LabelledSpikes& samples, std::size_t i, double stretch, Part& part) {
    samples.copy(i, part.input);
    for (double& time : part.input.times) time *= stretch;
    EngineSample sample;
    const Decided decided = way_.run(part.input, sample);
    add(sample.counts, part.counts);
    part.answers.ran_away += sample.ran_away ? 1 : 0;
    if (decided.answer == no_answer) {
      part.answers.undecided += sample.ran_away ? 0 : 1;
    } else {
      part.answers.correct += decided.answer == part.input.label ? 1 : 0;
      ++part.answers.confusion[part.input.label][decided.answer];
      if (decided.since) decided_since_[i] = *decided.since;
    }
    if (trainer_ == nullptr) return;
    const std::optional<double> apart = distance(trainer_->spikes(part.input), std::move(sample.spikes));
    if (!apart || *apart > same_time) return;
    ++part.same;
    part.largest_difference = std::max(part.largest_difference, *apart);
  }

  void join(const Part& part) {
    answers_.correct += part.answers.correct;
    answers_.undecided += part.answers.undecided;
    answers_.ran_away += part.answers.ran_away;
    for (std::size_t a = 0; a < answers_.confusion.size(); ++a)
      for (std::size_t b = 0; b < answers_.confusion.size(); ++b)
        answers_.confusion[a][b] += part.answers.confusion[a][b];
    if (!part.counts.populations.empty()) add(part.counts, counts_);
    same_ += part.same;
    largest_difference_ = std::max(largest_difference_, part.largest_difference);
  }

  Way way_;
  const Learner* trainer_;
  double duration_;                    // ms, of a sample
  std::vector<double> decided_since_;  // ms, per sample; below 0: not known
};

}  // namespace

Evaluation evaluate(const LearningTask& task, LearnedNetwork network, const LabelledSpikes& samples,
                    double stretch, Executor& executor, bool progress) {
  if (samples.size() == 0) throw UsageError("there is no sample to evaluate");
  network.duration *= std::max(1.0, stretch);
  const std::unique_ptr<Learner> trainer = make_learner(task, network);
  ProgressBar bar("evaluating", progress);
  Evaluation evaluation;
  evaluation.samples = samples.size();
  evaluation.classes = network.classes;
  const auto started = std::chrono::steady_clock::now();
  for (const bool on_grid : {true, false}) {
    if (on_grid && !network.on_grid()) continue;
    const bool first = evaluation.answers.empty();
    Survey survey(network, on_grid, first ? trainer.get() : nullptr);
    survey.run(samples, stretch, executor, bar);
    evaluation.answers.push_back(survey.answers_);
    if (!first) continue;
    evaluation.counts = survey.counts_;
    evaluation.same_spikes = survey.same_;
    evaluation.largest_difference = survey.largest_difference_;
    evaluation.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }
  return evaluation;
}

}  // namespace flurry
