// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/base/random_blocks.hpp"

namespace flurry {

/// Poisson processes on a grid: how many spikes each sends at a grid point. A pure function of (seed, stream,
/// element, grid point), drawn in one of two ways:
///
/// - Elements of one and the same small mean, in groups of 256: how many spikes the group sends, by
/// inversion,
///   then for each spike which element it is, a random byte. Independent Poisson numbers, by Poisson
///   splitting.
/// - Else for each element by inversion from 32 random bits. What has less than 2^-32 of probability never
///   happens; the mean is off by less than 10^-8 of itself.
class PoissonCounts {
 public:
  // Of the mean per grid point. Below, drawing times in continuous time costs less and loses nothing; above,
  // exp(-mean) has too little left.
  static constexpr double smallest_mean = 0.05;
  static constexpr double largest_mean = 100.0;
  static constexpr double largest_split_mean = 0.7;  // above, one word per element costs less
  static constexpr std::uint32_t group = 256;

  PoissonCounts() = default;
  PoissonCounts(std::uint64_t seed, std::uint32_t stream) : seed_(seed), stream_(stream) {}

  void add(double mean) {
    means_.push_back(mean);
    nones_.push_back(std::exp(-mean));
    if (mean != means_.front()) alike_ = false;
    largest_ = std::max(largest_, mean);
    if (means_.size() > 1) return;
    thresholds_ = thresholds(mean, last_word);
    if (mean > largest_split_mean) return;
    group_sums_ = cumulative(group * mean);
    make_guide();
  }
  /// No element sends more at one grid point (in groups: but for a chance of 10^-20).
  [[nodiscard]] std::uint32_t most() const {
    return static_cast<std::uint32_t>(thresholds(largest_, 1.0 - 0x1p-53).size()) + 8;
  }

  /// Counts of `count` elements at grid point `step`; returns their sum.
  std::uint64_t draw(std::uint32_t first, std::uint32_t count, std::uint64_t step,
                     std::uint8_t* counts) const {
    std::uint64_t sum = 0;
    for (std::uint32_t done = 0; done < count;) {
      const std::uint32_t element = first + done;
      const std::uint32_t at = element % group;
      const std::uint32_t part = std::min(group - at, count - done);
      if (split()) {
        sum += split(element, part, step, counts + done);
      } else {
        alignas(64) std::array<std::uint32_t, group> words;
        draw_words(element / group, step, words.data());
        sum += alike_ ? count_alike(words.data() + at, part, counts + done)
                      : count_each(element, words.data() + at, part, counts + done);
      }
      done += part;
    }
    return sum;
  }

 private:
  static constexpr std::uint32_t sets = 64;       // element e of a group: word e/64 of block e%64
  static constexpr std::uint32_t split_bits = 8;  // random blocks of a group and grid point
  static constexpr double scale = 0x1p32;
  static constexpr double last_word = 1.0 - 0x1p-32;
  using Sixteen [[gnu::vector_size(64)]] = std::uint32_t;

  [[nodiscard]] bool split() const { return alike_ && !group_sums_.empty(); }

  // P(0), P(0) + P(1), ... up to where a sum differs from 1.
  static std::vector<double> cumulative(double mean, double last = 1.0 - 0x1p-53) {
    std::vector<double> result;
    double probability = std::exp(-mean);
    for (double sum = probability; sum <= last && result.size() < 2048; sum += probability) {
      result.push_back(sum);
      probability *= mean * (1.0 / static_cast<double>(result.size()));
      if (probability < 1e-20 && static_cast<double>(result.size()) > mean) break;
    }
    return result;
  }
  // Words that count 1, 2, ... at least.
  static std::vector<std::uint32_t> thresholds(double mean, double last) {
    std::vector<std::uint32_t> result;
    for (const double sum : cumulative(mean, last))
      result.push_back(static_cast<std::uint32_t>(std::min(std::ceil(sum * scale), scale - 1.0)));
    return result;
  }

