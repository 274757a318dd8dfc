// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "models/encoding/address_map.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include "core/base/error.hpp"

namespace flurry {

namespace {

/// One direction of the map.
struct Axis {
  std::string_view name;  // "columns", "rows"
  std::uint32_t sensor = 0;
  std::uint32_t start = 0;
  std::uint32_t length = 0;  // 0: to the edge
  std::uint32_t cells = 0;   // 0: by the factor
};

/// The cell of each pixel from `start` on.
std::vector<std::uint32_t> cells_of(const Axis& axis, std::uint32_t factor) {
  const std::string name(axis.name);
  if (axis.sensor == 0 || axis.sensor > 65536)
    throw UsageError("the sensor has " + std::to_string(axis.sensor) + " " + name +
                     " of pixels; it must have 1 to 65536");
  if (axis.start >= axis.sensor || axis.length > axis.sensor - axis.start)
    throw UsageError("the part used, " + name + " " + std::to_string(axis.start) + " to " +
                     std::to_string(std::uint64_t{axis.start} + std::max(axis.length, 1U) - 1) +
                     ", does not lie on the sensor, whose " + name + " are 0 to " +
                     std::to_string(axis.sensor - 1));
  const std::uint32_t length = axis.length == 0 ? axis.sensor - axis.start : axis.length;
  if (axis.cells > length)
    throw UsageError("a grid of " + std::to_string(axis.cells) + " " + name + " is finer than the " +
                     std::to_string(length) + " " + name + " of pixels it covers");
  std::vector<std::uint32_t> cell(length);
  for (std::uint32_t i = 0; i < length; ++i)
    cell[i] =
        axis.cells == 0 ? i / factor : static_cast<std::uint32_t>(std::uint64_t{i} * axis.cells / length);
  return cell;
}

}  // namespace

Polarity parse_polarity(std::string_view text, std::string_view where) {
  if (text == "merge") return Polarity::merge;
  if (text == "separate") return Polarity::separate;
  const std::array<std::string, 2> names{"merge", "separate"};
  throw UsageError(unknown_name("polarity", text, where, names));
}

AddressMap::AddressMap(const AddressMapOptions& o)
    : width_(o.width),
      height_(o.height),
      separate_(o.polarity == Polarity::separate),
      left_(o.left),
      top_(o.top) {
  if (o.factor == 0) throw UsageError("the factor by which pixels are joined is 0; it must be 1 or more");
  if (o.factor != 1 && (o.columns != 0 || o.rows != 0))
    throw UsageError("both a factor of " + std::to_string(o.factor) + " and a grid of " +
                     std::to_string(o.columns) + "x" + std::to_string(o.rows) +
                     " are given; give one of them");
  column_of_ = cells_of({"columns", o.width, o.left, o.crop_width, o.columns}, o.factor);
  row_of_ = cells_of({"rows", o.height, o.top, o.crop_height, o.rows}, o.factor);
  columns_ = column_of_.back() + 1;
  rows_ = row_of_.back() + 1;
  if (std::uint64_t{columns_} * rows_ * 2 > std::numeric_limits<std::uint32_t>::max())
    throw UsageError("a grid of " + std::to_string(columns_) + "x" + std::to_string(rows_) +
                     " has more elements than the 2^31 a population may have");
}

std::optional<std::uint32_t> AddressMap::element(const AddressEvent& event) const {
  const std::uint32_t column = event.x - left_;  // wraps to a large number on the left
  const std::uint32_t row = event.y - top_;
  if (column >= column_of_.size() || row >= row_of_.size()) return std::nullopt;
  const std::uint32_t pixel = row_of_[row] * columns_ + column_of_[column];
  return separate_ && !event.on ? plane() + pixel : pixel;
}

MappedSpikes map_events(std::span<const AddressEvent> events, const AddressMap& map, TimeOrigin origin) {
  MappedSpikes mapped;
  if (events.empty()) return mapped;
  const auto earlier = [](const AddressEvent& a, const AddressEvent& b) { return a.t < b.t; };
  const std::int64_t start =
      origin == TimeOrigin::clock ? 0 : std::min_element(events.begin(), events.end(), earlier)->t;
  mapped.spikes.reserve(events.size());
  for (const AddressEvent& event : events) {
    if (const auto element = map.element(event))
      mapped.spikes.push_back({static_cast<double>(event.t - start) / 1000.0, *element});
    else if (map.on_sensor(event))
      ++mapped.outside_part;
    else
      ++mapped.outside_sensor;
  }
  std::sort(mapped.spikes.begin(), mapped.spikes.end());
  return mapped;
}

}  // namespace flurry
