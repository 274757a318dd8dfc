// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/network/network.hpp"

namespace flurry {

/// A spike reaching one synapse, as it travels: 16 bytes, the weight in 4 of them (see WeightCodes).
struct Arrival {
  double time = 0.0;  // ms
  std::uint32_t weight_code = 0;
  std::uint16_t neuron = 0;  // within its block
  std::uint16_t weight_kind = 0;
};

/// The same in 8 bytes without loss, for a weight that is one of at most 64 constants of its target
/// population.
///
/// From the 16th window on the top 16 bits of a time (sign, exponent, first digits) are those of its window's
/// start, windows being a power of two long. They make room for neuron and weight, and numbers of one window
/// and neuron are in the order of time, then weight.
///
/// On a grid any weight fits, as its code in Arrival: a time is the number of a grid point within its window.
struct PackedArrival {
  static constexpr std::int64_t first_window = 16;
  static constexpr std::uint32_t code_bits = 6;
  static constexpr std::uint32_t neuron_bits = 10;
  static constexpr std::uint32_t most_codes = 1U << code_bits;
  static constexpr std::uint32_t most_neurons = 1U << neuron_bits;  // of a block
  static constexpr std::uint32_t most_neurons_on_grid = 4096;

  std::uint64_t bits = 0;

  PackedArrival() = default;
  PackedArrival(double time, std::uint32_t neuron, std::uint32_t code) noexcept
      : bits(std::bit_cast<std::uint64_t>(time) << 16U | neuron << code_bits | code) {}

  /// `start`: of the window it falls in, ms.
  [[nodiscard]] double time(double start) const noexcept {
    constexpr std::uint64_t top = 0xFFFF'0000'0000'0000U;
    return std::bit_cast<double>((std::bit_cast<std::uint64_t>(start) & top) | bits >> 16U);
  }
  [[nodiscard]] std::uint32_t neuron() const noexcept {
    return static_cast<std::uint32_t>(bits >> code_bits) & (most_neurons - 1U);
  }
  [[nodiscard]] std::uint32_t code() const noexcept { return code_of(bits); }
  [[nodiscard]] static std::uint32_t code_of(std::uint64_t bits) noexcept {
    return static_cast<std::uint32_t>(bits) & (most_codes - 1U);
  }

  // On a grid: neuron, step, kind and code of the weight take 12, 7, 13 and 32 bits.
  static constexpr double most_steps = 128.0;  // of a window
  static constexpr std::uint32_t most_kinds = 1U << 13U;
  static PackedArrival on_grid(std::uint32_t step, std::uint32_t neuron, std::uint32_t weight_code,
                               std::uint16_t weight_kind) noexcept {
    PackedArrival result;
    result.bits =
        std::uint64_t{weight_code} << 32U | std::uint64_t{weight_kind} << 19U | step << 12U | neuron;
    return result;
  }
  [[nodiscard]] std::uint32_t grid_neuron() const noexcept {
    return static_cast<std::uint32_t>(bits) & 0xFFFU;
  }
  [[nodiscard]] std::uint32_t grid_step() const noexcept {
    return static_cast<std::uint32_t>(bits >> 12U) & 0x7FU;
  }
  [[nodiscard]] std::uint16_t weight_kind() const noexcept {
    return static_cast<std::uint16_t>(static_cast<std::uint32_t>(bits) >> 19U);
  }
  [[nodiscard]] std::uint32_t weight_code() const noexcept { return static_cast<std::uint32_t>(bits >> 32U); }
};

/// Weights in 4 bytes without loss: a single-precision weight is its own code; a constant in double precision
/// is the number of its projection; a list in double precision is looked up by number of synapse. Constants
/// have a second, shorter code for PackedArrival: their place among those of their target population.
class WeightCodes {
 public:
  static constexpr std::uint16_t single = 0;
  static constexpr std::uint16_t constant = 1;
  static constexpr std::uint16_t first_list = 2;

  explicit WeightCodes(const Network& network);

  [[nodiscard]] double weight(std::uint16_t kind, std::uint32_t code) const noexcept {
    if (kind == single) return static_cast<double>(std::bit_cast<float>(code));
    if (kind == constant) return constants_[code];
    return lists_[kind - first_list][code];
  }
  [[nodiscard]] double weight(const Arrival& arrival) const noexcept {
    return weight(arrival.weight_kind, arrival.weight_code);
  }
  [[nodiscard]] double weight_on_grid(PackedArrival arrival) const noexcept {
    return weight(arrival.weight_kind(), arrival.weight_code());
  }
  /// The short code of a projection's weight; PackedArrival::most_codes where it has none.
  [[nodiscard]] std::uint32_t packed_code(std::size_t projection) const { return packed_[projection]; }
  /// What short codes of arrivals at a population stand for, ascending; most_codes values, padded.
  [[nodiscard]] const double* packed_weights(std::uint32_t population) const {
    return shared_[population].data();
  }

 private:
  std::vector<double> constants_;            // by projection
  std::vector<const double*> lists_;         // by projection
  std::vector<std::uint32_t> packed_;        // by projection
  std::vector<std::vector<double>> shared_;  // by target population
};

/// What reaches one block of neurons in one window, in any number of parts and any order.
struct BlockArrivals {
  std::vector<std::span<const Arrival>> wide;
  std::vector<std::span<const PackedArrival>> packed;
  const double* packed_weights = nullptr;
  const WeightCodes* codes = nullptr;
  std::uint32_t first = 0;  // neurons first .. first + count of the population
  std::uint32_t count = 0;
  double start = 0.0;   // of the window, ms
  double length = 1.0;  // ms
  bool on_grid = false;

  [[nodiscard]] std::size_t size() const {
    std::size_t sum = 0;
    for (const auto& part : wide) sum += part.size();
    for (const auto& part : packed) sum += part.size();
    return sum;
  }
  /// visit(neuron within the block, time, weight) for every arrival.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& part : wide)
      for (const Arrival& arrival : part) visit(arrival.neuron, arrival.time, codes->weight(arrival));
    if (on_grid) {
      for (const auto& part : packed)
        for (const PackedArrival arrival : part)
          visit(arrival.grid_neuron(), start + arrival.grid_step(), codes->weight_on_grid(arrival));
      return;
    }
    for (const auto& part : packed)
      for (const PackedArrival arrival : part)
        visit(arrival.neuron(), arrival.time(start), packed_weights[arrival.code()]);
  }
};

/// All arrivals at one neuron at one instant, added up in ascending order of weight: the sum does not depend
/// on who sent them, nor on the order in which they were found.
struct ArrivalSum {
  double excitatory = 0.0;  // weights >= 0
  double inhibitory = 0.0;  // weights < 0
  std::uint32_t count = 0;

  void add(double weight) noexcept {
    inhibitory += std::min(weight, 0.0);  // without a branch: signs come in no order
    excitatory += std::max(weight, 0.0);
    ++count;
  }
};

}  // namespace flurry
