// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Samples side by side, rows at any address, spikes by source: the same numbers as the plain way.
#include <limits>
#include <span>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_forward.hpp"

namespace flurry {
namespace {

constexpr std::size_t inputs = 30, classes = 5;

/// A layer of `neurons`, some of them refractory, and samples of all lengths with credit from a made-up
/// reader.
template <class Real>
struct Samples {
  explicit Samples(std::size_t neurons, bool refractory = false)
      : layer(inputs, neurons, true), random(7, Purpose::test, 0, neurons), w(neurons * padded(classes)) {
    for (std::vector<Real>* list : {&layer.w_in, &layer.w_rec})
      for (std::size_t i = 0; i < list->size(); ++i)
        if (i % layer.stride < neurons) (*list)[i] = static_cast<Real>(random.uniform() - 0.45);
    for (std::size_t i = 0; i < w.size(); ++i)
      if (i % padded(classes) < classes) w[i] = static_cast<Real>(random.uniform() - 0.5);
    for (std::size_t n = 0; n < neurons; ++n) {
      layer.alpha[n] = 0.7 + 0.25 * random.uniform();
      layer.beta[n] = 0.8 + 0.15 * random.uniform();
      layer.gain[n] = 0.1 + 0.2 * random.uniform();
      layer.threshold[n] = 0.5 + random.uniform();
      if (refractory) layer.refractory[n] = static_cast<std::uint32_t>(n % 3);
    }
    for (std::size_t s = 0; s < 13; ++s) add_sample(20 + 7 * (s % 5));
  }

  void add_sample(std::size_t steps) {
    SpikeRaster& raster = input.emplace_back();
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::uint32_t i = 0; i < inputs; ++i)
        if (random.uniform() < 0.1) raster.add(i);
      raster.end_step();
    }
    forward(layer, raster, tape.emplace_back());
    std::vector<Real>& row = to_I.emplace_back((steps + 1) * padded(classes));
    for (std::size_t i = 0; i < steps * padded(classes); ++i)
      if (i % padded(classes) < classes) row[i] = static_cast<Real>(random.uniform() - 0.5);
  }

  std::vector<LayerPass<Real>> passes(double band) const {
    std::vector<LayerPass<Real>> result;
    for (std::size_t s = 0; s < input.size(); ++s)
      result.push_back({layer,
                        input[s],
                        tape[s],
                        {w.data(), to_I[s].data(), padded(classes), s % 2},
                        {.steepness = 5.0, .band = band}});
    return result;
  }

  SurrogateLayer<Real> layer;
  RandomSequence random;
  std::vector<Real> w;
  std::vector<SpikeRaster> input;
  std::vector<SurrogateTape<Real>> tape;
  std::vector<std::vector<Real>> to_I;
};

template <class Real>
void check_same(const SurrogateGradient<Real>& a, const SurrogateGradient<Real>& b) {
  CHECK(a.w_in == b.w_in);
  CHECK(a.w_rec == b.w_rec);
  CHECK(a.alpha == b.alpha);
  CHECK(a.beta == b.beta);
  CHECK(a.gain == b.gain);
  CHECK(a.threshold == b.threshold);
  CHECK(a.active == b.active);
}

template <class Real>
void check_together(std::size_t neurons, bool refractory, double band) {
  CAPTURE(neurons);
  CAPTURE(band);
  const Samples<Real> samples(neurons, refractory);
  const std::vector<LayerPass<Real>> passes = samples.passes(band);
  SurrogateGradient<Real> alone(samples.layer);
  SurrogateGradient<Real> together(samples.layer);
  std::vector<std::vector<Real>> below(passes.size());
  std::vector<std::vector<Real>> below_together(passes.size());
  std::vector<BackwardRows<Real>> rows(passes.size());
  BackwardRows<Real> row;
  std::size_t spikes = 0;
  for (std::size_t s = 0; s < passes.size(); ++s) {
    backward(passes[s], alone, row, &below[s]);
    spikes += passes[s].tape.spikes.spikes();
  }
  backward_together<Real>(passes, together, rows, below_together);
  check_same(alone, together);
  CHECK(below == below_together);
  CHECK(spikes > 100);
  CHECK(alone.active > 100);
}

