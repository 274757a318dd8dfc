// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/spatial_index.hpp"

#include <algorithm>
#include <cmath>

namespace flurry {

SpatialIndex::SpatialIndex(std::vector<std::pair<double, double>> points, double reach)
    : points_(std::move(points)) {
  if (points_.empty()) return;
  double end_x = points_[0].first;
  double end_y = points_[0].second;
  origin_x_ = end_x;
  origin_y_ = end_y;
  for (const auto& [x, y] : points_) {
    origin_x_ = std::min(origin_x_, x);
    origin_y_ = std::min(origin_y_, y);
    end_x = std::max(end_x, x);
    end_y = std::max(end_y, y);
  }
  const double extent = std::max(end_x - origin_x_, end_y - origin_y_);
  // Cells no smaller than the reach, and no more of them than points.
  const double per_side = std::sqrt(static_cast<double>(points_.size()));
  side_ = std::max({reach, extent / per_side, 1e-300});
  if (!std::isfinite(side_)) side_ = std::max(extent, 1.0) * 2.0;
  columns_ = static_cast<std::int64_t>((end_x - origin_x_) / side_) + 1;
  rows_ = static_cast<std::int64_t>((end_y - origin_y_) / side_) + 1;
  cells_.resize(static_cast<std::size_t>(columns_ * rows_));
  for (std::uint32_t i = 0; i < points_.size(); ++i) {
    const auto column = cell(points_[i].first, origin_x_, columns_);
    const auto row = cell(points_[i].second, origin_y_, rows_);
    cells_[static_cast<std::size_t>(row * columns_ + column)].push_back(i);
  }
}

std::int64_t SpatialIndex::cell(double value, double origin, std::int64_t count) const {
  const double place = std::floor((value - origin) / side_);
  return static_cast<std::int64_t>(std::clamp(place, -1.0, static_cast<double>(count)));
}

void SpatialIndex::near(double x, double y, std::vector<std::uint32_t>& found) const {
  found.clear();
  if (cells_.empty()) return;
  const std::int64_t column = cell(x, origin_x_, columns_);
  const std::int64_t row = cell(y, origin_y_, rows_);
  for (std::int64_t r = std::max<std::int64_t>(0, row - 1); r <= std::min(rows_ - 1, row + 1); ++r)
    for (std::int64_t c = std::max<std::int64_t>(0, column - 1); c <= std::min(columns_ - 1, column + 1);
         ++c) {
      const auto& members = cells_[static_cast<std::size_t>(r * columns_ + c)];
      found.insert(found.end(), members.begin(), members.end());
    }
  std::sort(found.begin(), found.end());
}

}  // namespace flurry
