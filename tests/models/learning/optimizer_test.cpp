// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/optimizer.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "core/base/random.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/learning/learning_rate.hpp"

namespace flurry {
namespace {

ParameterSet one_group(const std::vector<double>& values, ParameterScale scale = ParameterScale::plain) {
  ParameterSet set;
  set.add("hidden.w_in", values).scale = scale;
  return set;
}

}  // namespace

TEST_CASE("the first step of Adam goes its rate downhill, whatever the slope") {
  Executor executor;
  ParameterSet set = one_group({1.0, 2.0, 3.0});
  OptimizerOptions options;
  options.rate = 0.01;
  Optimizer optimizer(options);
  optimizer.step(set, {5.0, -1e-3, 0.0}, 1.0, executor);
  CHECK(set.values[0] == doctest::Approx(0.99).epsilon(1e-9));
  CHECK(set.values[1] == doctest::Approx(2.01).epsilon(1e-6));
  CHECK(set.values[2] == 3.0);
}

TEST_CASE("Adam follows its own recursion (Kingma & Ba 2015, algorithm 1)") {
  Executor executor;
  ParameterSet set = one_group({0.5});
  OptimizerOptions options;
  Optimizer optimizer(options);
  double x = 0.5;
  double m = 0.0;
  double v = 0.0;
  for (int t = 1; t <= 50; ++t) {
    const double g = std::sin(0.3 * t) * x;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    x -= 0.5 * 1e-3 * (m / (1.0 - std::pow(0.9, t))) / (std::sqrt(v / (1.0 - std::pow(0.999, t))) + 1e-8);
    optimizer.step(set, {g}, 0.5, executor);
    CHECK(set.values[0] == doctest::Approx(x).epsilon(1e-12));
  }
}

TEST_CASE("descent with momentum, and a step of a logarithm or a decay factor, are what they say") {
  Executor executor;
  OptimizerOptions options;
  options.kind = OptimizerOptions::Kind::sgd;
  options.rate = 0.1;
  SUBCASE("momentum") {
    ParameterSet set = one_group({1.0});
    Optimizer optimizer(options);
    optimizer.step(set, {1.0}, 1.0, executor);
    optimizer.step(set, {1.0}, 1.0, executor);
    CHECK(set.values[0] == doctest::Approx(1.0 - 0.1 - 0.1 * 1.9));
  }
  SUBCASE("logarithm: d/d log x = x d/dx") {
    ParameterSet set = one_group({20.0}, ParameterScale::logarithm);
    Optimizer(options).step(set, {0.3}, 1.0, executor);
    CHECK(set.values[0] == doctest::Approx(20.0 * std::exp(-0.1 * 0.3 * 20.0)));
  }
  SUBCASE("decay factor y = exp(-dt/x)") {
    ParameterSet set = one_group({20.0}, ParameterScale::decay);
    set.groups[0].dt = 0.5;
    set.groups[0].high = 1e3;
    const double y = std::exp(-0.5 / 20.0);
    Optimizer(options).step(set, {1e-4}, 1.0, executor);
    const double stepped = y - 0.1 * 1e-4 * 400.0 / (0.5 * y);
    CHECK(set.values[0] == doctest::Approx(-0.5 / std::log(stepped)));
  }
  SUBCASE("beyond a decay factor of 1 stands the longest time constant") {
    ParameterSet set = one_group({20.0}, ParameterScale::decay);
    set.groups[0].high = 100.0;
    Optimizer(options).step(set, {-1e3}, 1.0, executor);
    CHECK(set.values[0] == 100.0);
  }
}

TEST_CASE("bounds, ties and groups that are not trained hold") {
  Executor executor;
  ParameterSet set;
  set.add("a.tau_m", {10.0, 10.0, 10.0}).tied = true;
  set.add("a.tau_syn", {5.0}).trained = false;
  ParameterGroup& threshold = set.add("a.threshold", {0.5, 1.4});
  threshold.low = 0.5;
  threshold.high = 1.5;
  CHECK(set.trained() == 3);
  OptimizerOptions options;
  options.kind = OptimizerOptions::Kind::sgd;
  options.rate = 1.0;
  options.beta1 = 0.0;
  Optimizer(options).step(set, {1.0, 2.0, 3.0, 9.0, 1.0, -1.0}, 1.0, executor);
  CHECK(set.values == std::vector<double>{4.0, 4.0, 4.0, 5.0, 0.5, 1.5});
}

TEST_CASE("a gradient that is too long is cut to its bound, all of it alike") {
  Executor executor;
  ParameterSet set = one_group({0.0, 0.0});
  OptimizerOptions options;
  options.kind = OptimizerOptions::Kind::sgd;
  options.rate = 1.0;
  options.largest_norm = 1.0;
  Optimizer(options).step(set, {3.0, 4.0}, 1.0, executor);
  CHECK(set.values[0] == doctest::Approx(-0.6));
  CHECK(set.values[1] == doctest::Approx(-0.8));
}

TEST_CASE("numbers that are tied count as one in the gradient's length") {
  Executor executor;
  ParameterSet set;
  set.add("a.tau_m", {1.0, 1.0}).tied = true;
  OptimizerOptions options;
  options.kind = OptimizerOptions::Kind::sgd;
  options.rate = 1.0;
  options.largest_norm = 1.0;
  Optimizer(options).step(set, {2.0, 3.0}, 1.0, executor);  // one slope of 5, cut to 1
  CHECK(set.values == std::vector<double>{0.0, 0.0});
}

TEST_CASE("steps have the same bits on any number of threads") {
  const std::size_t count = 100000;
  std::vector<double> values;
  std::vector<double> gradient;
  RandomSequence random(1, Purpose::test, 0, 0);
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(random.uniform());
    gradient.push_back(random.uniform() - 0.5);
  }
  std::vector<std::vector<double>> results;
  for (const std::size_t threads : {1, 2, 4}) {
    ThreadExecutor executor(threads);
    ParameterSet set = one_group(values);
    OptimizerOptions options;
    options.largest_norm = 1.0;
    options.weight_decay = 0.01;
    Optimizer optimizer(options);
    for (int i = 0; i < 3; ++i) optimizer.step(set, gradient, 1.0, executor);
    results.push_back(set.values);
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0] == results[2]);
}

TEST_CASE("schedules begin and end where they should") {
  LearningRate rate;
  CHECK(rate.at(7.5, 10.0) == 1.0);
  rate.schedule = LearningRate::Schedule::cosine;
  rate.last = 0.1;
  CHECK(rate.at(0.0, 10.0) == 1.0);
  CHECK(rate.at(5.0, 10.0) == doctest::Approx(0.55));
  CHECK(rate.at(10.0, 10.0) == doctest::Approx(0.1));
  rate.schedule = LearningRate::Schedule::exponential;
  CHECK(rate.at(5.0, 10.0) == doctest::Approx(std::sqrt(0.1)));
  rate.schedule = LearningRate::Schedule::steps;
  rate.every = 4.0;
  CHECK(rate.at(3.9, 10.0) == 1.0);
  CHECK(rate.at(8.0, 10.0) == doctest::Approx(0.01));
  rate.schedule = LearningRate::Schedule::constant;
  rate.rise_epochs = 2.0;
  CHECK(rate.at(1.0, 10.0) == doctest::Approx(0.5));
}

}  // namespace flurry