  std::uint64_t split(std::uint32_t first, std::uint32_t count, std::uint64_t step,
                      std::uint8_t* counts) const {
    if (count == group) return split(first / group, step, counts);
    std::array<std::uint8_t, group> all;
    (void)split(first / group, step, all.data());
    std::memcpy(counts, all.data() + first % group, count);
    return std::accumulate(counts, counts + count, std::uint64_t{0});
  }
  std::uint64_t split(std::uint32_t group_number, std::uint64_t step, std::uint8_t* counts) const {
    alignas(64) std::uint8_t bytes[128];
    std::memset(counts, 0, group);
    draw_bytes(group_number, step << split_bits, bytes);
    const std::uint32_t total = group_count(bytes);
    std::uint32_t at = 8;  // the first are spent on the number
    for (std::uint32_t done = 0; done < total; at = 0) {
      if (at == 0) draw_bytes(group_number, (step << split_bits) + (done + 8) / 16, bytes);
      const std::uint32_t end = std::min<std::uint32_t>(at + total - done, sizeof bytes);
      done += end - at;
      for (; at < end; ++at) ++counts[bytes[at]];
    }
    return total;
  }
  // By inversion; where to begin the search is looked up.
  [[nodiscard]] std::uint32_t group_count(const std::uint8_t* bytes) const {
    std::uint32_t words[2];
    std::memcpy(words, bytes, sizeof words);
    const double uniform = RandomSequence::uniform_from(words[0], words[1]);
    std::uint32_t count = guide_[words[0] >> 24U];
    while (count < group_sums_.size() && group_sums_[count] < uniform) ++count;
    return count;
  }
  void make_guide() {
    for (std::uint32_t i = 0; i < guide_.size(); ++i)
      guide_[i] = static_cast<std::uint16_t>(
          std::lower_bound(group_sums_.begin(), group_sums_.end(), i / 256.0) - group_sums_.begin());
  }
  void draw_bytes(std::uint32_t group_number, std::uint64_t block, std::uint8_t* bytes) const {
    constexpr EightWords ascending{0, 1, 2, 3, 4, 5, 6, 7};
    EightBlocks blocks;
    blocks.x0 = ascending + block;
    blocks.x1 = EightWords{} + RandomSequence::counter_word(Purpose::count, stream_);
    blocks.x2 = EightWords{} + group_number;
    blocks.x3 = blocks.x0 >> 32U;
    blocks.mix(seed_);
    constexpr std::uint64_t low = 0xFFFF'FFFF;
    const EightWords front = (blocks.x0 & low) | (blocks.x1 << 32U);
    const EightWords back = (blocks.x2 & low) | (blocks.x3 << 32U);
    std::memcpy(bytes, &front, sizeof front);
    std::memcpy(bytes + sizeof front, &back, sizeof back);
  }

  void draw_words(std::uint32_t group_number, std::uint64_t step, std::uint32_t* words) const {
    constexpr EightWords ascending{0, 1, 2, 3, 4, 5, 6, 7};
    for (std::uint32_t set = 0; set < sets; set += 8) {
      EightBlocks blocks;
      blocks.x0 = EightWords{} + step;
      blocks.x1 = EightWords{} + RandomSequence::counter_word(Purpose::count, stream_);
      blocks.x2 = ascending + (std::uint64_t{group_number} * sets + set);
      blocks.x3 = blocks.x0 >> 32U;
      blocks.mix(seed_);
      const EightWords mixed[4] = {blocks.x0, blocks.x1, blocks.x2, blocks.x3};
      for (std::uint32_t w = 0; w < 4; ++w)
        for (std::uint32_t i = 0; i < 8; ++i)
          words[w * sets + set + i] = static_cast<std::uint32_t>(mixed[w][i]);
    }
  }

  [[nodiscard]] std::uint64_t count_alike(const std::uint32_t* words, std::uint32_t count,
                                          std::uint8_t* counts) const {
    std::uint64_t sum = 0;
    std::uint32_t n = 0;
    for (; n + 16 <= count; n += 16) {
      Sixteen word;
      std::memcpy(&word, words + n, sizeof word);
      Sixteen reached{};
      for (const std::uint32_t threshold : thresholds_) reached -= word >= threshold;
      for (std::uint32_t i = 0; i < 16; ++i) {
        counts[n + i] = static_cast<std::uint8_t>(reached[i]);
        sum += reached[i];
      }
    }
    for (; n < count; ++n) {
      counts[n] = static_cast<std::uint8_t>(count_of(words[n], means_.front(), nones_.front()));
      sum += counts[n];
    }
    return sum;
  }
  [[nodiscard]] std::uint64_t count_each(std::uint32_t first, const std::uint32_t* words, std::uint32_t count,
                                         std::uint8_t* counts) const {
    std::uint64_t sum = 0;
    for (std::uint32_t n = 0; n < count; ++n) {
      counts[n] = static_cast<std::uint8_t>(count_of(words[n], means_[first + n], nones_[first + n]));
      sum += counts[n];
    }
    return sum;
  }
  static std::uint32_t count_of(std::uint32_t word, double mean, double none) {
    std::uint32_t count = 0;
    double probability = none;
    for (double sum = none; static_cast<double>(word) >= sum * scale; sum += probability)
      probability *= mean * (1.0 / ++count);
    return count;
  }

  std::uint64_t seed_ = 0;
  std::uint32_t stream_ = 0;
  std::vector<double> means_;
  std::vector<double> nones_;
  double largest_ = 0.0;
  bool alike_ = true;
  std::vector<std::uint32_t> thresholds_;   // of alike elements
  std::vector<double> group_sums_;          // of alike elements of small mean
  std::array<std::uint16_t, 256> guide_{};  // into group_sums_, by the first 8 bits of a uniform number
};

}  // namespace flurry
