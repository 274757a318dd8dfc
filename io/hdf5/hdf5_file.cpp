// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_file.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <hdf5.h>

#include "core/base/error.hpp"
#include "io/hdf5/hdf5_error.hpp"

namespace flurry {
namespace {

// HDF5 says little about files it cannot open; the system says it well.
void expect_readable(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem))
    throw SystemError("cannot open '" + path.string() + "': it is a folder; expected an HDF5 file");
  errno = 0;
  if (std::ifstream file(path, std::ios::binary); !file) {
    const std::error_code reason(errno, std::generic_category());
    throw SystemError("cannot open '" + path.string() + "': " + reason.message());
  }
}

}  // namespace

bool Hdf5File::is_hdf5(const std::filesystem::path& path) {
  silence_hdf5();
  std::error_code none;
  return std::filesystem::is_regular_file(path, none) && H5Fis_hdf5(path.c_str()) > 0;
}

Hdf5File Hdf5File::open(const std::filesystem::path& path) {
  silence_hdf5();
  expect_readable(path);
  if (H5Fis_hdf5(path.c_str()) == 0)
    throw FormatError("'" + path.string() + "' is not an HDF5 file: it has no HDF5 signature");
  const auto opened = checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "open", path.string());
  return {nullptr, Hdf5Handle(opened), path.string()};
}

Hdf5File Hdf5File::create(const std::filesystem::path& path) {
  silence_hdf5();
  auto failure = std::make_unique<Hdf5WriteFailure>();
  const Hdf5Handle access = output_access(*failure);
  H5Pset_fclose_degree(access.get(),
                       H5F_CLOSE_STRONG);  // else an open group would postpone closing, and its errors
  const hid_t created = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
  if (created < 0 && !failure->reason.empty())
    throw SystemError("cannot create '" + path.string() + "': " + failure->reason);
  written(created, "create", path.string());
  return {std::move(failure), Hdf5Handle(created), path.string()};
}

Hdf5Group Hdf5File::root() const {
  return {Hdf5Handle(checked(H5Gopen2(handle_.get(), "/", H5P_DEFAULT), "open", path_)), path_, "/"};
}

void Hdf5File::expect_written() const {
  if (failure_ != nullptr && !failure_->reason.empty())
    throw SystemError("cannot write '" + path_ + "': " + failure_->reason);
}

void Hdf5File::flush() {
  written(H5Fflush(handle_.get(), H5F_SCOPE_GLOBAL), "write", path_);
  expect_written();
}

void Hdf5File::close() {
  if (handle_) written(H5Fclose(handle_.release()), "write", path_);
  expect_written();
}

}  // namespace flurry
