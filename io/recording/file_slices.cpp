// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/recording/file_slices.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.hpp"

namespace flurry {

FileSlices::FileSlices(std::filesystem::path path) : path_(std::move(path)), file_(-1) {
  std::error_code error;
  if (std::filesystem::exists(path_, error) && !std::filesystem::is_regular_file(path_, error))
    throw SystemError(path_.string() + ": is no regular file, so it cannot be read on several threads");
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0)
    throw SystemError(path_.string() +
                      ": cannot be opened for reading: " + std::generic_category().message(errno));
}

FileSlices::~FileSlices() { ::close(file_); }

std::size_t FileSlices::read(std::uint64_t offset, std::span<char> bytes) const {
  std::size_t count = 0;
  while (count < bytes.size()) {
    const ssize_t got =
        ::pread(file_, bytes.data() + count, bytes.size() - count, static_cast<off_t>(offset + count));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw SystemError(path_.string() + ": cannot be read at byte " + std::to_string(offset + count) + ": " +
                        std::generic_category().message(errno));
    if (got == 0) break;
    count += static_cast<std::size_t>(got);
  }
  return count;
}

}  // namespace flurry
