// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace flurry {

/// Points in the plane, sorted into square cells, so that those near a place are found without visiting the
/// rest.
class SpatialIndex {
 public:
  SpatialIndex() = default;
  /// `reach`: the distance that will be asked for; infinity puts everything into one cell.
  SpatialIndex(std::vector<std::pair<double, double>> points, double reach);

  /// Replaces `found` by the points whose cell touches the square of half-side `reach` around (x, y),
  /// ascending.
  void near(double x, double y, std::vector<std::uint32_t>& found) const;
  [[nodiscard]] const std::vector<std::pair<double, double>>& points() const { return points_; }

 private:
  [[nodiscard]] std::int64_t cell(double value, double origin, std::int64_t count) const;

  std::vector<std::pair<double, double>> points_;
  double origin_x_ = 0.0;
  double origin_y_ = 0.0;
  double side_ = 1.0;
  std::int64_t columns_ = 1;
  std::int64_t rows_ = 1;
  std::vector<std::vector<std::uint32_t>> cells_;
};

}  // namespace flurry
