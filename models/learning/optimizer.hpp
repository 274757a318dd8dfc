// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/executor.hpp"
#include "models/learning/parameter_set.hpp"

namespace flurry {

struct OptimizerOptions {
  enum class Kind : std::uint8_t { adam, sgd };
  Kind kind = Kind::adam;
  double rate = 1e-3;
  double beta1 = 0.9;  // Adam; of SGD: momentum
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // decoupled (Loshchilov & Hutter 2019); of weights and biases only
  double largest_norm = 0.0;  // of the whole gradient, to which longer ones are cut; 0: any
};

/// Adam (Kingma & Ba 2015) or stochastic gradient descent with momentum.
class Optimizer {
 public:
  explicit Optimizer(OptimizerOptions options = {}) : options_(options) {}

  /// One step down `gradient` (by parameters.values), at `factor` of the learning rate; then everything is
  /// put back within its bounds. The same bits for any executor.
  void step(ParameterSet& parameters, const std::vector<double>& gradient, double factor, Executor& executor);

  /// All there is to remember; empty before the first step.
  struct State {
    std::uint64_t steps = 0;
    std::vector<double> first, second;  // moments, one per parameter
    friend bool operator==(const State&, const State&) = default;
  };
  [[nodiscard]] const State& state() const { return state_; }
  void restore(State state) { state_ = std::move(state); }

 private:
  OptimizerOptions options_;
  State state_;
};

/// Puts every trained number within its bounds, tied ones on their mean.
void keep_within_bounds(ParameterSet& parameters);

}  // namespace flurry
