// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/arrival_order.hpp"

#include <algorithm>
#include <utility>

namespace flurry {
namespace {

constexpr std::uint32_t insertion_limit = 16;  // below this, insertion beats buckets

}  // namespace

void OrderedArrivals::assign(const BlockArrivals& arrivals) {
  const std::size_t total = arrivals.size();
  segments_.clear();
  if (times_.size() < total) {
    times_.resize(total);
    weights_.resize(total);
  }
  if (total == 0) return;
  if (total < arrivals.count / 2) {
    order_few(arrivals);
    return;
  }
  if (grouped_.size() < total) grouped_.resize(total);
  group_by_neuron(arrivals);
  for (const Segment& segment : segments_) order_segment(segment, arrivals);
}

void OrderedArrivals::order_few(const BlockArrivals& arrivals) {
  few_.clear();
  arrivals.for_each([&](std::uint32_t neuron, double time, double weight) {
    few_.emplace_back(arrivals.first + neuron, Entry{time, weight});
  });
  std::sort(few_.begin(), few_.end());
  for (std::uint32_t i = 0; i < few_.size(); ++i) {
    const auto& [neuron, entry] = few_[i];
    times_[i] = entry.time;
    weights_[i] = entry.weight;
    if (segments_.empty() || segments_.back().neuron != neuron) segments_.push_back({neuron, i, i});
    segments_.back().end = i + 1;
  }
}

// Counting sort by neuron. Time comes after, neuron by neuron, while a segment is in the nearest cache.
void OrderedArrivals::group_by_neuron(const BlockArrivals& arrivals) {
  starts_.assign(std::size_t{arrivals.count} + 1, 0);
  std::uint32_t* starts = starts_.data();
  arrivals.for_each([&](std::uint32_t neuron, double, double) { ++starts[neuron + 1]; });
  for (std::uint32_t n = 0; n < arrivals.count; ++n) {
    if (starts[n + 1] > 0) segments_.push_back({arrivals.first + n, starts[n], starts[n] + starts[n + 1]});
    starts[n + 1] += starts[n];
  }
  Entry* grouped = grouped_.data();
  arrivals.for_each([&](std::uint32_t neuron, double time, double weight) {
    grouped[starts[neuron]++] = {time, weight};
  });
}

// Times within a window are spread like rain: twice as many buckets as arrivals, then one almost idle
// insertion sort.
void OrderedArrivals::order_segment(const Segment& segment, const BlockArrivals& arrivals) {
  const std::uint32_t count = segment.end - segment.begin;
  const Entry* from = grouped_.data() + segment.begin;
  double* times = times_.data() + segment.begin;
  double* weights = weights_.data() + segment.begin;
  if (count <= insertion_limit) {
    for (std::uint32_t i = 0; i < count; ++i) {
      times[i] = from[i].time;
      weights[i] = from[i].weight;
    }
  } else {
    if (bucket_of_.size() < count) bucket_of_.resize(count);
    const std::uint32_t bucket_count = 2 * count;
    buckets_.assign(std::size_t{bucket_count} + 1, 0);
    std::int32_t* bucket_of = bucket_of_.data();
    std::uint32_t* buckets = buckets_.data();
    const double start = arrivals.start;
    const double scale = bucket_count / arrivals.length;
    const double last = bucket_count - 1.0;
    for (std::uint32_t i = 0; i < count; ++i)
      bucket_of[i] = static_cast<std::int32_t>(std::min(std::max((from[i].time - start) * scale, 0.0), last));
    for (std::uint32_t i = 0; i < count; ++i) ++buckets[bucket_of[i] + 1];
    for (std::uint32_t i = 0; i < bucket_count; ++i) buckets[i + 1] += buckets[i];
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t place = buckets[bucket_of[i]]++;
      times[place] = from[i].time;
      weights[place] = from[i].weight;
    }
  }
  insert(segment.begin, segment.end);
}

void OrderedArrivals::insert(std::uint32_t begin, std::uint32_t end) {
  double* times = times_.data();
  double* weights = weights_.data();
  for (std::uint32_t i = begin + 1; i < end; ++i) {
    const Entry entry{times[i], weights[i]};
    std::uint32_t j = i;
    for (; j > begin && entry < Entry{times[j - 1], weights[j - 1]}; --j) {
      times[j] = times[j - 1];
      weights[j] = weights[j - 1];
    }
    if (j == i) continue;
    times[j] = entry.time;
    weights[j] = entry.weight;
  }
}

}  // namespace flurry
