// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/base/random_blocks.hpp"

namespace flurry {

/// Poisson processes on a grid: how many spikes each sends at a grid point, by inversion from 32 random bits
/// that are a pure function of (seed, stream, element, grid point). What has less than 2^-32 of probability
/// never happens; the mean is off by less than 10^-8 of itself.
class PoissonCounts {
 public:
  // Of the mean per grid point. Below, drawing times in continuous time costs less and loses nothing; above,
  // exp(-mean) has too little left.
  static constexpr double smallest_mean = 0.05;
  static constexpr double largest_mean = 300.0;

  PoissonCounts() = default;
  PoissonCounts(std::uint64_t seed, std::uint32_t stream) : seed_(seed), stream_(stream) {}

  void add(double mean) {
    means_.push_back(mean);
    nones_.push_back(std::exp(-mean));
    if (mean != means_.front()) alike_ = false;
    if (mean > largest_) largest_ = mean;
    if (means_.size() == 1) thresholds_ = thresholds(mean);
  }
  /// No element sends more at one grid point.
  [[nodiscard]] std::uint32_t most() const { return static_cast<std::uint32_t>(thresholds(largest_).size()); }

  /// Counts of `count` elements at grid point `step`; returns their sum.
  std::uint64_t draw(std::uint32_t first, std::uint32_t count, std::uint64_t step,
                     std::uint16_t* counts) const {
    std::uint64_t sum = 0;
    for (std::uint32_t done = 0; done < count;) {
      const std::uint32_t element = first + done;
      const std::uint32_t at = element % group;
      const std::uint32_t part = std::min(group - at, count - done);
      alignas(64) std::array<std::uint32_t, group> words;
      draw_words(element / group, step, words.data());
      if (alike_) {
        sum += count_alike(words.data() + at, part, counts + done);
      } else {
        sum += count_each(element, words.data() + at, part, counts + done);
      }
      done += part;
    }
    return sum;
  }

  /// The same one by one: the sequence of random numbers of an element, the word of each of its blocks, and
  /// what a word means.
  static RandomSequence sequence(std::uint64_t seed, std::uint32_t stream, std::uint32_t element) {
    return {seed, Purpose::count, stream, element / group * sets + element % sets};
  }
  static std::uint32_t word_of(const RandomSequence& sequence, std::uint32_t element, std::uint64_t step) {
    RandomSequence block = sequence.from_block(step);
    std::uint32_t word = block();
    for (std::uint32_t i = 0; i < element % group / sets; ++i) word = block();
    return word;
  }
  static std::uint32_t count_of(std::uint32_t word, double mean, double none) {
    std::uint32_t count = 0;
    double probability = none;
    for (double sum = none; static_cast<double>(word) >= sum * scale; sum += probability) {
      ++count;
      probability *= mean * (1.0 / count);
    }
    return count;
  }

 private:
  static constexpr std::uint32_t group = 256;  // elements that share 64 blocks of random words
  static constexpr std::uint32_t sets = 64;    // element e: word e/64 of block e%64
  static constexpr double scale = 0x1p32;
  static constexpr double last_word = 0x1p32 - 1.0;
  using Sixteen [[gnu::vector_size(64)]] = std::uint32_t;

  // Words that count 1, 2, ... at least.
  static std::vector<std::uint32_t> thresholds(double mean) {
    std::vector<std::uint32_t> result;
    const double none = std::exp(-mean);
    double probability = none;
    for (double sum = none; sum * scale <= last_word; sum += probability) {
      result.push_back(static_cast<std::uint32_t>(std::ceil(sum * scale)));
      probability *= mean * (1.0 / static_cast<double>(result.size()));
    }
    return result;
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
                                          std::uint16_t* counts) const {
    std::uint64_t sum = 0;
    std::uint32_t n = 0;
    for (; n + 16 <= count; n += 16) {
      Sixteen word;
      std::memcpy(&word, words + n, sizeof word);
      Sixteen reached{};
      for (const std::uint32_t threshold : thresholds_) reached -= word >= threshold;
      for (std::uint32_t i = 0; i < 16; ++i) {
        counts[n + i] = static_cast<std::uint16_t>(reached[i]);
        sum += reached[i];
      }
    }
    for (; n < count; ++n) {
      counts[n] = static_cast<std::uint16_t>(count_of(words[n], means_.front(), nones_.front()));
      sum += counts[n];
    }
    return sum;
  }

  [[nodiscard]] std::uint64_t count_each(std::uint32_t first, const std::uint32_t* words, std::uint32_t count,
                                         std::uint16_t* counts) const {
    std::uint64_t sum = 0;
    for (std::uint32_t n = 0; n < count; ++n) {
      counts[n] = static_cast<std::uint16_t>(count_of(words[n], means_[first + n], nones_[first + n]));
      sum += counts[n];
    }
    return sum;
  }

  std::uint64_t seed_ = 0;
  std::uint32_t stream_ = 0;
  std::vector<double> means_;
  std::vector<double> nones_;
  double largest_ = 0.0;
  bool alike_ = true;
  std::vector<std::uint32_t> thresholds_;
};

}  // namespace flurry
