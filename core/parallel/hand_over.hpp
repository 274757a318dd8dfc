// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <vector>

namespace flurry {

/// Memory handed from the caller of for_each to its pieces, from piece to piece on a lane, and back. TBB
/// orders all this too, but inside a library that the thread sanitizer does not see into. Pieces of different
/// lanes stay unordered, so that it sees their races.
class HandOver {
 public:
  using Work = std::function<void(std::size_t i, std::size_t lane)>;

  explicit HandOver(std::size_t lanes);

  /// By the caller, before the first piece and after the last.
  void give();
  void take_back() const;
  /// One piece, on whatever thread; also one that throws hands over.
  void run(const Work& work, std::size_t i, std::size_t lane);

 private:
  struct alignas(64) Lane {  // a cache line of its own
    std::atomic<std::size_t> pieces{0};
  };
  std::atomic<std::size_t> rounds_{0};
  std::vector<Lane> lanes_;
};

}  // namespace flurry
