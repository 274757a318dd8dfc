// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/work_queue.hpp"

#include <cstddef>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "core/base/error.hpp"

namespace flurry::testing {
namespace {

// Holds a queue up until it is let go.
struct Gate {
  std::promise<void> begun;
  std::promise<void> opened;

  // NOLINTNEXTLINE(performance-unnecessary-value-param): a piece owns what it waits for
  static WorkQueue::Work piece(std::shared_ptr<Gate> gate) {
    return [gate] {
      gate->begun.set_value();
      gate->opened.get_future().wait();
    };
  }
};

}  // namespace

TEST_CASE("pieces are done one after the other, in order, by a thread of their own") {
  std::vector<std::size_t> done;  // no lock: the thread sanitizer would tell
  std::thread::id worker;
  WorkQueue queue(100);
  for (std::size_t i = 0; i < 1000; ++i)
    queue.post(i % 150, [&, i] {  // also pieces larger than all the room there is
      if (i == 0) worker = std::this_thread::get_id();
      CHECK(worker == std::this_thread::get_id());
      done.push_back(i);
    });
  queue.finish();
  REQUIRE(done.size() == 1000);
  for (std::size_t i = 0; i < done.size(); ++i) REQUIRE(done[i] == i);
  CHECK(worker != std::this_thread::get_id());
}

TEST_CASE("what waits is bounded: the caller waits for room, or is told that there is none") {
  const auto gate = std::make_shared<Gate>();
  std::size_t done = 0;
  WorkQueue queue(100);
  queue.post(60, Gate::piece(gate));
  gate->begun.get_future().wait();
  CHECK_FALSE(queue.try_post(41, [&] { done += 1000; }));  // what is being done counts
  CHECK(queue.try_post(40, [&] { ++done; }));
  CHECK_FALSE(queue.try_post(1, [&] { done += 1000; }));
  CHECK(queue.try_post(0, [&] { ++done; }));
  bool posted = false;
  std::thread waiting([&] {
    queue.post(1, [&] { ++done; });
    posted = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(done == 0);
  gate->opened.set_value();
  waiting.join();
  queue.finish();
  CHECK(posted);
  CHECK(done == 3);
}

TEST_CASE("a piece larger than the room there is waits until nothing else does") {
  const auto gate = std::make_shared<Gate>();
  bool done = false;
  WorkQueue queue(10);
  queue.post(1, Gate::piece(gate));
  gate->begun.get_future().wait();
  CHECK_FALSE(queue.try_post(1000, [] {}));
  gate->opened.set_value();
  queue.post(1000, [&] { done = true; });
  queue.finish();
  CHECK(done);
}

TEST_CASE("what a piece throws reaches the caller, and nothing after it is done") {
  for (const bool at_post : {false, true}) {
    CAPTURE(at_post);
    const auto gate = std::make_shared<Gate>();
    std::size_t done = 0;
    WorkQueue queue(100);
    queue.post(0, [&] { ++done; });
    queue.post(100, [gate] {
      gate->begun.set_value();
      gate->opened.get_future().wait();
      throw UsageError("the disk is full");
    });
    gate->begun.get_future().wait();
    CHECK(queue.try_post(0, [&] { done += 1000; }));
    gate->opened.set_value();
    if (at_post) CHECK_THROWS_WITH_AS(queue.post(1, [&] { done += 1000; }), "the disk is full", UsageError);
    CHECK_THROWS_WITH_AS(queue.finish(), "the disk is full", UsageError);
    CHECK_THROWS_AS(queue.post(1, [&] { done += 1000; }), UsageError);
    CHECK(done == 1);
  }
}

TEST_CASE("who waits finds all done, and may give more") {
  std::size_t done = 0;
  WorkQueue queue(10);
  queue.wait();
  for (std::size_t round = 1; round <= 20; ++round) {
    for (std::size_t i = 0; i < 10; ++i) queue.post(3, [&] { ++done; });
    queue.wait();
    CHECK(done == 10 * round);
  }
  queue.post(1, [] { throw UsageError("the disk is full"); });
  CHECK_THROWS_AS(queue.wait(), UsageError);
  CHECK_THROWS_AS(queue.finish(), UsageError);
}

TEST_CASE("a queue that is destroyed does what waits, and keeps errors to itself") {
  std::size_t done = 0;
  {
    WorkQueue queue(1000);
    for (std::size_t i = 0; i < 100; ++i) queue.post(1, [&] { ++done; });
    queue.post(1, [] { throw UsageError("nobody asks"); });
  }
  CHECK(done == 100);
}

}  // namespace flurry::testing
