// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/positions.hpp"

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace flurry {

std::vector<std::pair<double, double>> positions(const PopulationDescription& population, std::uint64_t seed,
                                                 std::uint32_t stream) {
  if (!population.layout)
    throw UsageError(
        "population " + population.name + " (" + population.where +
        ") has no layout, which distance-dependent connections need; add layout = { grid = [w, h] }");
  const Layout& layout = *population.layout;
  if (layout.kind == Layout::Kind::list) {
    if (layout.positions.size() != population.size)
      throw UsageError("population " + population.name + " (" + population.where + ") has " +
                       std::to_string(layout.positions.size()) + " positions for " +
                       std::to_string(population.size) + " neurons");
    return layout.positions;
  }
  std::vector<std::pair<double, double>> result(population.size);
  if (layout.kind == Layout::Kind::random) {
    for (std::uint32_t i = 0; i < population.size; ++i) {
      RandomSequence random(seed, Purpose::position, stream, i);
      const double x = random.uniform() * layout.width;
      result[i] = {x, random.uniform() * layout.height};
    }
    return result;
  }
  const auto columns =
      layout.columns > 0
          ? layout.columns
          : static_cast<std::uint32_t>(std::ceil(std::sqrt(static_cast<double>(population.size))));
  const std::uint32_t rows = (population.size + columns - 1) / columns;
  for (std::uint32_t i = 0; i < population.size; ++i) {
    const std::uint32_t row = i / columns;
    result[i] = {(i % columns + 0.5) * layout.width / columns, (row + 0.5) * layout.height / rows};
  }
  return result;
}

}  // namespace flurry
