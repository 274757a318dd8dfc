// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/parallel/hand_over.hpp"

namespace flurry {

HandOver::HandOver(std::size_t lanes) : lanes_(lanes) {}

void HandOver::give() { rounds_.fetch_add(1, std::memory_order_release); }

void HandOver::take_back() const {
  for (const Lane& lane : lanes_) (void)lane.pieces.load(std::memory_order_acquire);
}

void HandOver::run(const Work& work, std::size_t i, std::size_t lane) {
  struct Leave {
    std::atomic<std::size_t>& pieces;
    std::size_t before;
    ~Leave() { pieces.store(before + 1, std::memory_order_release); }
  };
  (void)rounds_.load(std::memory_order_acquire);
  std::atomic<std::size_t>& pieces = lanes_[lane].pieces;
  const Leave leave{pieces, pieces.load(std::memory_order_acquire)};
  work(i, lane);
}

}  // namespace flurry
