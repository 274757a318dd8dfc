// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_file.hpp"

#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

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
  try {
    const auto opened = checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "open", path.string());
    return {nullptr, Hdf5Handle(opened), path.string()};
  } catch (const FormatError& error) {
    if (std::string_view(error.what()).find("already open for") == std::string_view::npos) throw;
  }
  // Shared with its writer, which may be long dead. HDF5 would read what is damaged a hundred times, each
  // after waiting twice as long.
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_metadata_read_attempts(access.get(), 20);
  const auto shared =
      checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get()), "open", path.string());
  return {nullptr, Hdf5Handle(shared), path.string()};
}

Hdf5File Hdf5File::create(const std::filesystem::path& path) { return make(path, false); }

Hdf5File Hdf5File::create_shared(const std::filesystem::path& path) { return make(path, true); }

Hdf5File Hdf5File::update(const std::filesystem::path& path, OverwriteLog* log, bool to_share) {
  silence_hdf5();
  auto watch = std::make_unique<Hdf5WriteWatch>();
  watch->log = log;
  const Hdf5Handle access = output_access(*watch);
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG);
  if (to_share) H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  const auto opened = written(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), "open", path.string());
  return {std::move(watch), Hdf5Handle(opened), path.string()};
}

void Hdf5File::share() {
  flush();
  written(H5Fstart_swmr_write(handle_.get()), "share", path_);
}

void Hdf5File::reserve(std::uint64_t bytes) {
  const int file = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  struct stat status {};
  int problem = 0;
  if (fstat(file, &status) == 0) {
    rlimit limit{};
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
        size + bytes > limit.rlim_cur)
      problem = EFBIG;
    else if (fallocate(file, FALLOC_FL_KEEP_SIZE, status.st_size, static_cast<off_t>(bytes)) != 0)
      problem = errno;
  }
  ::close(file);
  if (problem == ENOSPC || problem == EFBIG || problem == EDQUOT)
    throw SystemError("cannot write '" + path_ +
                      "': " + std::error_code(problem, std::generic_category()).message());
}

Hdf5File Hdf5File::make(const std::filesystem::path& path, bool shared) {
  silence_hdf5();
  auto watch = std::make_unique<Hdf5WriteWatch>();
  const Hdf5Handle access = output_access(*watch);
  H5Pset_fclose_degree(access.get(),
                       H5F_CLOSE_STRONG);  // else an open group would postpone closing, and its errors
  if (shared) H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
  const hid_t created = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get());
  if (created < 0 && !watch->failure.empty())
    throw SystemError("cannot create '" + path.string() + "': " + watch->failure);
  written(created, "create", path.string());
  return {std::move(watch), Hdf5Handle(created), path.string()};
}

Hdf5Group Hdf5File::root() const {
  return {Hdf5Handle(checked(H5Gopen2(handle_.get(), "/", H5P_DEFAULT), "open", path_)), path_, "/"};
}

void Hdf5File::expect_written() const {
  if (watch_ != nullptr && !watch_->failure.empty())
    throw SystemError("cannot write '" + path_ + "': " + watch_->failure);
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
