// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/output_file.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

namespace {

SystemError refused(const std::filesystem::path& path, std::string_view what) {
  return SystemError{path.string() + ": " + std::string(what) + ": " +
                     std::generic_category().message(errno)};
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path path) : path_(std::move(path)), partial_(path_) {
  partial_ += ".partial";
  errno = 0;
  file_.open(partial_, std::ios::binary | std::ios::trunc);
  if (!file_) throw refused(partial_, "cannot be opened for writing");
}

OutputFile::~OutputFile() {
  if (!file_.is_open()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

void OutputFile::append(std::string_view bytes) {
  errno = 0;
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file_) throw refused(partial_, "cannot be written");
  size_ += bytes.size();
}

void OutputFile::replace(std::uint64_t offset, std::string_view bytes) {
  errno = 0;
  file_.seekp(static_cast<std::streamoff>(offset));
  file_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file_.seekp(0, std::ios::end);
  if (!file_) throw refused(partial_, "cannot be written");
}

void OutputFile::commit() {
  errno = 0;
  file_.flush();
  if (!file_) throw refused(partial_, "cannot be written");
  file_.close();
  std::error_code error(errno, std::generic_category());
  if (file_) std::filesystem::rename(partial_, path_, error);
  if (!error) return;
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
  throw SystemError(path_.string() + ": cannot be completed: " + error.message());
}

}  // namespace flurry
