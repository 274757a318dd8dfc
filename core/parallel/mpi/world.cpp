// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/world.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <limits>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <mpi.h>

#include "core/base/error.hpp"

namespace flurry {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pulse_interval{250};
constexpr std::chrono::seconds longest_silence{8};  // of a rank that lives, however busy it is
constexpr std::chrono::seconds moment{2};           // for all ranks to fail of the same
constexpr int pulse_tag = 1;
constexpr std::size_t largest_message = std::size_t{1} << 30U;  // MPI counts in int

void yield_or_sleep(std::uint64_t tries) {
  if (tries > 100'000)
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  else if (tries > 100)
    std::this_thread::yield();
}

// Waits for requests, leaving the processor to others the longer it takes.
void wait_for_all(std::vector<MPI_Request>& requests) {
  int done = 0;
  for (std::uint64_t tries = 0; done == 0; ++tries) {
    MPI_Testall(static_cast<int>(requests.size()), requests.data(), &done, MPI_STATUSES_IGNORE);
    if (done == 0) yield_or_sleep(tries);
  }
  requests.clear();
}

// Sizes and notices go to all ranks, messages only where there is something in them.
class MpiCommunicator final : public Communicator {
 public:
  explicit MpiCommunicator(MPI_Comm ranks) : comm_(ranks) {
    int number = 0;
    MPI_Comm_rank(comm_, &number);
    rank_ = static_cast<std::uint32_t>(number);
    MPI_Comm_size(comm_, &number);
    ranks_ = static_cast<std::uint32_t>(number);
    heads_out_.resize(ranks_);
    heads_in_.resize(ranks_);
  }

  [[nodiscard]] std::uint32_t rank() const override { return rank_; }
  [[nodiscard]] std::uint32_t ranks() const override { return ranks_; }

  void begin_exchange(const Notice& notice, std::span<const Bytes> outgoing) override {
    ++done_.exchanges;
    for (std::uint32_t to = 0; to < ranks_; ++to)
      heads_out_[to] = {notice, outgoing.empty() ? 0 : static_cast<std::int64_t>(outgoing[to].size())};
    requests_.emplace_back();
    MPI_Ialltoall(heads_out_.data(), sizeof(Head), MPI_BYTE, heads_in_.data(), sizeof(Head), MPI_BYTE, comm_,
                  &requests_.back());
    for (std::uint32_t to = 0; to < outgoing.size(); ++to) {
      if (to == rank_ || outgoing[to].empty()) continue;
      ++done_.messages;
      done_.bytes += outgoing[to].size();
      for_each_part(outgoing[to].size(), [&](std::size_t at, int size) {
        sends_.emplace_back();
        MPI_Isend(outgoing[to].data() + at, size, MPI_BYTE, static_cast<int>(to), 0, comm_, &sends_.back());
      });
    }
    own_ = outgoing.empty() ? nullptr : &outgoing[rank_];
  }

  void end_exchange(std::vector<Notice>& notices, std::vector<Bytes>& incoming) override {
    const Clock::time_point begin = Clock::now();
    wait_for_all(requests_);
    notices.resize(ranks_);
    incoming.resize(ranks_);
    for (std::uint32_t from = 0; from < ranks_; ++from) {
      notices[from] = heads_in_[from].notice;
      incoming[from].resize(static_cast<std::size_t>(heads_in_[from].size));
      if (from == rank_) {
        if (own_ != nullptr) incoming[from] = *own_;
        continue;
      }
      for_each_part(incoming[from].size(), [&](std::size_t at, int size) {
        requests_.emplace_back();
        MPI_Irecv(incoming[from].data() + at, size, MPI_BYTE, static_cast<int>(from), 0, comm_,
                  &requests_.back());
      });
    }
    requests_.insert(requests_.end(), sends_.begin(), sends_.end());
    sends_.clear();
    wait_for_all(requests_);
    done_.waiting += std::chrono::duration<double>(Clock::now() - begin).count();
  }

 private:
  struct Head {
    Notice notice;
    std::int64_t size;
  };
  template <class Visit>
  static void for_each_part(std::size_t size, const Visit& visit) {
    for (std::size_t at = 0; at < size; at += largest_message)
      visit(at, static_cast<int>(std::min(largest_message, size - at)));
  }

  MPI_Comm comm_;
  std::uint32_t rank_ = 0;
  std::uint32_t ranks_ = 1;
  std::vector<Head> heads_out_;
  std::vector<Head> heads_in_;
  std::vector<MPI_Request> requests_;
  std::vector<MPI_Request> sends_;
  const Bytes* own_ = nullptr;
};

// Tells the next rank several times a second that this one lives, and listens to the one before. A rank that
// is stopped or stuck in the system falls silent; one that is busy does not.
class Pulse {
 public:
  explicit Pulse(MPI_Comm ranks) : comm_(ranks) {
    MPI_Comm_rank(comm_, &rank_);
    MPI_Comm_size(comm_, &ranks_);
    thread_ = std::thread([this] { beat(); });
  }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;
  /// All ranks at once: none beats or listens any more afterwards.
  ~Pulse() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  void beat() {
    const int next = (rank_ + 1) % ranks_;
    const int before = (rank_ + ranks_ - 1) % ranks_;
    char out = 0;
    char in = 0;
    MPI_Request sent = MPI_REQUEST_NULL;
    MPI_Request heard = MPI_REQUEST_NULL;
    MPI_Irecv(&in, 1, MPI_BYTE, before, pulse_tag, comm_, &heard);
    Clock::time_point last = Clock::now();
    Clock::time_point looked = last;
    std::unique_lock lock(mutex_);
    while (!over_) {
      lock.unlock();
      int done = 0;
      MPI_Test(&sent, &done, MPI_STATUS_IGNORE);
      if (done != 0) MPI_Isend(&out, 1, MPI_BYTE, next, pulse_tag, comm_, &sent);
      for (MPI_Test(&heard, &done, MPI_STATUS_IGNORE); done != 0;
           MPI_Test(&heard, &done, MPI_STATUS_IGNORE)) {
        last = Clock::now();
        MPI_Irecv(&in, 1, MPI_BYTE, before, pulse_tag, comm_, &heard);
      }
      // Who was stopped himself has no right to complain.
      if (Clock::now() - looked > longest_silence / 2) last = Clock::now();
      looked = Clock::now();
      if (Clock::now() - last > longest_silence) give_up(before);
      lock.lock();
      changed_.wait_for(lock, pulse_interval, [this] { return over_; });
    }
    lock.unlock();
    // What is still under way ends with MPI itself.
    if (sent != MPI_REQUEST_NULL) MPI_Request_free(&sent);
    MPI_Cancel(&heard);
    MPI_Request_free(&heard);
  }
  [[noreturn]] void give_up(int before) const {
    (void)std::fprintf(
        stderr,
        "flurry: error: rank %d has not been heard of for %d s: it hangs or its machine does; the run "
        "is ended, its last checkpoint stands\n",
        before, static_cast<int>(longest_silence.count()));
    (void)std::fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, 4);
    std::abort();
  }

  MPI_Comm comm_;
  int rank_ = 0;
  int ranks_ = 1;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace

struct World::Content {
  Communicator alone;
  bool joined = false;
  MPI_Comm work = MPI_COMM_NULL;
  MPI_Comm failures = MPI_COMM_NULL;
  MPI_Comm leaving = MPI_COMM_NULL;
  MPI_Comm pulses = MPI_COMM_NULL;
  std::unique_ptr<MpiCommunicator> together;
  std::unique_ptr<Pulse> pulse;
  std::size_t here = 1;

  // Several threads of a rank talk to MPI: work and pulse.
  void join() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided);
    joined = true;
    for (MPI_Comm* comm : {&work, &failures, &leaving, &pulses}) MPI_Comm_dup(MPI_COMM_WORLD, comm);
    MPI_Comm machine = MPI_COMM_NULL;
    int ranks_here = 1;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &ranks_here);
    MPI_Comm_free(&machine);
    here = static_cast<std::size_t>(ranks_here);
    together = std::make_unique<MpiCommunicator>(work);
    if (provided == MPI_THREAD_MULTIPLE && together->ranks() > 1) pulse = std::make_unique<Pulse>(pulses);
  }
  // True where all ranks come here within a while.
  static bool all_come(MPI_Comm comm, std::chrono::seconds within) {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(comm, &request);
    const Clock::time_point begin = Clock::now();
    int done = 0;
    while (done == 0 && Clock::now() - begin < within) {
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return done != 0;
  }
};

World::World() : content_(std::make_unique<Content>()) {
  if (processes_started() > 1) content_->join();
}

World::~World() {
  if (!content_->joined) return;
  (void)Content::all_come(content_->leaving,
                          std::chrono::hours(24 * 365));  // a rank that died ends the waiting
  content_->pulse.reset();
  MPI_Finalize();
}

Communicator& World::communicator() {
  return content_->together ? static_cast<Communicator&>(*content_->together) : content_->alone;
}

std::size_t World::ranks_on_this_machine() const { return content_->here; }

void World::fail(int code, const std::function<void(const std::string& who)>& tell) {
  const bool alone = !content_->joined || content_->together->ranks() == 1;
  if (alone || Content::all_come(content_->failures, moment)) {
    if (alone || content_->together->rank() == 0) tell("");
    return;
  }
  tell("rank " + std::to_string(content_->together->rank()) + ": ");
  (void)std::fflush(stderr);
  MPI_Abort(MPI_COMM_WORLD, code);
}

}  // namespace flurry
