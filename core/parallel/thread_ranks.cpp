// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/thread_ranks.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/error.hpp"

namespace flurry {
namespace {

struct GivenUp {};  // another rank failed

// What the ranks share. An exchange uses one of two sets of slots: nobody begins the one after the next
// before all have ended this one.
class Room {
 public:
  explicit Room(std::uint32_t ranks)
      : begun_(ranks, 0), slots_{std::vector<Slot>(ranks), std::vector<Slot>(ranks)} {}

  void begin(std::uint32_t rank, const Communicator::Notice& notice,
             std::span<const Communicator::Bytes> outgoing) {
    const std::lock_guard lock(mutex_);
    Slot& slot = slots_[begun_[rank] % 2][rank];
    slot.notice = notice;
    slot.messages.assign(outgoing.begin(), outgoing.end());
    ++begun_[rank];
    changed_.notify_all();
  }
  void end(std::uint32_t rank, std::vector<Communicator::Notice>& notices,
           std::vector<Communicator::Bytes>& incoming) {
    std::unique_lock lock(mutex_);
    const std::uint64_t number = begun_[rank];
    changed_.wait(lock, [&] {
      return failed_ ||
             std::all_of(begun_.begin(), begun_.end(), [&](auto begun) { return begun >= number; });
    });
    if (failed_) throw GivenUp{};
    notices.clear();
    incoming.clear();
    for (Slot& slot : slots_[(number - 1) % 2]) {
      notices.push_back(slot.notice);
      incoming.push_back(slot.messages.empty() ? Communicator::Bytes() : slot.messages[rank]);
    }
  }
  void fail() {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    changed_.notify_all();
  }

 private:
  struct Slot {
    Communicator::Notice notice{};
    std::vector<Communicator::Bytes> messages;  // by rank they go to
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> begun_;
  std::array<std::vector<Slot>, 2> slots_;
  bool failed_ = false;
};

class ThreadCommunicator final : public Communicator {
 public:
  ThreadCommunicator(Room& room, std::uint32_t rank, std::uint32_t ranks)
      : room_(room), rank_(rank), ranks_(ranks) {}

  [[nodiscard]] std::uint32_t rank() const override { return rank_; }
  [[nodiscard]] std::uint32_t ranks() const override { return ranks_; }
  void begin_exchange(const Notice& notice, std::span<const Bytes> outgoing) override {
    ++done_.exchanges;
    for (std::size_t to = 0; to < outgoing.size(); ++to) {
      if (to == rank_ || outgoing[to].empty()) continue;
      ++done_.messages;
      done_.bytes += outgoing[to].size();
    }
    room_.begin(rank_, notice, outgoing);
  }
  void end_exchange(std::vector<Notice>& notices, std::vector<Bytes>& incoming) override {
    const auto begin = std::chrono::steady_clock::now();
    room_.end(rank_, notices, incoming);
    done_.waiting += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

 private:
  Room& room_;
  std::uint32_t rank_;
  std::uint32_t ranks_;
};

}  // namespace

void run_on_thread_ranks(std::uint32_t ranks, const std::function<void(Communicator&)>& work) {
  Room room(ranks);
  std::vector<std::exception_ptr> failures(ranks);
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t rank = 0; rank < ranks; ++rank)
      threads.emplace_back([&, rank] {
        try {
          ThreadCommunicator communicator(room, rank, ranks);
          work(communicator);
        } catch (const GivenUp&) {  // whoever failed says why
        } catch (...) {
          failures[rank] = std::current_exception();
          room.fail();
        }
      });
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace flurry
