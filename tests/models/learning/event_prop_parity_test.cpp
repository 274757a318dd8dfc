// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Spikes and gradients of reference networks: $FLURRY_DATA/seed_study/eventprop_gradients*.json.
#include <cmath>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "models/learning/event_prop_backward.hpp"
#include "models/learning/event_prop_forward.hpp"
#include "models/learning/event_prop_target_times.hpp"
#include "tests/reference_data.hpp"

namespace flurry {
namespace {

using Matrix = std::vector<std::vector<double>>;

EventPropSynapses synapses(const Matrix& weights, const Matrix* delays) {
  std::vector<EventPropSynapse> list;
  for (std::uint32_t from = 0; from < weights.size(); ++from)
    for (std::uint32_t to = 0; to < weights[from].size(); ++to)
      if (weights[from][to] != 0.0)
        list.push_back({from, to, weights[from][to], delays == nullptr ? 0.0 : (*delays)[from][to]});
  return EventPropSynapses::rows(static_cast<std::uint32_t>(weights.size()), list);
}

// In the order of the rows.
std::vector<double> listed(const Matrix& values, const Matrix& weights) {
  std::vector<double> result;
  for (std::size_t from = 0; from < weights.size(); ++from)
    for (std::size_t to = 0; to < weights[from].size(); ++to)
      if (weights[from][to] != 0.0) result.push_back(values[from][to]);
  return result;
}

struct Worst {
  double spike = 0.0;     // ms
  double gradient = 0.0;  // relative
};

void compare(const std::vector<double>& found, const std::vector<double>& wanted, const char* kind,
             Worst& worst) {
  REQUIRE(found.size() == wanted.size());
  double largest = 0.0;
  for (const double x : wanted) largest = std::max(largest, std::abs(x));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double scale = std::max(std::abs(wanted[i]), 1e-6 * largest);
    if (scale == 0.0) continue;
    const double difference = std::abs(found[i] - wanted[i]) / scale;
    worst.gradient = std::max(worst.gradient, difference);
    CHECK_MESSAGE(difference <= 1e-7, kind << " " << i << ": " << found[i] << ", wanted " << wanted[i]);
  }
}

void compare_spikes(const EventPropTape& tape, const nlohmann::json& wanted, Worst& worst) {
  std::vector<Spike> spikes;
  for (const auto& r : tape.records) spikes.push_back({r.time, r.neuron});
  std::sort(spikes.begin(), spikes.end());
  REQUIRE(spikes.size() == wanted.size());
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    CHECK(spikes[i].neuron == wanted[i][1].get<std::uint32_t>());
    const double difference = std::abs(spikes[i].time - wanted[i][0].get<double>());
    worst.spike = std::max(worst.spike, difference);
    CHECK(difference <= 1e-10);
  }
}

void run(const nlohmann::json& j, Worst& worst) {
  const auto w_in = j.at("w_in").get<Matrix>();
  const auto w_rec = j.at("w_rec").get<Matrix>();
  const auto delay_rec = j.at("delay_rec_ms").get<Matrix>();
  EventPropNetwork network;
  network.input = synapses(w_in, nullptr);
  network.recurrent = synapses(w_rec, &delay_rec);
  network.tau_m = j.at("tau_m").get<std::vector<double>>();
  network.tau_syn = j.at("tau_syn").get<std::vector<double>>();
  network.threshold = j.at("threshold").get<std::vector<double>>();
  EventPropOptions options;
  options.duration = j.at("duration_ms");
  const EventPropPlan plan(network, options);
  std::vector<Spike> input;
  for (const auto& e : j.at("input_events")) input.push_back({e[0], e[1]});

  EventPropWorkspace workspace;
  event_prop_forward(plan, input, workspace);
  compare_spikes(workspace.tape, j.at("spikes"), worst);

  EventPropCredit credit;
  credit.clear(workspace.tape);
  const auto outputs = j.at("outputs").get<std::vector<std::uint32_t>>();
  const auto targets = j.at("target_ms").get<Matrix>();
  double loss = 0.0;
  for (std::size_t o = 0; o < outputs.size(); ++o)
    loss += event_prop_target_times(workspace.tape, outputs[o], targets[o], credit);
  CHECK(loss == doctest::Approx(j.at("loss").get<double>()).epsilon(1e-10));

  EventPropGradient gradient;
  gradient.clear(network);
  event_prop_backward(plan, credit, workspace, gradient);
  const auto& g = j.at("grad");
  compare(gradient.input.weight, listed(g.at("w_in").get<Matrix>(), w_in), "w_in", worst);
  compare(gradient.recurrent.weight, listed(g.at("w_rec").get<Matrix>(), w_rec), "w_rec", worst);
  compare(gradient.recurrent.delay, listed(g.at("delay_rec").get<Matrix>(), w_rec), "delay_rec", worst);
  compare(gradient.tau_m, g.at("tau_m"), "tau_m", worst);
  compare(gradient.tau_syn, g.at("tau_syn"), "tau_syn", worst);
  compare(gradient.threshold, g.at("threshold"), "threshold", worst);
  CHECK(gradient.clipped == 0);
}

TEST_CASE("EventProp parity: spikes and gradients of reference networks") {
  for (const auto& path : testing::reference_files("seed_study", {".json"})) {
    if (!path.filename().string().starts_with("eventprop_gradients")) continue;
    Worst worst;
    std::ifstream file(path);
    const auto all = nlohmann::json::parse(file);
    std::size_t number = 0;
    for (const auto& network : all.at("networks")) {
      CAPTURE(path.string());
      CAPTURE(number);
      run(network, worst);
      ++number;
    }
    MESSAGE(path.filename().string() << ": " << number << " networks, spikes within " << worst.spike
                                     << " ms, gradients within " << worst.gradient);
  }
}

}  // namespace
}  // namespace flurry
