// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.hpp"
#include "io/recording/prophesee_hdf5_reader.hpp"

namespace flurry {

/// HDF5 as Prophesee's tools write it: records of x, y, polarity and time in /CD/events, compressed with ECF.
struct PropheseeHdf5 {
  static constexpr std::string_view name = "prophesee-hdf5";
  static constexpr std::string_view title = "Prophesee HDF5, with or without ECF";
  static constexpr std::string_view extensions = ".hdf5, .h5";
  static constexpr std::string_view clock = "us as written, 64 bits";

  static int recognise(std::string_view head, std::uint64_t /*file_size*/) {
    return head.starts_with("\x89HDF\r\n\x1a\n") ? 3 : 0;
  }

  static bool holds(const std::filesystem::path& path) {
    try {
      const Hdf5File file = Hdf5File::open(path);
      return file.root().has_group("CD") && file.root().group("CD").has_dataset("events") &&
             Hdf5Records(file.root().group("CD").dataset("events")).has_fields({"x", "y", "p", "t"});
    } catch (const FormatError&) {
      return false;
    }
  }

  static std::unique_ptr<EventReader> open(const std::filesystem::path& path) {
    return std::make_unique<PropheseeHdf5Reader>(path);
  }
};

}  // namespace flurry
