// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "models/learning/learner.hpp"

namespace flurry {

/// Runs a batch chunk by chunk: `Room` is what a lane works in, `Sum` what a chunk adds up. Kept between
/// batches so as not to ask for memory.
template <class Room, class Sum>
class LearnerChunks {
 public:
  /// run(input, room, sum), which returns the answer, for every sample; `prepare(sum)` before a chunk's
  /// first. Afterwards sums() are those of the chunks, in order.
  template <class Prepare, class Run>
  void run(const SampleBatch& batch, Executor& executor, std::span<std::uint32_t> answers,
           const Prepare& prepare, const Run& run) {
    used_ = (batch.count + Learner::chunk - 1) / Learner::chunk;
    while (sums_.size() < used_) sums_.push_back(std::make_unique<Sum>());
    while (lanes_.size() < executor.lanes()) lanes_.push_back(std::make_unique<Lane>());
    executor.for_each(used_, [&](std::size_t c, std::size_t lane) {
      Sum& sum = *sums_[c];
      prepare(sum);
      const std::size_t end = std::min(batch.count, (c + 1) * Learner::chunk);
      for (std::size_t i = c * Learner::chunk; i < end; ++i) {
        batch.read(i, lanes_[lane]->input);
        const std::uint32_t answer = run(lanes_[lane]->input, lanes_[lane]->room, sum);
        if (!answers.empty()) answers[i] = answer;
      }
    });
  }
  [[nodiscard]] std::span<const std::unique_ptr<Sum>> sums() const { return std::span(sums_).first(used_); }

 private:
  struct Lane {
    SpikeInput input;
    Room room;
  };
  std::vector<std::unique_ptr<Sum>> sums_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::size_t used_ = 0;
};

}  // namespace flurry
