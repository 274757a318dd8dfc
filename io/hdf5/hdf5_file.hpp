// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "io/hdf5/hdf5_group.hpp"
#include "io/hdf5/hdf5_handle.hpp"
#include "io/hdf5/hdf5_output_driver.hpp"

namespace flurry {

/// An HDF5 file. HDF5 is used from one thread at a time only.
class Hdf5File {
 public:
  /// Opens for reading. SystemError: missing or unreadable; FormatError: not HDF5, cut short or damaged.
  [[nodiscard]] static Hdf5File open(const std::filesystem::path& path);
  /// Makes a new file, in place of one of this name. SystemError where that is not allowed.
  [[nodiscard]] static Hdf5File create(const std::filesystem::path& path);
  /// True where the file begins as HDF5 does; false also where it cannot be read.
  [[nodiscard]] static bool is_hdf5(const std::filesystem::path& path);

  Hdf5File(Hdf5File&&) = default;
  Hdf5File& operator=(Hdf5File&&) = delete;

  [[nodiscard]] Hdf5Group root() const;

  /// Hands everything written so far to the operating system. SystemError if it refuses (full disk), now or
  /// earlier: writing itself does not tell.
  void flush();
  /// Closes the file and all of its groups and datasets; nothing of it may be used afterwards. SystemError if
  /// what was left to write could not be written. The destructor closes too, but cannot tell.
  void close();

 private:
  Hdf5File(std::unique_ptr<Hdf5WriteFailure> failure, Hdf5Handle handle, std::string path)
      : failure_(std::move(failure)), handle_(std::move(handle)), path_(std::move(path)) {}
  void expect_written() const;

  std::unique_ptr<Hdf5WriteFailure> failure_;  // nothing for a file to read; outlives the handle
  Hdf5Handle handle_;
  std::string path_;
};

}  // namespace flurry
