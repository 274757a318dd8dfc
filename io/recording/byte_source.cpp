// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"

namespace flurry {

namespace {

constexpr std::size_t step_bytes = std::size_t{1} << 18U;  // leaves room in a core's cache for the events

}  // namespace

ByteSource::ByteSource(std::filesystem::path path, std::size_t capacity) : path_(std::move(path)) {
  std::error_code error;
  if (std::filesystem::is_directory(path_, error))
    throw SystemError(path_.string() + ": is a folder, not a recording");
  const std::uintmax_t size = std::filesystem::file_size(path_, error);
  buffer_.resize(error ? capacity : std::min<std::uintmax_t>(capacity, std::max<std::uintmax_t>(size, 4096)));
  file_.rdbuf()->pubsetbuf(nullptr, 0);  // buffer_ is the only buffer
  errno = 0;
  file_.open(path_, std::ios::binary);
  if (!file_)
    throw SystemError(path_.string() +
                      ": cannot be opened for reading: " + std::generic_category().message(errno));
}

bool ByteSource::refill() {
  const std::size_t kept = end_ - begin_;
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
    begin_ = 0;
    end_ = kept;
  }
  if (!file_ || end_ == buffer_.size()) return false;
  errno = 0;
  const std::size_t step = std::min(buffer_.size() - end_, step_bytes);
  file_.read(buffer_.data() + end_, static_cast<std::streamsize>(step));
  const auto got = static_cast<std::size_t>(file_.gcount());
  if (file_.bad())
    throw SystemError(path_.string() + ": cannot be read at byte " + std::to_string(end_offset_) + ": " +
                      std::generic_category().message(errno));
  end_ += got;
  end_offset_ += got;
  return got > 0;
}

}  // namespace flurry
