// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/thread_executor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry::testing {

// No atomics anywhere in this file: what one piece, or the caller, wrote is there for the next on the lane
// and for the caller. The thread sanitizer would tell.

TEST_CASE("every piece is run once, on a lane that runs one piece at a time") {
  for (const std::size_t threads : {1, 2, 3, 7}) {
    CAPTURE(threads);
    ThreadExecutor executor(threads);
    REQUIRE(executor.lanes() == threads);
    std::vector<std::size_t> runs(1000, 0);
    std::vector<std::uint64_t> sums(threads, 0);  // of lanes, next to each other in one cache line
    const std::size_t rounds = 50;
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::uint64_t factor = round + 1;  // the caller's, on its own stack
      executor.for_each(runs.size(), [&](std::size_t i, std::size_t lane) {
        ++runs[i];
        sums.at(lane) += factor * i;
      });
      for (const std::size_t count : runs) REQUIRE(count == round + 1);
    }
    const std::uint64_t one = 1000 * 999 / 2;
    CHECK(std::accumulate(sums.begin(), sums.end(), std::uint64_t{0}) == one * rounds * (rounds + 1) / 2);
  }
}

TEST_CASE("no pieces and one piece need no threads: one is run by the caller, on lane 0") {
  ThreadExecutor executor(3);
  executor.for_each(0, [](std::size_t, std::size_t) { FAIL("there is nothing to run"); });
  std::size_t runs = 0;
  executor.for_each(1, [&](std::size_t i, std::size_t lane) { runs += 1 + i + lane; });
  CHECK(runs == 1);
}

TEST_CASE("what was done before a piece failed is there, and the executor goes on to serve") {
  ThreadExecutor executor(4);
  std::vector<int> done(200, 0);
  for (int round = 1; round <= 20; ++round) {
    CHECK_THROWS_WITH_AS(executor.for_each(done.size(),
                                           [&](std::size_t i, std::size_t) {
                                             done[i] = round;
                                             if (i == 150) throw UsageError("piece " + std::to_string(i));
                                           }),
                         "piece 150", UsageError);
    CHECK(done[150] == round);
    for (const int last : done) CHECK(last <= round);  // the rest may or may not have been run
  }
  executor.for_each(done.size(), [&](std::size_t i, std::size_t) { done[i] = -1; });
  for (const int last : done) CHECK(last == -1);
}

TEST_CASE("executors live side by side, and a piece may hand out pieces of another one") {
  ThreadExecutor outer(3);
  std::vector<std::vector<std::size_t>> squares(12);
  outer.for_each(squares.size(), [&](std::size_t i, std::size_t) {
    ThreadExecutor inner(2);
    std::vector<std::size_t> found(20);
    inner.for_each(found.size(), [&](std::size_t j, std::size_t) { found[j] = i * j * j; });
    squares[i] = found;
  });
  for (std::size_t i = 0; i < squares.size(); ++i)
    for (std::size_t j = 0; j < 20; ++j) REQUIRE(squares[i][j] == i * j * j);
}

TEST_CASE("callers on several threads, each with an executor of its own, do not disturb each other") {
  const auto rounds = [](std::uint64_t& total) {
    ThreadExecutor executor(3);
    std::vector<std::uint64_t> sums(executor.lanes(), 0);
    for (std::uint64_t round = 0; round < 200; ++round)
      executor.for_each(64, [&](std::size_t i, std::size_t lane) { sums.at(lane) += i * round; });
    total = std::accumulate(sums.begin(), sums.end(), std::uint64_t{0});
  };
  std::vector<std::uint64_t> totals(4, 0);
  std::vector<std::thread> callers;
  for (std::uint64_t& total : totals) callers.emplace_back(rounds, std::ref(total));
  for (std::thread& caller : callers) caller.join();
  for (const std::uint64_t total : totals) CHECK(total == std::uint64_t{63 * 64 / 2} * (199 * 200 / 2));
}

}  // namespace flurry::testing
