// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "models/learning/readout_loss.hpp"
#include "models/learning/surrogate_backward.hpp"
#include "models/learning/surrogate_forward.hpp"
#include "models/learning/surrogate_rows.hpp"

namespace flurry {
namespace {

/// How a random network is run.
struct Kind {
  Integrator integrator = Integrator::exact;
  ResetRule rule = ResetRule::to_value;
  bool refractory = false;
  bool recurrent = true;
  double band = std::numeric_limits<double>::infinity();
};

struct RandomNetwork {
  RandomNetwork(const Kind& kind, std::uint32_t seed)
      : layer(7, 5, kind.recurrent), readout(5, 3), random(seed, Purpose::test, 0, 0) {
    layer.integrator = readout.integrator = kind.integrator;
    layer.rule = kind.rule;
    derivative.band = kind.band;
    derivative.steepness = 10.0;
    for (double& w : layer.w_in) w = random.uniform() * 1.5 - 0.4;
    for (double& w : layer.w_rec) w = random.uniform() * 1.2 - 0.6;
    for (double& w : readout.w) w = random.uniform() * 2.0 - 1.0;
    draw(layer, layer.neurons);
    draw(readout, readout.classes);
    for (std::size_t n = 0; n < layer.neurons; ++n) {
      layer.threshold[n] = 0.6 + 0.5 * random.uniform();
      layer.reset[n] = -0.3 * random.uniform();
      if (kind.refractory) layer.refractory[n] = static_cast<std::uint32_t>(n % 4);
    }
    for (std::size_t t = 0; t < 60; ++t) {
      for (std::uint32_t i = 0; i < layer.inputs; ++i)
        if (random.uniform() < 0.2) input.add(i);
      input.end_step();
    }
  }
  void draw(StepConstants& c, std::size_t neurons) {
    for (std::size_t n = 0; n < neurons; ++n) {
      c.alpha[n] = 0.7 + 0.25 * random.uniform();
      c.beta[n] = 0.8 + 0.18 * random.uniform();
      c.gain[n] = 0.1 + 0.2 * random.uniform();
    }
  }

  SurrogateLayer<double> layer;
  LeakyReadout<double> readout;
  SurrogateDerivative derivative;
  SpikeRaster input;
  RandomSequence random;
};

/// The numbers of a network moved a little, all at once.
struct Direction {
  explicit Direction(RandomNetwork& network) : layer(network.layer), readout(network.readout) {
    for (auto* numbers : {&layer.w_in, &layer.w_rec, &layer.alpha, &layer.beta, &layer.gain, &layer.threshold,
                          &readout.w, &readout.alpha, &readout.beta, &readout.gain})
      for (double& number : *numbers) number = network.random.uniform() - 0.5;
  }
  SurrogateLayer<double> layer;
  LeakyReadout<double> readout;
};

/// How much the loss sum(to_V V) of the readout moves: the tangent of the forward pass, step by step and
/// neuron by neuron, with the surrogate in place of a spike's derivative. Shares no code with the passes.
class Tangent {
 public:
  Tangent(const RandomNetwork& network, const Direction& direction)
      : net_(network), dir_(direction), V_(5), I_(5), dV_(5), dI_(5), left_(5) {}

  double loss(const std::vector<double>& to_V) {
    std::vector<double> s(5), ds(5), late_s(5), late_ds(5), v(3), i(3), dv(3), di(3);
    double sum = 0.0;
    for (std::size_t t = 0; t < net_.input.steps(); ++t) {
      for (std::size_t k = 0; k < 3; ++k) sum += to_V[t * net_.readout.stride + k] * dv[k];
      spikes(s, ds);
      const bool late = net_.readout.integrator == Integrator::perez_nieves_2021;
      read(late ? late_s : s, late ? late_ds : ds, v, i, dv, di);
      late_s = s;
      late_ds = ds;
      step(t, s, ds);
    }
    return sum;
  }

 private:
  void spikes(std::vector<double>& s, std::vector<double>& ds) const {
    for (std::size_t n = 0; n < 5; ++n) {
      const double x = V_[n] - net_.layer.threshold[n];
      const bool exact = net_.layer.integrator == Integrator::exact;
      s[n] = left_[n] == 0 && (exact ? x >= 0.0 : x > 0.0) ? 1.0 : 0.0;
      const bool active = left_[n] == 0 && !(std::abs(x) >= net_.derivative.band);
      ds[n] = active ? net_.derivative.at(x) * (dV_[n] - dir_.layer.threshold[n]) : 0.0;
    }
  }

