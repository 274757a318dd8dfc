// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/work_queue.hpp"

#include <utility>

namespace flurry {

WorkQueue::WorkQueue(std::size_t most_bytes) : most_bytes_(most_bytes), thread_([this] { run(); }) {}

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool WorkQueue::has_room(std::size_t bytes) const {
  return problem_ || pieces_.empty() || bytes_ + bytes <= most_bytes_;
}

void WorkQueue::take(std::size_t bytes, Work work) {
  if (problem_) std::rethrow_exception(problem_);
  bytes_ += bytes;
  pieces_.push_back({bytes, std::move(work)});
  changed_.notify_all();
}

void WorkQueue::post(std::size_t bytes, Work work) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return has_room(bytes); });
  take(bytes, std::move(work));
}

bool WorkQueue::try_post(std::size_t bytes, Work work) {
  const std::lock_guard lock(mutex_);
  if (!has_room(bytes)) return false;
  take(bytes, std::move(work));
  return true;
}

void WorkQueue::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return pieces_.empty(); });
  if (problem_) std::rethrow_exception(problem_);
}

void WorkQueue::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (problem_) std::rethrow_exception(problem_);
}

void WorkQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !pieces_.empty(); });
    if (pieces_.empty()) return;
    if (!problem_) {
      const Work work = std::move(pieces_.front().work);
      lock.unlock();
      std::exception_ptr problem;
      try {
        work();
      } catch (...) {
        problem = std::current_exception();
      }
      lock.lock();
      problem_ = problem;
    }
    bytes_ -= pieces_.front().bytes;
    pieces_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace flurry
