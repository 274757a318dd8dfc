// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/grid_weights.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/collective.hpp"

namespace flurry {
namespace {

constexpr int finest = 40;        // bits of the largest weight
constexpr int most_counted = 16;  // bits of a number of arrivals

// Parts of a large projection, for threads.
std::size_t parts_of(const Projection& projection, const Executor& executor) {
  return projection.synapses() > (std::uint64_t{1} << 20U) ? executor.lanes() : 1;
}

std::uint32_t largest_in_degree(const Projection& projection, std::uint32_t size, Executor& executor) {
  const std::size_t parts = parts_of(projection, executor);
  std::vector<std::vector<std::uint32_t>> counts(parts, std::vector<std::uint32_t>(size, 0));
  executor.for_each(parts, [&](std::size_t part, std::size_t) {
    const std::uint64_t end = projection.synapses() * (part + 1) / parts;
    for (std::uint64_t j = projection.synapses() * part / parts; j < end; ++j)
      ++counts[part][projection.targets[j]];
  });
  std::uint32_t largest = 0;
  for (std::uint32_t n = 0; n < size; ++n) {
    std::uint32_t sum = 0;
    for (const auto& count : counts) sum += count[n];
    largest = std::max(largest, sum);
  }
  return largest;
}

void round_to(double quantum, double& weight) { weight = std::nearbyint(weight / quantum) * quantum; }
template <class T>
void round_to(double quantum, std::vector<T>& weights, std::size_t part, std::size_t parts) {
  const double per_quantum = 1.0 / quantum;
  const std::size_t end = weights.size() * (part + 1) / parts;
  for (std::size_t j = weights.size() * part / parts; j < end; ++j)
    weights[j] = static_cast<T>(std::nearbyint(static_cast<double>(weights[j]) * per_quantum) * quantum);
}

}  // namespace

GridWeights grid_weights(double largest_weight, std::uint64_t in_degree) {
  int exponent = 0;  // largest_weight <= 2^exponent
  if (largest_weight > 0.0) (void)std::frexp(largest_weight, &exponent);
  exponent = std::max(exponent, -900);
  const auto counted = static_cast<int>(std::bit_width(in_degree + spare_arrivals));
  if (counted > most_counted) return {std::ldexp(1.0, exponent - finest), 0};
  const int bits = std::min(finest, 63 - 2 * counted);
  return {std::ldexp(1.0, exponent - bits), (std::uint32_t{1} << static_cast<unsigned>(counted)) - 1};
}

std::vector<GridWeights> round_weights(const std::vector<Population>& populations,
                                       std::vector<Projection>& projections, Executor& executor,
                                       Communicator& communicator) {
  std::vector<std::uint32_t> in_degrees;
  in_degrees.reserve(projections.size());
  for (const Projection& projection : projections)
    in_degrees.push_back(largest_in_degree(projection, populations[projection.target].size(), executor));
  largest_of_all(communicator, std::span(in_degrees));
  std::vector<double> largest(populations.size(), 0.0);
  std::vector<std::uint64_t> in_degree(populations.size(), 0);
  for (Projection& projection : projections) {
    projection.largest_in_degree = in_degrees[static_cast<std::size_t>(&projection - projections.data())];
    in_degree[projection.target] += projection.largest_in_degree;
    largest[projection.target] = std::max(largest[projection.target], projection.largest_weight);
  }
  std::vector<GridWeights> result;
  for (std::size_t p = 0; p < populations.size(); ++p)
    result.push_back(grid_weights(largest[p], in_degree[p]));
  for (Projection& projection : projections) {
    const double quantum = result[projection.target].quantum;
    if (auto* weight = std::get_if<double>(&projection.weights)) round_to(quantum, *weight);
    const std::size_t parts = parts_of(projection, executor);
    executor.for_each(parts, [&](std::size_t part, std::size_t) {
      if (auto* singles = std::get_if<std::vector<float>>(&projection.weights))
        round_to(quantum, *singles, part, parts);
      if (auto* doubles = std::get_if<std::vector<double>>(&projection.weights))
        round_to(quantum, *doubles, part, parts);
    });
  }
  return result;
}

}  // namespace flurry