  void read(const std::vector<double>& s, const std::vector<double>& ds, std::vector<double>& v,
            std::vector<double>& i, std::vector<double>& dv, std::vector<double>& di) const {
    const auto& r = net_.readout;
    for (std::size_t k = 0; k < 3; ++k) {
      dv[k] =
          dir_.readout.beta[k] * v[k] + r.beta[k] * dv[k] + dir_.readout.gain[k] * i[k] + r.gain[k] * di[k];
      v[k] = r.beta[k] * v[k] + r.gain[k] * i[k];
      di[k] = dir_.readout.alpha[k] * i[k] + r.alpha[k] * di[k];
      i[k] = r.alpha[k] * i[k];
      for (std::size_t j = 0; j < 5; ++j) {
        i[k] += r.w[j * r.stride + k] * s[j];
        di[k] += dir_.readout.w[j * r.stride + k] * s[j] + r.w[j * r.stride + k] * ds[j];
      }
    }
  }

  void step(std::size_t t, const std::vector<double>& s, const std::vector<double>& ds) {
    const auto& l = net_.layer;
    const auto& d = dir_.layer;
    for (std::size_t n = 0; n < 5; ++n) {
      const double old_V = V_[n], old_dV = dV_[n], old_I = I_[n], old_dI = dI_[n];
      if (s[n] > 0.0) left_[n] = l.refractory[n] + 1;
      const bool held = left_[n] > 1;
      if (left_[n] > 0) --left_[n];
      double after = old_V, d_after = old_dV;
      if (s[n] > 0.0 && l.integrator == Integrator::exact) {
        const bool subtracts = l.rule == ResetRule::by_subtraction;
        after = subtracts ? old_V - l.threshold[n] : l.reset[n];
        d_after = subtracts ? old_dV - d.threshold[n] : 0.0;
      }
      if (held) {
        V_[n] = l.rule == ResetRule::to_value ? l.reset[n] : after;
        dV_[n] = l.rule == ResetRule::to_value ? 0.0 : d_after;
      } else {
        V_[n] = l.beta[n] * after + l.gain[n] * old_I;
        dV_[n] = d.beta[n] * after + l.beta[n] * d_after + d.gain[n] * old_I + l.gain[n] * old_dI;
        if (l.integrator == Integrator::perez_nieves_2021) V_[n] -= s[n] * l.threshold[n];
      }
      I_[n] = l.alpha[n] * old_I;
      dI_[n] = d.alpha[n] * old_I + l.alpha[n] * old_dI;
    }
    for (std::size_t n = 0; n < 5; ++n) {
      for (const std::uint32_t i : net_.input.at(t)) {
        I_[n] += l.w_in[i * l.stride + n];
        dI_[n] += d.w_in[i * l.stride + n];
      }
      for (std::size_t j = 0; j < 5 && l.recurrent(); ++j) {
        I_[n] += l.w_rec[j * l.stride + n] * s[j];
        dI_[n] += d.w_rec[j * l.stride + n] * s[j] + l.w_rec[j * l.stride + n] * ds[j];
      }
    }
  }

