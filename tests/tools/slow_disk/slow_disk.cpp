// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Loaded before the C library: the disk stands still for FLURRY_DISK_STALL milliseconds from the first write
// on.
#include <chrono>
#include <cstdlib>
#include <thread>

#include <dlfcn.h>
#include <sys/types.h>

namespace {

void stall() {
  using Clock = std::chrono::steady_clock;
  static const Clock::time_point end = [] {
    const char* const text = std::getenv("FLURRY_DISK_STALL");
    return Clock::now() + std::chrono::milliseconds(text == nullptr ? 0 : std::atoi(text));
  }();
  std::this_thread::sleep_until(end);
}

using Write = ssize_t (*)(int, const void*, size_t, off_t);

}  // namespace

extern "C" {

ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
  static const auto next = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "pwrite"));
  stall();
  return next(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
  static const auto next = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "pwrite64"));
  stall();
  return next(file, bytes, count, offset);
}

}  // extern "C"
