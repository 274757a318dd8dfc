// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include "core/base/random_blocks.hpp"
#include "core/base/spike.hpp"

namespace flurry {

/// A Poisson process of constant rate, drawn slot by slot: how many spikes a slot holds (by inversion), then
/// where in it each one lies (uniformly). Slots are a power of two long and hold 4 to 8 spikes on average;
/// the random numbers of one are a pure function of (seed, stream, element, slot), so that any may be drawn
/// alone, again, or many at once.
struct PoissonSlots {
  static constexpr std::uint32_t most = 127;       // in a slot: P(more) < 1e-100
  static constexpr std::uint32_t blocks_bits = 6;  // random blocks per slot, 2 numbers each
  using Times = std::array<double, most + 1>;

  double length = 0.0;  // ms; 0 where the rate is 0
  double mean = 0.0;    // spikes per slot
  double none = 1.0;    // P(no spike) = exp(-mean)

  static PoissonSlots of_rate(double rate) {
    if (!(rate > 0.0)) return {};
    const double length = std::exp2(std::clamp(std::ceil(std::log2(4.0 / rate)), -1000.0, 1000.0));
    return {length, rate * length, std::exp(-rate * length)};
  }

  [[nodiscard]] double start(std::int64_t slot) const { return static_cast<double>(slot) * length; }
  /// Never the start of the next slot, whatever rounding says.
  [[nodiscard]] static double time(double length, double slot, double uniform) {
    return std::min(slot + uniform, below(slot + 1.0)) * length;
  }
  [[nodiscard]] static double below(double x) { return x * (1.0 - 0x1p-53); }

  /// Times of a slot, in order; `random` is the element's sequence. Returns how many.
  std::uint32_t draw(const RandomSequence& random, std::int64_t slot, Times& times) const {
    RandomSequence sequence = random.from_block(static_cast<std::uint64_t>(slot) << blocks_bits);
    const double u = sequence.uniform();
    std::uint32_t count = 0;
    double probability = none;
    for (double sum = none; sum < u && count < most; sum += probability) {
      ++count;
      probability *= mean * (1.0 / count);
    }
    for (std::uint32_t i = 0; i < count; ++i)
      times[i] = time(length, static_cast<double>(slot), sequence.uniform());
    std::sort(times.begin(), times.begin() + count);
    return count;
  }
};

/// Draws many whole slots of many elements at once; the same spikes as PoissonSlots::draw, in no order within
/// a slot.
class PoissonBatch {
 public:
  PoissonBatch(std::uint64_t seed, std::uint32_t stream, std::vector<Spike>& spikes)
      : seed_(seed), stream_(stream), spikes_(spikes) {}
  PoissonBatch(const PoissonBatch&) = delete;
  PoissonBatch& operator=(const PoissonBatch&) = delete;
  ~PoissonBatch() = default;

  void add(const PoissonSlots& slots, std::uint32_t element, std::int64_t slot) {
    if (count_ == size) flush();
    elements_[count_] = element;
    numbers_[count_] = static_cast<std::uint64_t>(slot) << PoissonSlots::blocks_bits;
    lengths_[count_] = slots.length;
    means_[count_] = slots.mean;
    nones_[count_] = slots.none;
    ++count_;
  }
  void flush() {
    std::fill(means_.begin() + count_, means_.end(), 0.0);
    std::fill(nones_.begin() + count_, nones_.end(), 1.0);
    uniform_pairs(seed_, Purpose::source, stream_, {count_, elements_.data(), numbers_.data()}, first_.data(),
                  second_.data());
    count_spikes();
    place_spikes();
    count_ = 0;
  }

 private:
  static constexpr std::uint32_t size = 64;
  static constexpr std::uint32_t more_size = 512;
  static constexpr std::uint32_t lanes = 8;
  using EightNumbers [[gnu::vector_size(64)]] = double;
  using EightFlags [[gnu::vector_size(64)]] = std::int64_t;

