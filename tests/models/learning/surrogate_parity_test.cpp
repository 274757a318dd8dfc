// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "models/learning/readout_loss.hpp"
#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_forward.hpp"
#include "models/learning/surrogate_rows.hpp"
#include "tests/reference_data.hpp"

namespace flurry {
namespace {

using nlohmann::json;

template <class Real>
void put_rows(const json& rows, std::vector<Real>& to, std::size_t stride) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t n = 0; n < rows[i].size(); ++n) to[i * stride + n] = rows[i][n].get<Real>();
}

void put_row(const json& row, std::vector<double>& to) {
  for (std::size_t n = 0; n < row.size(); ++n) to[n] = row[n];
}

/// The study's network of one file.
template <class Real>
struct StudyNetwork {
  explicit StudyNetwork(const json& file)
      : layer(file["n_in"], file["n_hidden"], true), readout(file["n_hidden"], file["n_out"]) {
    layer.integrator = readout.integrator = Integrator::perez_nieves_2021;
    put_rows(file["w_in"], layer.w_in, layer.stride);
    put_rows(file["w_rec"], layer.w_rec, layer.stride);
    put_rows(file["w_out"], readout.w, readout.stride);
    put_row(file["alpha"], layer.alpha);
    put_row(file["beta"], layer.beta);
    put_row(file["threshold"], layer.threshold);
    put_row(file["alpha_out"], readout.alpha);
    put_row(file["beta_out"], readout.beta);
    for (std::size_t n = 0; n < layer.neurons; ++n) layer.gain[n] = 1 - layer.beta[n];
    for (std::size_t k = 0; k < readout.classes; ++k) readout.gain[k] = 1 - readout.beta[k];
  }
  SurrogateLayer<Real> layer;
  LeakyReadout<Real> readout;
};

SpikeRaster raster_of(const json& events, std::size_t steps) {
  SpikeRaster raster;
  std::size_t i = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    for (; i < events.size() && events[i][0] == t; ++i) raster.add(events[i][1]);
    raster.end_step();
  }
  CHECK(i == events.size());
  return raster;
}

/// Spikes as the study records them: one step late.
json recorded(const SpikeRaster& raster) {
  json spikes = json::array();
  for (std::size_t t = 0; t + 1 < raster.steps(); ++t)
    for (const std::uint32_t n : raster.at(t)) spikes.push_back({t + 1, n});
  return spikes;
}

template <class Real>
void check_near(const json& rows, const std::vector<Real>& got, std::size_t stride, double tolerance) {
  double largest = 0.0;
  double worst = 0.0;
  const auto look = [&](double expected, Real value) {
    largest = std::max(largest, std::abs(expected));
    worst = std::max(worst, std::abs(expected - static_cast<double>(value)));
  };
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].is_array())
      for (std::size_t n = 0; n < rows[i].size(); ++n) look(rows[i][n], got[i * stride + n]);
    else
      look(rows[i], got[i]);
  CHECK(largest > 0.0);
  CHECK(worst <= tolerance * largest);
}

template <class Real>
void check_file(const json& file, double tolerance) {
  const StudyNetwork<Real> network(file);
  SurrogateGradient<Real> gradient(network.layer);
  ReadoutGradient<Real> readout_gradient(network.readout);
  SurrogateTape<Real> tape;
  ReadoutTape<Real> readout_tape;
  BackwardRows<Real> rows;
  std::vector<Real> by_score, to_V, to_I;
  double loss = 0.0;
  for (std::size_t b = 0; b < file["batch"]; ++b) {
    const SpikeRaster input = raster_of(file["input_events"][b], file["n_steps"]);
    forward(network.layer, input, tape);
    REQUIRE(recorded(tape.spikes) == file["result"]["spikes"][b]);
    forward(network.readout, tape.spikes, readout_tape);
    const std::vector<Real> score = scores(network.readout, readout_tape, ReadoutScore::max_over_time);
    check_near(file["result"]["logits"][b], score, 1, tolerance);
    loss += static_cast<double>(cross_entropy(score, file["labels"][b].get<std::uint32_t>(), by_score));
    spread(network.readout, readout_tape, ReadoutScore::max_over_time, by_score, to_V);
    backward<Real>({network.readout, tape.spikes, readout_tape, to_V}, readout_gradient, rows, to_I);
    const SpikeCredit<Real> credit{network.readout.w.data(), to_I.data(), network.readout.stride,
                                   readout_lag(network.readout.integrator)};
    backward<Real>({network.layer, input, tape, credit, SurrogateDerivative{}}, gradient, rows);
  }
  CHECK(loss == doctest::Approx(file["result"]["loss"].get<double>()).epsilon(tolerance));
  const json& expected = file["result"]["grad"];
  CHECK(expected.size() == 6);
  check_near(expected["w_in"], gradient.w_in, network.layer.stride, tolerance);
  check_near(expected["w_rec"], gradient.w_rec, network.layer.stride, tolerance);
  check_near(expected["w_out"], readout_gradient.w, network.readout.stride, tolerance);
  check_near(expected["alpha"], gradient.alpha, 1, tolerance);
  check_near(expected["beta"], gradient.beta, 1, tolerance);
  check_near(expected["threshold"], gradient.threshold, 1, tolerance);
}

}  // namespace

TEST_CASE("parity: spikes, loss and surrogate gradients are those of the 2021 study's code") {
  for (const auto& path : testing::reference_files("seed_study", {".json"})) {
    if (!path.filename().string().starts_with("surrogate_gradient_")) continue;
    CAPTURE(path.string());
    const json file = json::parse(std::ifstream(path));
    check_file<double>(file, 1e-9);
    check_file<float>(file, 1e-4);
  }
}

}  // namespace flurry
