// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Exact gradients, timed per sample: see README.md beside this file.
#include <array>

#include <benchmark/benchmark.h>

#include "core/base/random.hpp"
#include "models/encoding/yin_yang.hpp"
#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_first_spike.hpp"
#include "models/learning/event_prop_forward.hpp"

namespace flurry::bench {
namespace {

// 5-200-3 on Yin-Yang as Wunderlich & Pehle (2021) have it: time constants 20 and 5 ms, all alike or all
// different. `heterogeneous`: gamma-like spread by a factor of up to two each way.
EventPropNetwork yin_yang_network(std::uint32_t hidden, bool heterogeneous) {
  RandomSequence random(11, Purpose::test, 3, 0);
  const auto normal = [&](double mean, double sd) {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += random.uniform();
    return mean + sd * sum;
  };
  EventPropNetwork n;
  for (std::uint32_t i = 0; i < hidden + 3; ++i) {
    const double spread = heterogeneous ? 0.5 + 1.5 * random.uniform() : 1.0;
    const double other = heterogeneous ? 0.5 + 1.5 * random.uniform() : 1.0;
    n.tau_m.push_back(20.0 * spread);
    n.tau_syn.push_back(5.0 * other);
    n.threshold.push_back(1.0);
  }
  std::vector<EventPropSynapse> in;
  std::vector<EventPropSynapse> out;
  for (std::uint32_t c = 0; c < 5; ++c)
    for (std::uint32_t h = 0; h < hidden; ++h) in.push_back({c, h, normal(1.9, 0.78), 0.0});
  for (std::uint32_t h = 0; h < hidden; ++h)
    for (std::uint32_t o = 0; o < 3; ++o)
      out.push_back({h, hidden + o, normal(0.93 * 30.0 / hidden, 0.1), 0.0});
  n.input = EventPropSynapses::rows(5, in);
  n.recurrent = EventPropSynapses::rows(hidden + 3, out);
  return n;
}

void yin_yang_sample(benchmark::State& state, bool heterogeneous, bool with_backward) {
  const auto hidden = static_cast<std::uint32_t>(state.range(0));
  const EventPropNetwork network = yin_yang_network(hidden, heterogeneous);
  EventPropOptions options;
  options.duration = 60.0;
  const std::array outputs{hidden, hidden + 1, hidden + 2};
  options.watched.assign(outputs.begin(), outputs.end());
  const EventPropPlan plan(network, options);
  const auto samples = yin_yang(1, 500);
  EventPropWorkspace workspace;
  EventPropCredit credit;
  EventPropGradient gradient;
  gradient.clear(network);
  std::uint64_t spikes = 0;
  std::uint64_t count = 0;
  for ([[maybe_unused]] auto _ : state) {
    const YinYangSample& s = samples[count++ % samples.size()];
    event_prop_forward(plan, s.spikes(), workspace);
    spikes += workspace.tape.spikes;
    if (!with_backward) continue;
    credit.clear(workspace.tape);
    benchmark::DoNotOptimize(EventPropFirstSpike{}.add(plan, workspace.tape, outputs, s.label, credit));
    event_prop_backward(plan, credit, workspace, gradient);
  }
  benchmark::DoNotOptimize(gradient.tau_m.data());
  state.counters["spikes"] = static_cast<double>(spikes) / static_cast<double>(count);
}

void event_prop_yin_yang(benchmark::State& state) { yin_yang_sample(state, true, true); }
void event_prop_yin_yang_alike(benchmark::State& state) { yin_yang_sample(state, false, true); }
void event_prop_yin_yang_forward(benchmark::State& state) { yin_yang_sample(state, true, false); }
BENCHMARK(event_prop_yin_yang)->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK(event_prop_yin_yang_alike)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK(event_prop_yin_yang_forward)->Arg(200)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace flurry::bench
