// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/arrival.hpp"

namespace flurry {

/// The arrivals of a block in one window, ordered: one segment per neuron that has any, ascending; within a
/// segment by time, then weight. A total order on content: the order of delivery leaves no trace.
class OrderedArrivals {
 public:
  struct Segment {
    std::uint32_t neuron = 0;  // within the population
    std::uint32_t begin = 0;   // into times() and weights()
    std::uint32_t end = 0;
  };

  void assign(const BlockArrivals& arrivals);

  [[nodiscard]] std::span<const Segment> segments() const { return segments_; }
  [[nodiscard]] const double* times() const { return times_.data(); }
  [[nodiscard]] const double* weights() const { return weights_.data(); }

 private:
  struct Entry {
    double time = 0.0;
    double weight = 0.0;
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.time < b.time || (a.time == b.time && a.weight < b.weight);
    }
  };

  void order_few(const BlockArrivals& arrivals);
  void group_by_neuron(const BlockArrivals& arrivals);
  void order_segment(const Segment& segment, const BlockArrivals& arrivals);
  void insert(std::uint32_t begin, std::uint32_t end);

  std::vector<Segment> segments_;
  std::vector<double> times_;
  std::vector<double> weights_;
  std::vector<Entry> grouped_;  // by neuron, not yet by time
  std::vector<std::pair<std::uint32_t, Entry>> few_;
  std::vector<std::uint32_t> starts_;
  std::vector<std::uint32_t> buckets_;
  std::vector<std::int32_t> bucket_of_;
};

}  // namespace flurry
