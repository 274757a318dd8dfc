// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/thread_executor.hpp"

#include <atomic>
#include <vector>

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/base/error.hpp"
#include "core/parallel/hand_over.hpp"

// The thread sanitizer does not look into this file (CMakeLists.txt): TBB's templates are instantiated here,
// whose other half is in a library without instrumentation. What it must see is in hand_over.cpp.
namespace flurry {

struct ThreadExecutor::Arena {
  // Asks for the threads even where the machine has fewer processors: results must not depend on it, and
  // tests do.
  explicit Arena(std::size_t threads)
      : limit(tbb::global_control::max_allowed_parallelism, threads),
        arena(static_cast<int>(threads)),
        hand_over(threads),
        shares(threads) {}
  tbb::global_control limit;
  tbb::task_arena arena;
  HandOver hand_over;

  // The pieces of a lane: neighbours, the same ones in every round, so that what they work on stays in the
  // caches of one core. Who is done with its own helps the next.
  struct alignas(64) Share {
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;
  };
  std::vector<Share> shares;
  std::atomic<bool> at_work{false};

  void deal_out(std::size_t count) {
    for (std::size_t lane = 0; lane < shares.size(); ++lane) {
      shares[lane].next = count * lane / shares.size();
      shares[lane].end = count * (lane + 1) / shares.size();
    }
  }
  void work_off(const std::function<void(std::size_t, std::size_t)>& work, std::size_t lane) try {
    for (std::size_t offset = 0; offset < shares.size(); ++offset) {
      Share& share = shares[(lane + offset) % shares.size()];
      for (std::size_t i = share.next++; i < share.end; i = share.next++) hand_over.run(work, i, lane);
    }
  } catch (...) {  // nobody begins another piece
    for (Share& share : shares) share.next = share.end;
    throw;
  }
};

ThreadExecutor::ThreadExecutor(std::size_t threads)
    : arena_(std::make_unique<Arena>(
          threads > 0 ? threads : static_cast<std::size_t>(tbb::info::default_concurrency()))) {}

ThreadExecutor::~ThreadExecutor() = default;

std::size_t ThreadExecutor::lanes() const {
  return static_cast<std::size_t>(arena_->arena.max_concurrency());
}

void ThreadExecutor::for_each(std::size_t count, const std::function<void(std::size_t, std::size_t)>& work) {
  if (count <= 1 || lanes() == 1) {
    for (std::size_t i = 0; i < count; ++i) work(i, 0);
    return;
  }
  struct Round {
    explicit Round(Arena& arena) : at_work(arena.at_work), hand_over(arena.hand_over) {
      if (at_work.exchange(true))
        throw InternalError("pieces of a round began a round of their own executor");
      hand_over.give();
    }
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;
    ~Round() {
      hand_over.take_back();
      at_work = false;
    }
    std::atomic<bool>& at_work;
    HandOver& hand_over;
  };
  const Round round(*arena_);
  arena_->arena.execute([&] {
    arena_->deal_out(count);
    tbb::parallel_for(
        std::size_t{0}, lanes(),
        [&](std::size_t) {
          arena_->work_off(work, static_cast<std::size_t>(tbb::this_task_arena::current_thread_index()));
        },
        tbb::simple_partitioner{});
  });
}

}  // namespace flurry
