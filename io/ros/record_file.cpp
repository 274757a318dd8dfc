// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/ros/record_file.hpp"

#include <cerrno>
#include <system_error>

#include "core/base/error.hpp"

namespace flurry {

RecordFile::RecordFile(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw SystemError(path.string() + ": is a folder, not a recording");
  errno = 0;
  file_.open(path, std::ios::binary);
  if (!file_)
    throw SystemError(path.string() +
                      ": cannot be opened for reading: " + std::generic_category().message(errno));
  size_ = std::filesystem::file_size(path);
}

bool RecordFile::read(std::string& bytes, std::uint64_t count) {
  if (count > size_ - offset_) return skip(count);
  bytes.resize(static_cast<std::size_t>(count));
  file_.read(bytes.data(), static_cast<std::streamsize>(count));
  const auto got = static_cast<std::uint64_t>(file_.gcount());
  offset_ = got == count ? offset_ + count : size_;
  return got == count;
}

bool RecordFile::skip(std::uint64_t count) {
  if (count > size_ - offset_) {
    offset_ = size_;
    return false;
  }
  offset_ += count;
  file_.seekg(static_cast<std::streamoff>(offset_));
  return true;
}

}  // namespace flurry
