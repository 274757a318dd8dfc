// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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
  /// Opens for reading, also what another process writes or was writing when it died, if shared. SystemError:
  /// missing or unreadable; FormatError: not HDF5, cut short or damaged.
  [[nodiscard]] static Hdf5File open(const std::filesystem::path& path);
  /// Makes a new file, in place of one of this name. SystemError where that is not allowed.
  [[nodiscard]] static Hdf5File create(const std::filesystem::path& path);
  /// As create(), for a file that others may read while it is written, from share() on: HDF5 1.10 or later is
  /// needed to read it.
  [[nodiscard]] static Hdf5File create_shared(const std::filesystem::path& path);
  /// Opens for changing what is there already. `log` is told before anything is overwritten; `to_share`: for
  /// share() of a file made by create_shared().
  [[nodiscard]] static Hdf5File update(const std::filesystem::path& path, OverwriteLog* log = nullptr,
                                       bool to_share = false);
  /// True where the file begins as HDF5 does; false also where it cannot be read.
  [[nodiscard]] static bool is_hdf5(const std::filesystem::path& path);

  Hdf5File(Hdf5File&&) = default;
  Hdf5File& operator=(Hdf5File&& other) noexcept {
    handle_ = std::move(other.handle_);  // before what it writes to
    watch_ = std::move(other.watch_);
    path_ = std::move(other.path_);
    return *this;
  }

  [[nodiscard]] Hdf5Group root() const;

  /// From here on other processes may read (SWMR), nothing new can be made in the file, only appended to and
  /// numbers of attributes changed. flush() shows them what has been added.
  void share();
  /// Makes sure that the disk has room for this many more bytes, so that the file can be closed in good order
  /// if it has not. SystemError where there is none. Does nothing where the file system does not know how.
  void reserve(std::uint64_t bytes);
  /// Hands everything written so far to the operating system. SystemError if it refuses (full disk), now or
  /// earlier: writing itself does not tell.
  void flush();
  /// Closes the file and all of its groups and datasets; nothing of it may be used afterwards. SystemError if
  /// what was left to write could not be written. The destructor closes too, but cannot tell.
  void close();

 private:
  Hdf5File(std::unique_ptr<Hdf5WriteWatch> watch, Hdf5Handle handle, std::string path)
      : watch_(std::move(watch)), handle_(std::move(handle)), path_(std::move(path)) {}
  static Hdf5File make(const std::filesystem::path& path, bool shared);
  void expect_written() const;

  std::unique_ptr<Hdf5WriteWatch> watch_;  // nothing for a file to read; outlives the handle
  Hdf5Handle handle_;
  std::string path_;
};

}  // namespace flurry
