// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "core/base/error.hpp"
#include "io/recording/hdf5_events.hpp"

namespace flurry {

/// Events as columns of an HDF5 file: DSEC, M3ED, E2VID (four lists of a group), MVSEC, v2e (a matrix).
struct Hdf5Columns {
  static constexpr std::string_view name = "hdf5";
  static constexpr std::string_view title = "HDF5 columns (DSEC, M3ED, E2VID, MVSEC, v2e)";
  static constexpr std::string_view extensions = ".h5 .hdf5";
  static constexpr std::string_view clock =
      "as written: whole numbers are us and others seconds (or `unit`), rounded to the nearest us; DSEC's "
      "t_offset "
      "is added only where asked for (`offset`)";
  static constexpr std::array choices{
      ReadingChoice{"group", "a path such as prophesee/left or davis/left/events",
                    "the group or matrix that holds the events, where not the first"},
      ReadingChoice{"offset", "apart (default), added", "whether t_offset is added to the times"},
      columns_choice, unit_choice, polarity_choice};

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    using namespace std::string_view_literals;
    return head.starts_with("\x89HDF\r\n\x1a\n"sv) ? 3 : 0;
  }

  static bool holds(const std::filesystem::path& path) {
    try {
      return find_events(Hdf5File::open(path).root(), "").has_value();
    } catch (const FormatError&) {
      return false;
    }
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path, const Readings& readings) {
    return open_hdf5_events(path, readings);
  }

  static std::unique_ptr<EventWriter> create(const std::filesystem::path& path, SensorSize sensor) {
    return std::make_unique<Hdf5EventWriter>(path, sensor);
  }
};

}  // namespace flurry
