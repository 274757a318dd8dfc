// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/hdf5_output_file.hpp"

#include <system_error>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

Hdf5OutputFile::Hdf5OutputFile(std::filesystem::path path, bool shared)
    : path_(std::move(path)),
      partial_(path_.string() + ".partial"),
      file_(shared ? Hdf5File::create_shared(partial_) : Hdf5File::create(partial_)) {}

Hdf5OutputFile::Hdf5OutputFile(std::filesystem::path path, const std::filesystem::path& log)
    : path_(std::move(path)),
      partial_(path_.string() + ".partial"),
      log_(std::make_unique<OverwriteLog>(log, partial_, std::filesystem::file_size(partial_))),
      file_(Hdf5File::update(partial_, log_.get(), true)) {}

Hdf5OutputFile::~Hdf5OutputFile() {
  if (committed_ || log_) return;
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void Hdf5OutputFile::reopen() {
  file_.close();
  file_ = Hdf5File::update(partial_, log_.get());
}

std::uint64_t Hdf5OutputFile::seal(const std::filesystem::path& log) {
  file_.close();
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(partial_, problem);
  if (problem) throw SystemError(partial_.string() + ": cannot be looked at: " + problem.message());
  log_ = std::make_unique<OverwriteLog>(log, partial_, size);
  file_ = Hdf5File::update(partial_, log_.get(), true);
  return size;
}

void Hdf5OutputFile::commit() {
  file_.close();
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(partial_, problem);
  if (!problem) std::filesystem::resize_file(partial_, size, problem);  // gives back what was reserved
  problem.clear();
  std::filesystem::rename(partial_, path_, problem);
  if (problem) throw SystemError(path_.string() + ": cannot be completed: " + problem.message());
  committed_ = true;
}

}  // namespace flurry