  // By inversion, eight slots side by side: a slot holds as many spikes as there are partial sums of the
  // distribution below its uniform number.
  void count_spikes() {
    for (std::uint32_t begin = 0; begin < count_; begin += lanes) {
      const EightNumbers uniform = load(first_.data() + begin);
      const EightNumbers mean = load(means_.data() + begin);
      EightNumbers probability = load(nones_.data() + begin);
      EightNumbers sum = probability;
      EightFlags counted{};
      for (std::uint32_t n = 1; n <= PoissonSlots::most; ++n) {
        const EightFlags more = sum < uniform;  // -1 where true
        if (n % 4 == 0 && none_of(more)) break;
        counted -= more;
        probability *= mean * (1.0 / n);
        sum += probability;
      }
      for (std::uint32_t i = 0; i < lanes; ++i) counts_[begin + i] = static_cast<std::uint32_t>(counted[i]);
    }
  }
  static EightNumbers load(const double* values) {
    EightNumbers result;
    std::memcpy(&result, values, sizeof result);
    return result;
  }
  static bool none_of(EightFlags flags) {
    std::int64_t any = 0;
    for (std::uint32_t i = 0; i < lanes; ++i) any |= flags[i];
    return any == 0;
  }

  // Of every slot the first spike comes from the block that gave the count; the others two by two. What an
  // odd count leaves over is written where the next slot's first spike goes afterwards.
  void place_spikes() {
    std::size_t total = 0;
    for (std::uint32_t i = 0; i < count_; ++i) total += counts_[i];
    if (placed_.size() < total + 1) placed_.resize(total + 1);
    std::size_t place = 0;
    std::uint32_t more = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      for (std::uint32_t n = 1; n < counts_[i]; n += 2) {
        if (more == more_size) more = draw_more(more);
        more_elements_[more] = elements_[i];
        more_numbers_[more] = numbers_[i] + (n + 1) / 2;
        more_lengths_[more] = lengths_[i];
        more_place_[more] = place + n;
        ++more;
      }
      place += counts_[i];
    }
    draw_more(more);
    place = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      const auto slot = static_cast<double>(numbers_[i] >> PoissonSlots::blocks_bits);
      placed_[place] = {PoissonSlots::time(lengths_[i], slot, second_[i]),
                        static_cast<std::uint32_t>(elements_[i])};
      place += counts_[i];
    }
    spikes_.insert(spikes_.end(), placed_.begin(), placed_.begin() + static_cast<std::ptrdiff_t>(total));
  }
  std::uint32_t draw_more(std::uint32_t more) {
    uniform_pairs(seed_, Purpose::source, stream_, {more, more_elements_.data(), more_numbers_.data()},
                  more_first_.data(), more_second_.data());
    for (std::uint32_t k = 0; k < more; ++k) {
      const auto slot = static_cast<double>(more_numbers_[k] >> PoissonSlots::blocks_bits);
      more_first_[k] = PoissonSlots::time(more_lengths_[k], slot, more_first_[k]);
      more_second_[k] = PoissonSlots::time(more_lengths_[k], slot, more_second_[k]);
    }
    for (std::uint32_t k = 0; k < more; ++k) {
      Spike* spikes = placed_.data() + more_place_[k];
      const auto element = static_cast<std::uint32_t>(more_elements_[k]);
      spikes[0] = {more_first_[k], element};
      spikes[1] = {more_second_[k], element};
    }
    return 0;
  }

  std::uint64_t seed_;
  std::uint32_t stream_;
  std::vector<Spike>& spikes_;
  std::vector<Spike> placed_;
  std::uint32_t count_ = 0;
  std::array<std::uint64_t, size> elements_{};
  std::array<std::uint64_t, size> numbers_{};
  alignas(64) std::array<double, size> lengths_;
  alignas(64) std::array<double, size> means_;
  alignas(64) std::array<double, size> nones_;
  alignas(64) std::array<double, size> first_{};
  alignas(64) std::array<double, size> second_;
  std::array<std::uint32_t, size> counts_;
  std::array<std::uint64_t, more_size> more_elements_;
  std::array<std::uint64_t, more_size> more_numbers_;
  std::array<double, more_size> more_lengths_;
  std::array<std::size_t, more_size> more_place_;
  std::array<double, more_size> more_first_;
  std::array<double, more_size> more_second_;
};

}  // namespace flurry
