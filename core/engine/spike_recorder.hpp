// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core/base/spike.hpp"

namespace flurry {

/// Takes spikes while a simulation runs.
class SpikeRecorder {
 public:
  SpikeRecorder() = default;
  SpikeRecorder(const SpikeRecorder&) = delete;
  SpikeRecorder& operator=(const SpikeRecorder&) = delete;
  virtual ~SpikeRecorder() = default;

  /// Spikes of neurons (not of sources), network-wide numbers, ordered by time then neuron; each call starts
  /// no earlier than the last one ended.
  virtual void record(std::span<const Spike> spikes) = 0;
};

/// Keeps all spikes in memory.
class SpikeMemory final : public SpikeRecorder {
 public:
  void record(std::span<const Spike> spikes) override {
    spikes_.insert(spikes_.end(), spikes.begin(), spikes.end());
  }
  [[nodiscard]] const SpikeTrain& spikes() const { return spikes_; }

 private:
  SpikeTrain spikes_;
};

}  // namespace flurry
