// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "models/learning/learned_network.hpp"
#include "models/learning/parameter_set.hpp"

namespace flurry {

/// How the numbers of a kind are fitted.
enum class Fit : std::uint8_t { fixed, individual, tied };

/// What is trained of a layer.
struct LayerTraining {
  bool weights = true;
  Fit tau_m = Fit::fixed;
  Fit tau_syn = Fit::fixed;
  Fit threshold = Fit::fixed;
  Fit delay = Fit::fixed;  // EventProp only; needs delays of their own
};

/// The same for all layers.
struct TrainingScales {
  ParameterScale time_constants = ParameterScale::logarithm;
  double time_constant_rate = 1.0;  // learning rate, in units of the weights'
  double threshold_rate = 1.0;
  double delay_rate = 1.0;
  double shortest = 1.0;  // ms, of time constants
  double longest = 1e3;
  double lowest_threshold = 0.1;
  double highest_threshold = 10.0;
  double shortest_delay = 0.1;  // ms
  double longest_delay = std::numeric_limits<double>::infinity();
};

/// One list per layer and kind, of whatever is made of a layer's numbers.
template <class List>
struct LayerLists {
  List w_in{}, w_rec{}, delay_in{}, delay_rec{}, tau_m{}, tau_syn{}, threshold{};
};

/// All numbers of a network that can be trained, as groups "LAYER.w_in", "LAYER.tau_m", ...; also where each
/// stands. Trained numbers are put within their bounds.
class LayerParameters {
 public:
  /// UsageError where `training` has not one entry per layer, or asks for what a layer has not.
  LayerParameters(const LearnedNetwork& network, const std::vector<LayerTraining>& training,
                  const TrainingScales& scales);

  [[nodiscard]] ParameterSet& set() { return set_; }
  [[nodiscard]] const ParameterSet& set() const { return set_; }
  /// Where the numbers of layer `l` begin in set().values; a kind it has not: no_such.
  [[nodiscard]] const LayerLists<std::size_t>& begin(std::size_t l) const { return begin_[l]; }
  static constexpr std::size_t no_such = std::numeric_limits<std::size_t>::max();

  /// Puts values like those of set() back into the network they came from.
  void store(const std::vector<double>& values, LearnedNetwork& network) const;

 private:
  ParameterSet set_;
  std::vector<LayerLists<std::size_t>> begin_;
};

}  // namespace flurry