template <class Real>
void check_all_together() {
  for (const std::size_t neurons : {std::size_t{5}, std::size_t{40}, std::size_t{150}})
    for (const bool refractory : {false, true})
      for (const double band : {0.1, 0.6, std::numeric_limits<double>::infinity()})
        check_together<Real>(neurons, refractory, band);
}

}  // namespace

TEST_CASE("samples stepped back together have the bits of one after the other") {
  check_all_together<float>();
  check_all_together<double>();
}

TEST_CASE("samples of different layers or readers do not go together") {
  const Samples<float> a(5);
  const Samples<float> b(5);
  std::vector<LayerPass<float>> passes{a.passes(1.0)[0], b.passes(1.0)[0]};
  std::vector<BackwardRows<float>> rows(2);
  SurrogateGradient<float> gradient(a.layer);
  CHECK_THROWS_AS(backward_together<float>(passes, gradient, rows), UsageError);
  passes.pop_back();
  CHECK_THROWS_AS(backward_together<float>(passes, gradient, std::span<BackwardRows<float>>{}), UsageError);
}

TEST_CASE("what a loss says of spikes themselves is worth what a reader of them all would say") {
  Samples<double> samples(40);
  std::vector<double> each(40);
  for (double& x : each) x = samples.random.uniform() - 0.5;
  const std::size_t stride = padded(classes);
  for (std::size_t n = 0; n < 40; ++n)
    for (std::size_t k = 0; k < stride; ++k) samples.w[n * stride + k] = k == 0 ? each[n] : 0.0;
  for (auto& row : samples.to_I)
    for (double& x : row) x = 1.0;
  for (const double band : {0.1, std::numeric_limits<double>::infinity()}) {
    LayerPass<double> pass = samples.passes(band)[0];
    SurrogateGradient<double> by_reader(samples.layer);
    SurrogateGradient<double> by_spike(samples.layer);
    BackwardRows<double> rows;
    backward(pass, by_reader, rows);
    pass.credit = {.by_spike = each.data()};
    backward(pass, by_spike, rows);
    for (std::size_t i = 0; i < by_reader.w_in.size(); ++i)
      CHECK(by_spike.w_in[i] == doctest::Approx(by_reader.w_in[i]).epsilon(1e-12));
  }
}

TEST_CASE("rows add up in order, wherever in memory they begin") {
  RandomSequence random(9, Purpose::test, 0, 0);
  for (const std::size_t stride : {16, 32, 128, 144, 208, 512})
    for (const std::size_t offset : {0, 4, 8, 12}) {
      CAPTURE(stride);
      CAPTURE(offset);
      CacheLines<float> memory(40 * stride + 16);
      for (float& x : memory) x = static_cast<float>(random.uniform() - 0.5);
      const float* w = memory.data() + offset;
      std::vector<std::uint32_t> ids;
      for (int i = 0; i < 17; ++i) ids.push_back(random.below(40));
      std::vector<double> found(stride, 0.25);
      add_rows<float, double>(ids, w, found.data(), stride);
      std::vector<double> wanted(stride, 0.25);
      for (const std::uint32_t id : ids)
        for (std::size_t n = 0; n < stride; ++n) wanted[n] += static_cast<double>(w[id * stride + n]);
      CHECK(found == wanted);
    }
}

TEST_CASE("spikes by source are all there, first to last, without those too late to count") {
  SpikeRaster raster;
  for (const std::vector<std::uint32_t>& ids : {std::vector<std::uint32_t>{2, 0}, {}, {2, 2}, {1, 2}}) {
    for (const std::uint32_t id : ids) raster.add(id);
    raster.end_step();
  }
  const auto steps = [&](std::size_t source, std::size_t late) {
    SpikesBySource sorted;
    sorted.sort(raster, 4, late);
    const auto found = sorted.steps_of(source);
    return std::vector<std::uint32_t>(found.begin(), found.end());
  };
  CHECK(steps(0, 0) == std::vector<std::uint32_t>{0});
  CHECK(steps(1, 0) == std::vector<std::uint32_t>{3});
  CHECK(steps(2, 0) == std::vector<std::uint32_t>{0, 2, 2, 3});
  CHECK(steps(2, 1) == std::vector<std::uint32_t>{0, 2, 2});
  CHECK(steps(1, 1).empty());
  CHECK(steps(3, 0).empty());
  CHECK(steps(2, 9).empty());
}

}  // namespace flurry
