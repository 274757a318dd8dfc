// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "io/hdf5/hdf5_file.hpp"
#include "io/hdf5/overwrite_log.hpp"

namespace flurry {

/// An HDF5 file that is there whole or not at all: written under PATH.partial, renamed by commit(). Without
/// commit() nothing is left and an older file stays as it was, unless it was sealed: then PATH.partial stays.
class Hdf5OutputFile {
 public:
  /// `shared`: as Hdf5File::create_shared. SystemError if the file cannot be made.
  explicit Hdf5OutputFile(std::filesystem::path path, bool shared = false);
  /// Goes on with PATH.partial as it was sealed, and begins a log.
  Hdf5OutputFile(std::filesystem::path path, const std::filesystem::path& log);
  Hdf5OutputFile(const Hdf5OutputFile&) = delete;
  Hdf5OutputFile& operator=(const Hdf5OutputFile&) = delete;
  ~Hdf5OutputFile();

  [[nodiscard]] Hdf5Group root() const { return file_.root(); }
  /// As Hdf5File's: whoever writes much calls it now and then, to be told of a full disk.
  void flush() { file_.flush(); }
  // As Hdf5File's.
  void share() { file_.share(); }
  void reserve(std::uint64_t bytes) { file_.reserve(bytes); }
  /// Closes the file, so that all of it is there, and opens it again for share(); from here on what is
  /// overwritten is kept in a log at `log`, with which roll_back() leads back to this place whatever happens
  /// after. Groups and datasets must be opened again. Returns the length of the file.
  std::uint64_t seal(const std::filesystem::path& log);
  /// Closes the file and opens it again, no longer shared: new things can be made in it. Groups and datasets
  /// must be opened again too.
  void reopen();
  /// Closes the file with all of its groups and datasets, and gives it its name. SystemError if the disk
  /// refuses.
  void commit();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::unique_ptr<OverwriteLog> log_;  // outlives the file; where there is one the file is kept
  Hdf5File file_;
  bool committed_ = false;
};

}  // namespace flurry
