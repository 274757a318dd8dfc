// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/network_file/layout_reader.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "io/network_file/quantity_reader.hpp"

namespace flurry {
namespace {

const Document::Array& read_pair(const Document& value, const std::string& what) {
  const Document::Array& pair = value.array(what);
  if (pair.size() != 2) {
    refuse(
        value, what,
        "has " + std::to_string(pair.size()) + (pair.size() == 1 ? " value" : " values") + "; expected two");
  }
  return pair;
}

std::pair<double, double> read_point(const Document& value, const std::string& what) {
  const Document::Array& pair = read_pair(value, what);
  const std::pair<double, double> point{pair[0].number(what), pair[1].number(what)};
  if (!std::isfinite(point.first) || !std::isfinite(point.second))
    refuse(value, what, "is not finite; expected two finite numbers");
  return point;
}

void read_extent(const Document& value, Layout& layout, const std::string& what) {
  const auto [width, height] = read_point(value, what);
  if (!(width > 0.0 && height > 0.0))
    refuse(value, what, "is " + shortest(width) + " x " + shortest(height) + "; allowed: > 0");
  layout.width = width;
  layout.height = height;
}

void check_count(std::uint64_t found, std::uint32_t size, const Document& value, const std::string& what) {
  if (size != 0 && found != size) {
    refuse(value, what,
           "has " + std::to_string(found) + " positions; size is " + std::to_string(size) +
               ", and the two must be equal");
  }
}

void read_grid(const Document& value, std::uint32_t size, Layout& layout, const std::string& what) {
  const Document::Array& pair = read_pair(value, what);
  constexpr std::int64_t largest = std::numeric_limits<std::uint32_t>::max();
  const std::int64_t columns = read_whole_number(pair[0], 1, largest, what);
  const std::int64_t rows = read_whole_number(pair[1], 1, largest, what);
  layout.columns = static_cast<std::uint32_t>(columns);
  check_count(static_cast<std::uint64_t>(columns) * static_cast<std::uint64_t>(rows), size, value, what);
}

}  // namespace

Layout read_layout(const Document& value, std::uint32_t size, const std::string& what) {
  value.expect_keys(what, {"grid", "extent", "random", "positions"});
  const Document* grid = value.find("grid");
  const Document* random = value.find("random");
  const Document* positions = value.find("positions");
  if ((grid != nullptr) + (random != nullptr) + (positions != nullptr) != 1)
    refuse(value, what, "needs exactly one of grid, random and positions");
  const Document* extent = value.find("extent");
  if (extent != nullptr && grid == nullptr)
    refuse(value, what, "has an extent without a grid; random = [width, height] carries its own");

  Layout layout;
  if (grid != nullptr) {
    read_grid(*grid, size, layout, "grid of " + what);
    if (extent != nullptr) read_extent(*extent, layout, "extent of " + what);
  } else if (random != nullptr) {
    layout.kind = Layout::Kind::random;
    read_extent(*random, layout, "random of " + what);
  } else {
    layout.kind = Layout::Kind::list;
    for (const Document& point : positions->array("positions of " + what))
      layout.positions.push_back(
          read_point(point, "position " + std::to_string(layout.positions.size()) + " of " + what));
    check_count(layout.positions.size(), size, *positions, what);
  }
  return layout;
}

}  // namespace flurry
