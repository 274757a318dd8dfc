// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/hdf5/overwrite_log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "io/compression/checksum.hpp"
#include "io/text/text_file.hpp"

namespace flurry {
namespace {

constexpr std::size_t summed = 2 * sizeof(std::uint64_t);  // of both

struct Head {
  std::array<char, 8> magic{'f', 'l', 'u', 'r', 'r', 'y', 'U', '1'};
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;  // of magic and size
};
struct Record {
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  std::uint32_t checksum = 0;  // of address and length
  std::uint32_t content = 0;   // of the bytes that follow
};

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <class T>
std::uint32_t checksum_of(const T& head) {
  return crc32_of(bytes_of(head).substr(0, summed));
}

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what) {
  throw SystemError(path.string() + ": " + what + ": " + std::generic_category().message(errno));
}

int open_or_refuse(const std::filesystem::path& path, int flags) {
  constexpr int permissions = 0644;
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, permissions);
  if (file < 0) refuse(path, "cannot be opened");
  return file;
}

void write_all(int file, std::string_view bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) refuse(path, "cannot be written");
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Where whole records begin. What comes after the last was being written when the program was killed.
std::vector<std::size_t> records_of(std::string_view log, const std::filesystem::path& path) {
  std::vector<std::size_t> places;
  Record record;
  for (std::size_t at = sizeof(Head); log.size() - at >= sizeof record;) {
    std::memcpy(&record, log.data() + at, sizeof record);
    const bool known = record.checksum == checksum_of(record);
    if (known && record.length > log.size() - at - sizeof record) break;
    if (!known || record.content != crc32_of(log.substr(at + sizeof record, record.length)))
      throw FormatError("'" + path.string() + "' is damaged: what was overwritten cannot be put back");
    places.push_back(at);
    at += sizeof record + record.length;
  }
  return places;
}

}  // namespace

OverwriteLog::OverwriteLog(const std::filesystem::path& path, const std::filesystem::path& file,
                           std::uint64_t size)
    : path_(path), size_(size), file_(open_or_refuse(file, O_RDONLY)), log_(-1) {
  try {
    log_ = open_or_refuse(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    Head head;
    head.size = size;
    head.checksum = checksum_of(head);
    write_all(log_, bytes_of(head), path);
  } catch (...) {
    ::close(file_);
    if (log_ >= 0) ::close(log_);
    throw;
  }
}

OverwriteLog::~OverwriteLog() {
  ::close(file_);
  ::close(log_);
}

void OverwriteLog::before_write(std::uint64_t address, std::uint64_t size) {
  if (address >= size_) return;
  Record record{address, std::min(size, size_ - address), 0, 0};
  std::string bytes(record.length, '\0');
  const ssize_t found = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(address));
  if (found < 0) refuse(path_, "cannot keep what is overwritten");
  record.length = static_cast<std::uint64_t>(found);  // a file that was cut is kept as far as it goes
  bytes.resize(record.length);
  if (bytes.empty()) return;
  record.checksum = checksum_of(record);
  record.content = crc32_of(bytes);
  write_all(log_, std::string(bytes_of(record)) + bytes, path_);
}

void roll_back(const std::filesystem::path& path, const std::filesystem::path& file) {
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return;
  const std::string log = read_text_file(path);
  Head head;
  if (log.size() < sizeof head) return;  // killed as the log began
  const Head expected;
  std::memcpy(&head, log.data(), sizeof head);
  if (head.magic != expected.magic || head.checksum != checksum_of(head))
    throw FormatError("'" + path.string() + "' is no log of what was overwritten in '" + file.string() + "'");
  const std::vector<std::size_t> places = records_of(log, path);
  const int out = open_or_refuse(file, O_WRONLY);
  bool written = true;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    Record record;
    std::memcpy(&record, log.data() + *place, sizeof record);
    const char* const bytes = log.data() + *place + sizeof record;
    written = written && ::pwrite(out, bytes, record.length, static_cast<off_t>(record.address)) ==
                             static_cast<ssize_t>(record.length);
  }
  written = written && ::ftruncate(out, static_cast<off_t>(head.size)) == 0;
  ::close(out);
  if (!written) refuse(file, "cannot be led back to the checkpoint");
}

}  // namespace flurry
