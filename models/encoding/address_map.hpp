// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/address_event.hpp"
#include "core/base/spike.hpp"

namespace flurry {

/// What becomes of the sign of a change: both signs drive one element, or off has elements of its own,
/// numbered after those of on.
enum class Polarity { merge, separate };

/// "merge" or "separate"; UsageError naming `where` otherwise.
[[nodiscard]] Polarity parse_polarity(std::string_view text, std::string_view where);

/// How the pixels of a sensor become elements of a source population. Sizes in pixels.
struct AddressMapOptions {
  std::uint32_t width = 0;  // of the sensor
  std::uint32_t height = 0;
  Polarity polarity = Polarity::merge;

  std::uint32_t left = 0;  // the part used starts here
  std::uint32_t top = 0;
  std::uint32_t crop_width = 0;  // 0: to the sensor's edge
  std::uint32_t crop_height = 0;

  std::uint32_t factor =
      1;  // this many pixels a side make one element; the last row and column may have fewer
  std::uint32_t columns = 0;  // or a grid of this size over the part used; 0: by the factor
  std::uint32_t rows = 0;
};

/// Maps (x, y, polarity) to an element: rows from the top, columns from the left, off after on.
class AddressMap {
 public:
  /// UsageError for an empty sensor, a part beyond the sensor, a grid finer than the pixels, or grid and
  /// factor both.
  explicit AddressMap(const AddressMapOptions& options);

  [[nodiscard]] std::uint32_t columns() const { return columns_; }
  [[nodiscard]] std::uint32_t rows() const { return rows_; }
  /// Elements in all: columns x rows, twice with separate polarities.
  [[nodiscard]] std::uint32_t size() const { return separate_ ? 2 * plane() : plane(); }

  /// The element of an event; nothing where it lies outside the part used.
  [[nodiscard]] std::optional<std::uint32_t> element(const AddressEvent& event) const;
  [[nodiscard]] bool on_sensor(const AddressEvent& event) const {
    return event.x < width_ && event.y < height_;
  }

 private:
  [[nodiscard]] std::uint32_t plane() const { return columns_ * rows_; }

  std::uint32_t width_;
  std::uint32_t height_;
  bool separate_;
  std::uint32_t left_;
  std::uint32_t top_;
  std::vector<std::uint32_t> column_of_;  // by x - left
  std::vector<std::uint32_t> row_of_;     // by y - top
  std::uint32_t columns_ = 0;
  std::uint32_t rows_ = 0;
};

/// Where time 0 of the spikes lies: at the earliest event of the recording (mapped or not), or at 0 of its
/// clock.
enum class TimeOrigin { first_event, clock };

/// A recording as spikes of a source population.
struct MappedSpikes {
  SpikeTrain spikes;                 // ms; ordered by time, then element; equal ones are all kept
  std::uint64_t outside_part = 0;    // events dropped: on the sensor, but not in the part used
  std::uint64_t outside_sensor = 0;  // events dropped: beyond the size the map was made for
};

/// Times are (t - origin) / 1000.0.
[[nodiscard]] MappedSpikes map_events(std::span<const AddressEvent> events, const AddressMap& map,
                                      TimeOrigin origin = TimeOrigin::first_event);

}  // namespace flurry
