// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/interrupt.hpp"

#include <atomic>

namespace flurry {
namespace {

// A signal handler can reach nothing but a static; lock-free, so it may touch this one.
std::atomic<bool>& flag() {
  static std::atomic<bool> requested{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
  return requested;
}

extern "C" void ask_to_stop(int) { flag().store(true); }

}  // namespace

InterruptGuard::InterruptGuard() {
  flag().store(false);
  struct sigaction action {};
  action.sa_handler = &ask_to_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second signal ends the program
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &interrupt_before_);
  sigaction(SIGTERM, &action, &terminate_before_);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &interrupt_before_, nullptr);
  sigaction(SIGTERM, &terminate_before_, nullptr);
}

bool InterruptGuard::requested() { return flag().load(); }

}  // namespace flurry
