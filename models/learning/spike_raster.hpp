// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace flurry {

/// Spikes on a grid, step after step: never a dense tensor.
class SpikeRaster {
 public:
  [[nodiscard]] std::size_t steps() const { return begin_.size() - 1; }
  [[nodiscard]] std::size_t spikes() const { return ids_.size(); }
  /// Who spikes at `step`.
  [[nodiscard]] std::span<const std::uint32_t> at(std::size_t step) const {
    return std::span(ids_).subspan(begin_[step], begin_[step + 1] - begin_[step]);
  }

  void clear() {
    begin_.assign(1, 0);
    ids_.clear();
  }
  /// Adds a spike to the step that is being filled.
  void add(std::uint32_t id) { ids_.push_back(id); }
  /// The next spike belongs to the next step.
  void end_step() { begin_.push_back(static_cast<std::uint32_t>(ids_.size())); }

 private:
  std::vector<std::uint32_t> begin_{0};  // of each step in ids_, and the end
  std::vector<std::uint32_t> ids_;
};

}  // namespace flurry