  const RandomNetwork& net_;
  const Direction& dir_;
  std::vector<double> V_, I_, dV_, dI_;
  std::vector<std::uint32_t> left_;
};

/// Sum of products over the rows and neurons that exist.
double along(const std::vector<double>& gradient, const std::vector<double>& direction, std::size_t neurons) {
  const std::size_t stride = padded(neurons);
  double sum = 0.0;
  for (std::size_t i = 0; i < gradient.size(); ++i)
    if (i % stride < neurons) sum += gradient[i] * direction[i];
  return sum;
}

struct Outcome {
  double slope = 0.0;
  std::uint64_t active = 0;
  std::size_t spikes = 0;
};

Outcome slope_along(const RandomNetwork& network, const Direction& direction,
                    const std::vector<double>& to_V) {
  SurrogateTape<double> tape;
  ReadoutTape<double> readout_tape;
  SurrogateGradient<double> g(network.layer);
  ReadoutGradient<double> r(network.readout);
  BackwardRows<double> rows;
  std::vector<double> to_I;
  forward(network.layer, network.input, tape);
  forward(network.readout, tape.spikes, readout_tape);
  backward<double>({network.readout, tape.spikes, readout_tape, to_V}, r, rows, to_I);
  const SpikeCredit<double> credit{network.readout.w.data(), to_I.data(), network.readout.stride,
                                   readout_lag(network.readout.integrator)};
  backward<double>({network.layer, network.input, tape, credit, network.derivative}, g, rows);
  const auto& d = direction.layer;
  double sum = 0.0;
  for (const auto& [gradient, numbers] : {std::pair{&g.w_in, &d.w_in},
                                          {&g.w_rec, &d.w_rec},
                                          {&g.alpha, &d.alpha},
                                          {&g.beta, &d.beta},
                                          {&g.gain, &d.gain},
                                          {&g.threshold, &d.threshold}})
    sum += along(*gradient, *numbers, network.layer.neurons);
  const auto& e = direction.readout;
  for (const auto& [gradient, numbers] :
       {std::pair{&r.w, &e.w}, {&r.alpha, &e.alpha}, {&r.beta, &e.beta}, {&r.gain, &e.gain}})
    sum += along(*gradient, *numbers, network.readout.classes);
  return {sum, g.active, tape.spikes.spikes()};
}

void check_kind(const Kind& kind) {
  std::size_t spikes = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    RandomNetwork network(kind, seed);
    std::vector<double> to_V(network.input.steps() * network.readout.stride);
    for (std::size_t i = 0; i < to_V.size(); ++i)
      to_V[i] = i % network.readout.stride < 3 ? network.random.uniform() - 0.5 : 0.0;
    const Direction direction(network);
    const Outcome got = slope_along(network, direction, to_V);
    CHECK(got.slope == doctest::Approx(Tangent(network, direction).loss(to_V)).epsilon(1e-10));
    spikes += got.spikes;
  }
  CHECK(spikes > 1000);
}

}  // namespace

TEST_CASE(
    "the surrogate gradient is the tangent of the forward pass, whatever the reset and the integrator") {
  check_kind({});
  check_kind({.rule = ResetRule::by_subtraction});
  check_kind({.refractory = true});
  check_kind({.rule = ResetRule::by_subtraction, .refractory = true});
  check_kind({.recurrent = false});
  check_kind({.integrator = Integrator::perez_nieves_2021, .rule = ResetRule::by_subtraction});
  check_kind({.band = 0.2});
}

TEST_CASE("a band as wide as all potentials changes nothing, a narrow one carries less") {
  const Kind everything;
  RandomNetwork wide({.band = 1e9}, 3);
  RandomNetwork narrow({.band = 0.05}, 3);
  RandomNetwork all(everything, 3);
  std::vector<double> to_V(all.input.steps() * all.readout.stride, 0.25);
  const Direction direction(all);
  const Outcome dense = slope_along(all, direction, to_V);
  const Outcome banded = slope_along(wide, direction, to_V);
  CHECK(banded.slope == dense.slope);
  CHECK(banded.active == dense.active);
  CHECK(dense.active == all.input.steps() * all.layer.neurons);
  CHECK(slope_along(narrow, direction, to_V).active < dense.active / 4);
}

TEST_CASE("surrogate derivatives have their height, their width and their shape") {
  using Shape = SurrogateDerivative::Shape;
  for (const Shape shape : {Shape::fast_sigmoid, Shape::arctan, Shape::triangle}) {
    const SurrogateDerivative derivative{.shape = shape, .steepness = 4.0};
    CHECK(derivative.at(0.0) == 1.0);
    CHECK(derivative.at(0.1) == derivative.at(-0.1));
    CHECK(derivative.at(0.2) < derivative.at(0.1));
  }
  CHECK(SurrogateDerivative{.steepness = 100.0}.at(0.01) == 0.25);
  CHECK(SurrogateDerivative{.shape = Shape::triangle, .steepness = 4.0}.at(0.125) == 0.5);
  CHECK(SurrogateDerivative{.shape = Shape::triangle, .steepness = 4.0}.at(0.3) == 0.0);
}

TEST_CASE("cross-entropy is minus the logarithm of the label's share, its gradient share minus label") {
  std::vector<double> by_score;
  CHECK(cross_entropy<double>({1.0, 1.0, 1.0, 1.0}, 2, by_score) == doctest::Approx(std::log(4.0)));
  CHECK(by_score == std::vector<double>{0.25, 0.25, -0.75, 0.25});
  CHECK(cross_entropy<double>({1000.0, 0.0}, 1, by_score) == 1000.0);
  CHECK(by_score == std::vector<double>{1.0, -1.0});
}

}  // namespace flurry
