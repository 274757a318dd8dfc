// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/learning/optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace flurry {
namespace {

constexpr std::size_t piece = 16384;  // numbers a thread takes at once

/// What steps are taken in, and back.
double to_scale(const ParameterGroup& group, double x) {
  if (group.scale == ParameterScale::logarithm) return std::log(x);
  if (group.scale == ParameterScale::decay) return std::exp(-group.dt / x);
  return x;
}
double from_scale(const ParameterGroup& group, double y) {
  if (group.scale == ParameterScale::logarithm) return std::exp(y);
  if (group.scale == ParameterScale::plain) return y;
  if (y <= 0.0) return group.low;
  return y < 1.0 ? -group.dt / std::log(y) : group.high;
}
/// dx/dy.
double slope(const ParameterGroup& group, double x) {
  if (group.scale == ParameterScale::logarithm) return x;
  if (group.scale == ParameterScale::decay) return x * x / (group.dt * std::exp(-group.dt / x));
  return 1.0;
}

/// What one step does to a number in its scale.
struct Update {
  OptimizerOptions options;
  double rate;       // of this group and time
  double shrink;     // of the gradient, to keep its norm
  double decay;      // of the number itself
  double unbiased1;  // 1 / (1 - beta1^t)
  double unbiased2;

  [[gnu::always_inline]] double operator()(double y, double gradient, double& first, double& second) const {
    const double g = gradient * shrink;
    if (options.kind == OptimizerOptions::Kind::sgd) {
      first = options.beta1 * first + g;
      return y - rate * (first + decay * y);
    }
    first = options.beta1 * first + (1.0 - options.beta1) * g;
    second = options.beta2 * second + (1.0 - options.beta2) * g * g;
    return y - rate * (first * unbiased1 / (std::sqrt(second * unbiased2) + options.epsilon) + decay * y);
  }
};

double clamped(const ParameterGroup& group, double x) { return std::min(std::max(x, group.low), group.high); }

/// Calls act(group, begin, end) for pieces of all trained groups whose numbers are not tied.
template <class Act>
void for_each_piece(const ParameterSet& parameters, Executor& executor, const Act& act) {
  struct Piece {
    const ParameterGroup* group;
    std::size_t begin, end;
  };
  std::vector<Piece> pieces;
  for (const ParameterGroup& group : parameters.groups)
    for (std::size_t begin = 0; group.trained && !group.tied && begin < group.size; begin += piece)
      pieces.push_back({&group, group.begin + begin, group.begin + std::min(group.size, begin + piece)});
  executor.for_each(pieces.size(), [&](std::size_t i, std::size_t) {
    act(*pieces[i].group, pieces[i].begin, pieces[i].end);
  });
}

double norm(const ParameterSet& parameters, const std::vector<double>& gradient) {
  double sum = 0.0;
  for (const ParameterGroup& group : parameters.groups) {
    if (!group.trained) continue;
    double squares = 0.0;
    double together = 0.0;
    for (std::size_t i = group.begin; i < group.begin + group.size; ++i) {
      const double g = gradient[i] * slope(group, parameters.values[i]);
      squares += g * g;
      together += g;
    }
    sum += group.tied ? together * together : squares;
  }
  return std::sqrt(sum);
}

}  // namespace

void Optimizer::step(ParameterSet& parameters, const std::vector<double>& gradient, double factor,
                     Executor& executor) {
  std::vector<double>& x = parameters.values;
  state_.first.resize(x.size());
  state_.second.resize(x.size());
  ++state_.steps;
  const auto t = static_cast<double>(state_.steps);
  double shrink = 1.0;
  if (options_.largest_norm > 0.0)
    shrink = std::min(1.0, options_.largest_norm / std::max(1e-300, norm(parameters, gradient)));
  const auto update_of = [&](const ParameterGroup& group) {
    const bool is_weight = group.name.find(".w_") != std::string::npos;
    return Update{options_,
                  options_.rate * factor * group.rate,
                  shrink,
                  is_weight ? options_.weight_decay : 0.0,
                  1.0 / (1.0 - std::pow(options_.beta1, t)),
                  1.0 / (1.0 - std::pow(options_.beta2, t))};
  };
  for_each_piece(parameters, executor, [&](const ParameterGroup& group, std::size_t begin, std::size_t end) {
    const Update update = update_of(group);
    if (group.scale == ParameterScale::plain) {
      for (std::size_t i = begin; i < end; ++i)
        x[i] = clamped(group, update(x[i], gradient[i], state_.first[i], state_.second[i]));
      return;
    }
    for (std::size_t i = begin; i < end; ++i) {
      const double y =
          update(to_scale(group, x[i]), gradient[i] * slope(group, x[i]), state_.first[i], state_.second[i]);
      x[i] = clamped(group, from_scale(group, y));
    }
  });
  for (const ParameterGroup& group : parameters.groups) {
    if (!group.trained || !group.tied || group.size == 0) continue;
    const std::size_t i = group.begin;
    const double sum = std::accumulate(&gradient[i], &gradient[i] + group.size, 0.0);
    const double y =
        update_of(group)(to_scale(group, x[i]), sum * slope(group, x[i]), state_.first[i], state_.second[i]);
    std::fill_n(&x[i], group.size, clamped(group, from_scale(group, y)));
  }
}

void keep_within_bounds(ParameterSet& parameters) {
  for (const ParameterGroup& group : parameters.groups) {
    if (!group.trained || group.size == 0) continue;
    double* x = &parameters.values[group.begin];
    if (group.tied)
      std::fill_n(x, group.size, std::accumulate(x, x + group.size, 0.0) / static_cast<double>(group.size));
    for (std::size_t i = 0; i < group.size; ++i) x[i] = clamped(group, x[i]);
  }
}

}  // namespace flurry
