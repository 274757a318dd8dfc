// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace flurry {

/// The samples of one request that are due of one block of neurons, and where they go.
struct BlockSamples {
  std::span<const std::uint32_t> neurons;    // of this block, within the population, ascending
  std::span<const std::uint32_t> variables;  // places in the model's `recordables`
  std::span<const double> times;             // due, ascending, in the network's unit
  double* values = nullptr;                  // of the first variable, time and neuron
  std::size_t row = 0;                       // values from one time to the next
  std::size_t plane = 0;                     // values from one variable to the next
  double per_time = 1.0;                     // what slopes are multiplied with, to be per ms

  template <class Model>
  void store(std::size_t time, std::size_t neuron, const typename Model::State& state,
             const typename Model::Constants& constants) const {
    double* value = values + time * row + neuron;
    for (const std::uint32_t variable : variables) {
      const auto& line = Model::recordables[variable];
      *value = line.per_time ? line.value(state, constants) * per_time : line.value(state, constants);
      value += plane;
    }
  }
};

}  // namespace flurry
