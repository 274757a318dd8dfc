// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/executor.hpp"
#include "core/engine/block.hpp"
#include "core/engine/block_samples.hpp"
#include "core/engine/processors.hpp"
#include "core/engine/state_recorder.hpp"

namespace flurry {

/// Throws UsageError unless the population is one of neurons that has these neurons and variables. Of a share
/// the neurons must be here; there may be none.
void validate(const SampleRequest& request, const Network& network, const Processors& processors);

/// The part of Simulation that has states sampled: block by block while neurons move through a window, or
/// from the state they rest in. Only blocks with neurons that are sampled cost anything.
///
/// How far it has come is the number of times taken of each request, and nothing else.
class StateSampling {
 public:
  /// `blocks` are those of the simulation, `first_block` that of each population; blocks hold 2^block_shift.
  StateSampling(const Network& network, const Processors& processors, const std::vector<Block>& blocks,
                const std::vector<std::uint32_t>& first_block, std::uint32_t block_shift);

  /// Times before `now` (in the network's unit) are left out.
  void add(SampleRequest request, StateRecorder& recorder, double now);

  /// Takes and hands out what is due before `time`, until which nothing happens. `point`: the last grid point
  /// that neurons were stepped through.
  void rest_until(double time, double point, Executor& executor);
  /// Makes due what lies before `end`. What lies before the window must have been taken.
  void open(double end);
  /// What is due of a block.
  [[nodiscard]] std::span<const BlockSamples> of(std::uint32_t block) const {
    if (!any_due_) return {};
    return due_[block];
  }
  /// The window is over: takes what is due of blocks not in `visited` (ascending), and hands out all.
  void close(std::span<const std::uint32_t> visited, double point, Executor& executor);

  /// How many times have been taken of each request, and going on from there.
  [[nodiscard]] std::vector<std::uint64_t> taken() const;
  void go_on_after(std::span<const std::uint64_t> taken);

  [[nodiscard]] std::uint64_t memory_bytes() const;

 private:
  // The neurons of a request in one block.
  struct Part {
    std::uint32_t block = 0;
    std::uint32_t begin = 0;  // among the request's neurons
    std::uint32_t end = 0;
  };
  struct Entry {
    SampleRequest request;
    StateRecorder* recorder = nullptr;
    std::vector<Part> parts;
    std::uint64_t next = 0;        // number of the first time not yet taken
    std::vector<double> times;     // due, ms
    std::vector<double> instants;  // the same in the network's unit
    std::vector<double> values;
  };

  [[nodiscard]] bool find_due(Entry& entry, double end, std::size_t most) const;
  bool make_due(double end, std::size_t most_values);
  void sample_resting(std::uint32_t block, double point) const;
  void hand_out();

  const Network& network_;
  const Processors& processors_;
  const std::vector<Block>& blocks_;
  const std::vector<std::uint32_t>& first_block_;
  std::uint32_t block_shift_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> sampled_;          // blocks, ascending
  std::vector<std::vector<BlockSamples>> due_;  // by block
  std::vector<std::uint32_t> resting_;          // blocks
  bool any_due_ = false;
};

}  // namespace flurry
