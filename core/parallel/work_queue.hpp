// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace flurry {

/// Work done one piece after the other by a thread of its own, in the order given; what waits is bounded.
class WorkQueue {
 public:
  using Work = std::function<void()>;

  /// `most_bytes`: of all that waits.
  explicit WorkQueue(std::size_t most_bytes);
  /// Does what waits, then ends. Errors are not seen: whoever must know calls finish() first.
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// Takes a piece, waiting until there is room for its `bytes`. Throws what an earlier piece has thrown;
  /// after that nothing more is done.
  void post(std::size_t bytes, Work work);
  /// False where there is no room now.
  [[nodiscard]] bool try_post(std::size_t bytes, Work work);
  /// Waits until all is done. Throws what a piece has thrown.
  void wait();
  /// Waits until all is done, and ends. Throws what a piece has thrown.
  void finish();

 private:
  void run();
  [[nodiscard]] bool has_room(std::size_t bytes) const;
  void take(std::size_t bytes, Work work);

  std::size_t most_bytes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  struct Piece {
    std::size_t bytes;
    Work work;
  };
  std::deque<Piece> pieces_;
  std::size_t bytes_ = 0;
  std::exception_ptr problem_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace flurry
