// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
// Loaded before the C library: writes of all threads but the first stand still until the program has nothing
// else to do.
#include <chrono>
#include <ctime>
#include <thread>

#include <dlfcn.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

void wait_for_idleness() {
  constexpr std::chrono::milliseconds interval{300};
  constexpr double busy = 0.02 * CLOCKS_PER_SEC;  // of all threads in the interval
  for (std::clock_t before = std::clock();;) {
    std::this_thread::sleep_for(interval);
    const std::clock_t now = std::clock();
    if (static_cast<double>(now - before) < busy) return;
    before = now;
  }
}

void stall() {
  if (::gettid() == ::getpid()) return;
  static const bool once = (wait_for_idleness(), true);
  (void)once;
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
