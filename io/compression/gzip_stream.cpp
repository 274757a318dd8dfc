// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/gzip_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <zlib.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr unsigned gzip_buffer_bytes = 1U << 16U;
constexpr std::size_t most_at_once = std::size_t{1} << 30U;  // gzread counts in int

}  // namespace

struct GzipStream::File {
  explicit File(gzFile opened) : handle(opened) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { gzclose_r(handle); }

  gzFile handle;
};

GzipStream::GzipStream(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code failed;
  if (std::filesystem::is_directory(path_, failed))
    throw SystemError("cannot read " + path_.string() + ": it is a folder; expected a file");
  errno = 0;
  const gzFile opened = gzopen(path_.c_str(), "rb");
  if (opened == nullptr)
    throw SystemError("cannot read " + path_.string() + ": " + std::generic_category().message(errno));
  file_ = std::make_unique<File>(opened);
  gzbuffer(opened, gzip_buffer_bytes);
  file_size_ = std::filesystem::file_size(path_, failed);
  if (failed) file_size_ = 0;
  packed_ = gzdirect(opened) == 0 && file_size_ > 0;
}

GzipStream::GzipStream(GzipStream&&) noexcept = default;
GzipStream& GzipStream::operator=(GzipStream&&) noexcept = default;
GzipStream::~GzipStream() = default;

std::size_t GzipStream::read(std::span<std::uint8_t> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto wanted = static_cast<unsigned>(std::min(bytes.size() - done, most_at_once));
    errno = 0;
    const int got = gzread(file_->handle, bytes.data() + done, wanted);
    int problem = Z_OK;
    const char* reason = gzerror(file_->handle, &problem);
    if (problem == Z_ERRNO)
      throw SystemError("cannot read " + path_.string() + ": " + std::generic_category().message(errno));
    if (got < 0 || problem != Z_OK)
      throw FormatError(path_.string() + ": the gzipped data are " +
                        (problem == Z_BUF_ERROR ? "cut short" : "damaged (" + std::string(reason) + ")") +
                        "; expected a whole gzip file");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void GzipStream::seek(std::uint64_t offset) {
  if (gzseek(file_->handle, static_cast<z_off_t>(offset), SEEK_SET) < 0)
    throw FormatError(path_.string() + ": byte " + std::to_string(offset) +
                      " of the content cannot be reached; the file is damaged");
}

}  // namespace flurry
