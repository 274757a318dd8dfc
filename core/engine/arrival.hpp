// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
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

/// Weights in 4 bytes without loss: a single-precision weight is its own code; a constant in double precision
/// is the number of its projection; a list in double precision is looked up by number of synapse.
class WeightCodes {
 public:
  static constexpr std::uint16_t single = 0;
  static constexpr std::uint16_t constant = 1;
  static constexpr std::uint16_t first_list = 2;

  explicit WeightCodes(const Network& network) {
    for (const Projection& projection : network.projections()) {
      const auto* value = std::get_if<double>(&projection.weights);
      const auto* list = std::get_if<std::vector<double>>(&projection.weights);
      constants_.push_back(value != nullptr ? *value : 0.0);
      lists_.push_back(list != nullptr ? list->data() : nullptr);
    }
  }

  [[nodiscard]] double weight(const Arrival& arrival) const noexcept {
    if (arrival.weight_kind == single) return static_cast<double>(std::bit_cast<float>(arrival.weight_code));
    if (arrival.weight_kind == constant) return constants_[arrival.weight_code];
    return lists_[arrival.weight_kind - first_list][arrival.weight_code];
  }

 private:
  std::vector<double> constants_;     // by projection
  std::vector<const double*> lists_;  // by projection
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
