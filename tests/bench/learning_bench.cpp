// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Forward and backward passes, timed: see README.md beside this file for what is measured and what it gave.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/base/random.hpp"
#include "models/learning/readout_loss.hpp"
#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_forward.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry::bench {
namespace {

struct Workload {
  std::size_t inputs, neurons, classes, steps, input_spikes;
  double weight;  // of an input, at most
  bool recurrent;
};

/// Weights, time constants (gamma of shape 3 about 20 and 10 ms) and input drawn once.
template <class Real>
struct Sample {
  explicit Sample(const Workload& w)
      : layer(w.inputs, w.neurons, w.recurrent),
        readout(w.neurons, w.classes),
        random(1, Purpose::test, 0, 0) {
    for (Real& value : layer.w_in) value = static_cast<Real>(w.weight * (2.0 * random.uniform() - 1.0));
    for (Real& value : layer.w_rec)
      value =
          static_cast<Real>(2.0 / std::sqrt(static_cast<double>(w.neurons)) * (2.0 * random.uniform() - 1.0));
    for (Real& value : readout.w) value = static_cast<Real>(0.2 * (2.0 * random.uniform() - 1.0));
    draw_constants(layer, w.neurons, 1.0);
    draw_constants(readout, w.classes, 1.0);
    for (std::size_t n = 0; n < w.neurons; ++n) layer.threshold[n] = 1.0;
    std::vector<std::vector<std::uint32_t>> at(w.steps);
    for (std::size_t i = 0; i < w.input_spikes; ++i)
      at[random.below(static_cast<std::uint32_t>(w.steps))].push_back(
          random.below(static_cast<std::uint32_t>(w.inputs)));
    for (const auto& ids : at) {
      for (const std::uint32_t id : ids) input.add(id);
      input.end_step();
    }
  }

  void draw_constants(StepConstants& constants, std::size_t neurons, double dt) {
    for (std::size_t n = 0; n < neurons; ++n) {
      constants.alpha[n] = std::exp(-dt / gamma(10.0));
      constants.beta[n] = std::exp(-dt / gamma(20.0));
      constants.gain[n] = 1.0 - constants.beta[n];
    }
  }
  double gamma(double mean) {  // shape 3: the sum of three exponentials
    double sum = 0.2;
    for (int i = 0; i < 3; ++i) sum -= std::log(1.0 - random.uniform());
    return mean * sum / 3.0;
  }

  SurrogateLayer<Real> layer;
  LeakyReadout<Real> readout;
  SpikeRaster input;
  RandomSequence random;
};

template <class Real>
void train(benchmark::State& state, const Workload& workload, double band) {
  const Sample<Real> sample(workload);
  SurrogateDerivative derivative;
  derivative.band = band;
  SurrogateTape<Real> tape;
  ReadoutTape<Real> readout_tape;
  BackwardRows<Real> rows;
  SurrogateGradient<Real> gradient(sample.layer);
  ReadoutGradient<Real> readout_gradient(sample.readout);
  std::vector<Real> by_score, to_V, to_I;
  for ([[maybe_unused]] auto _ : state) {
    forward(sample.layer, sample.input, tape);
    forward(sample.readout, tape.spikes, readout_tape);
    cross_entropy(scores(sample.readout, readout_tape, ReadoutScore::max_over_time), 3, by_score);
    spread(sample.readout, readout_tape, ReadoutScore::max_over_time, by_score, to_V);
    backward<Real>({sample.readout, tape.spikes, readout_tape, to_V}, readout_gradient, rows, to_I);
    const SpikeCredit<Real> credit{sample.readout.w.data(), to_I.data(), sample.readout.stride, 0};
    backward<Real>({sample.layer, sample.input, tape, credit, derivative}, gradient, rows);
    benchmark::ClobberMemory();
  }
  const double neuron_steps = static_cast<double>(workload.neurons * workload.steps);
  state.counters["spikes"] = static_cast<double>(tape.spikes.spikes());
  state.counters["active"] =
      static_cast<double>(gradient.active) / (static_cast<double>(state.iterations()) * neuron_steps);
}

/// Samples by eights: all forward, then all backward, side by side.
template <class Real>
void train_together(benchmark::State& state, const Workload& workload, double band) {
  constexpr std::size_t together = 8;
  const Sample<Real> sample(workload);
  SurrogateDerivative derivative;
  derivative.band = band;
  std::vector<SurrogateTape<Real>> tapes(together);
  ReadoutTape<Real> readout_tape;
  std::vector<BackwardRows<Real>> rows(together);
  SurrogateGradient<Real> gradient(sample.layer);
  ReadoutGradient<Real> readout_gradient(sample.readout);
  std::vector<Real> by_score, to_V;
  std::vector<std::vector<Real>> to_I(together);
  for ([[maybe_unused]] auto _ : state) {
    std::vector<LayerPass<Real>> passes;
    for (std::size_t s = 0; s < together; ++s) {
      forward(sample.layer, sample.input, tapes[s]);
      forward(sample.readout, tapes[s].spikes, readout_tape);
      cross_entropy(scores(sample.readout, readout_tape, ReadoutScore::max_over_time), 3, by_score);
      spread(sample.readout, readout_tape, ReadoutScore::max_over_time, by_score, to_V);
      backward<Real>({sample.readout, tapes[s].spikes, readout_tape, to_V}, readout_gradient, rows[s],
                     to_I[s]);
      const SpikeCredit<Real> credit{sample.readout.w.data(), to_I[s].data(), sample.readout.stride, 0};
      passes.push_back({sample.layer, sample.input, tapes[s], credit, derivative});
    }
    backward_together<Real>(passes, gradient, rows);
    benchmark::ClobberMemory();
  }
  state.counters["per_sample"] = benchmark::Counter(
      together, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void train_eight(benchmark::State& state, const Workload& workload, double band) {
  train_together<float>(state, workload, band);
}
void train_single(benchmark::State& state, const Workload& workload, double band) {
  train<float>(state, workload, band);
}
void train_double(benchmark::State& state, const Workload& workload, double band) {
  train<double>(state, workload, band);
}

constexpr double all = std::numeric_limits<double>::infinity();
constexpr Workload digits{700, 128, 20, 500, 7700, 0.3, true};
constexpr Workload digits_wide{700, 512, 20, 500, 7700, 0.3, true};
constexpr Workload digits_long{700, 128, 20, 2000, 7700, 0.3, true};
constexpr Workload nmnist{2312, 200, 10, 300, 4200, 0.3, true};
constexpr Workload fashion{784, 128, 10, 100, 390, 0.3, true};

BENCHMARK_CAPTURE(train_single, digits_band, digits, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, digits_dense, digits, all)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_double, digits_band, digits, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, digits_wide_band, digits_wide, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, digits_wide_dense, digits_wide, all)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_eight, digits_band, digits, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_eight, digits_dense, digits, all)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_eight, digits_wide_band, digits_wide, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_eight, digits_wide_dense, digits_wide, all)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, digits_long_band, digits_long, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, nmnist_band, nmnist, 0.2)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(train_single, fashion_band, fashion, 0.2)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace flurry::bench
