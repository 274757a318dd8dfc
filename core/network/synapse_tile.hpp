// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/huge_pages.hpp"

namespace flurry {

/// Synapses on their way into rows. Drawn target by target they would be written all over memory, a cache and
/// page miss each; gathered by the million and handed on by stretches of neighbouring sources, each miss
/// serves several.
class SynapseTile {
 public:
  struct Synapse {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    float weight = 0.0F;
    float delay = 0.0F;
  };

  explicit SynapseTile(std::uint32_t source_size) : sources_per_stretch_(source_size / most_stretches + 1) {
    resize_on_huge_pages(gathered_, capacity);
    resize_on_huge_pages(sorted_, capacity);
  }

  [[nodiscard]] bool full() const { return size_ == capacity; }
  void add(const Synapse& synapse) { gathered_[size_++] = synapse; }

  /// Calls place(synapse) for all, stretch by stretch; within a stretch in the order they were added. Empties
  /// the tile.
  template <class Place>
  void flush(const Place& place) {
    starts_.assign(most_stretches + 1, 0);
    for (std::size_t i = 0; i < size_; ++i) ++starts_[gathered_[i].source / sources_per_stretch_ + 1];
    for (std::size_t i = 0; i < most_stretches; ++i) starts_[i + 1] += starts_[i];
    for (std::size_t i = 0; i < size_; ++i)
      sorted_[starts_[gathered_[i].source / sources_per_stretch_]++] = gathered_[i];
    for (std::size_t i = 0; i < size_; ++i) place(sorted_[i]);
    size_ = 0;
  }

 private:
  static constexpr std::size_t capacity = std::size_t{1} << 21U;
  static constexpr std::uint32_t most_stretches = 1024;

  std::uint32_t sources_per_stretch_;
  std::size_t size_ = 0;
  std::vector<Synapse> gathered_;
  std::vector<Synapse> sorted_;
  std::vector<std::uint32_t> starts_;
};

}  // namespace flurry
