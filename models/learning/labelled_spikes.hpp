// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/spike.hpp"

namespace flurry {

/// One sample on its way into a network.
struct SpikeInput {
  std::vector<double> times;            // ms
  std::vector<std::uint32_t> channels;  // one per time
  std::uint32_t label = 0;
};

/// Labelled samples in memory: 12 bytes per spike.
class LabelledSpikes {
 public:
  std::uint32_t channels = 0;        // all are below
  std::vector<std::string> classes;  // names by label

  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] std::uint64_t spikes() const { return times_.size(); }
  [[nodiscard]] std::uint32_t label(std::size_t i) const { return labels_[i]; }
  [[nodiscard]] const std::vector<std::uint32_t>& labels() const { return labels_; }
  [[nodiscard]] std::span<const double> times(std::size_t i) const {
    return std::span(times_).subspan(begin_[i], begin_[i + 1] - begin_[i]);
  }
  [[nodiscard]] std::span<const std::uint32_t> channels_of(std::size_t i) const {
    return std::span(ids_).subspan(begin_[i], begin_[i + 1] - begin_[i]);
  }

  void add(std::span<const double> times, std::span<const std::uint32_t> ids, std::uint32_t label) {
    times_.insert(times_.end(), times.begin(), times.end());
    ids_.insert(ids_.end(), ids.begin(), ids.end());
    begin_.push_back(times_.size());
    labels_.push_back(label);
  }
  void add(std::span<const Spike> spikes, std::uint32_t label) {
    for (const Spike& spike : spikes) {
      times_.push_back(spike.time);
      ids_.push_back(spike.neuron);
    }
    begin_.push_back(times_.size());
    labels_.push_back(label);
  }
  /// Sample i in place of what `input` held.
  void copy(std::size_t i, SpikeInput& input) const {
    input.times.assign(times(i).begin(), times(i).end());
    input.channels.assign(channels_of(i).begin(), channels_of(i).end());
    input.label = labels_[i];
  }

 private:
  std::vector<std::size_t> begin_{0};  // of each sample, and the end
  std::vector<double> times_;
  std::vector<std::uint32_t> ids_;
  std::vector<std::uint32_t> labels_;
};

}  // namespace flurry
