// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flurry {

/// What a rank told others.
struct Communication {
  std::uint64_t exchanges = 0;
  std::uint64_t messages = 0;  // to other ranks, with something in them
  std::uint64_t bytes = 0;     // of these
  double waiting = 0.0;        // s, for others
};

/// One of several ranks that simulate a network together, each a process (or thread) with memory of its own.
/// All ranks make the same calls in the same order. This one is alone; core/parallel makes those that have
/// company.
class Communicator {
 public:
  using Bytes = std::vector<std::byte>;
  using Notice = std::array<std::int64_t, 2>;  // goes to everyone with every exchange

  Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;
  virtual ~Communicator() = default;

  [[nodiscard]] virtual std::uint32_t rank() const { return 0; }
  [[nodiscard]] virtual std::uint32_t ranks() const { return 1; }

  /// Begins to send the notice to all ranks and outgoing[r] to rank r; work may go on meanwhile. What is sent
  /// must stay as it is until the end.
  virtual void begin_exchange(const Notice& notice, std::span<const Bytes> outgoing) {
    notice_ = notice;
    outgoing_ = outgoing;
  }
  /// Waits for the notices and messages of all ranks, one's own among them: by rank.
  virtual void end_exchange(std::vector<Notice>& notices, std::vector<Bytes>& incoming) {
    notices.assign(1, notice_);
    incoming.assign(outgoing_.begin(), outgoing_.end());
  }

  [[nodiscard]] const Communication& done() const { return done_; }

 protected:
  Communication done_;

 private:
  Notice notice_{};
  std::span<const Bytes> outgoing_;
};

}  // namespace flurry
