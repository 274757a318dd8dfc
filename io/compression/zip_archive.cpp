// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/compression/zip_archive.hpp"

#include <cstring>
#include <utility>

#include <zip.h>

#include "core/base/error.hpp"

namespace flurry {

namespace {

constexpr std::size_t entry_buffer_bytes = std::size_t{1} << 18U;

std::string zip_error_words(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string words = zip_error_strerror(&error);
  zip_error_fini(&error);
  return words;
}

}  // namespace

ZipEntry::ZipEntry(std::shared_ptr<void> archive, void* entry)
    : archive_(std::move(archive)), entry_(entry), buffer_(entry_buffer_bytes) {}

void ZipEntry::Close::operator()(void* entry) const { zip_fclose(static_cast<zip_file_t*>(entry)); }

bool ZipEntry::refill() {
  const std::size_t kept = end_ - begin_;
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  begin_ = 0;
  end_ = kept;
  if (end_ == buffer_.size()) return false;
  const zip_int64_t got =
      zip_fread(static_cast<zip_file_t*>(entry_.get()), buffer_.data() + end_, buffer_.size() - end_);
  if (got <= 0) return false;
  end_ += static_cast<std::size_t>(got);
  end_offset_ += static_cast<std::uint64_t>(got);
  return true;
}

ZipArchive::ZipArchive(const std::filesystem::path& path) : path_(path.string()) {
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (archive == nullptr) {
    const std::string message = path_ + ": cannot be opened as a zip archive: " + zip_error_words(code);
    if (code == ZIP_ER_NOENT || code == ZIP_ER_OPEN || code == ZIP_ER_READ) throw SystemError(message);
    throw FormatError(message);
  }
  archive_.reset(archive, &zip_discard);
  const zip_int64_t count = zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < count; ++i)
    if (const char* name = zip_get_name(archive, static_cast<zip_uint64_t>(i), 0)) names_.emplace_back(name);
}

ZipEntry ZipArchive::open(const std::string& name) const {
  auto* const archive = static_cast<zip_t*>(archive_.get());
  zip_file_t* const entry = zip_fopen(archive, name.c_str(), 0);
  if (entry == nullptr)
    throw FormatError(path_ + ": its file '" + name + "' cannot be read: " + zip_strerror(archive));
  return {archive_, entry};
}

}  // namespace flurry
