// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace flurry {

// How a projection connects its source population to its target population. Names and meaning follow NEST.
// `autapses`: a neuron may connect to itself (only where source and target are one population).
// `multapses`: a pair may be connected more than once.

struct AllToAll {
  bool autapses = true;
};
struct OneToOne {};
/// Every target draws `count` sources.
struct FixedInDegree {
  std::uint32_t count = 0;
  bool autapses = true;
  bool multapses = true;
};
/// Every source draws `count` targets.
struct FixedOutDegree {
  std::uint32_t count = 0;
  bool autapses = true;
  bool multapses = true;
};
/// `count` pairs drawn in all.
struct FixedTotalNumber {
  std::uint64_t count = 0;
  bool autapses = true;
};
/// Every pair is connected with probability p.
struct PairwiseBernoulli {
  double probability = 0.0;
  bool autapses = true;
};
/// Every pair at distance d is connected with probability p(d), positions in the plane (see Layout).
struct DistanceDependent {
  enum class Kernel { box, gaussian, exponential };
  Kernel kernel = Kernel::gaussian;
  double probability = 1.0;  // at distance 0
  double scale = 1.0;        // gaussian: exp(-d^2 / 2 scale^2); exponential: exp(-d / scale); box: d <= scale
  double cutoff = std::numeric_limits<double>::infinity();  // no connection beyond
  bool autapses = true;
};
/// Connection i goes from sources[i] to targets[i] (indices within the populations).
struct ConnectionList {
  std::shared_ptr<const std::vector<std::uint32_t>> sources;
  std::shared_ptr<const std::vector<std::uint32_t>> targets;
};

using ConnectionRule = std::variant<AllToAll, OneToOne, FixedInDegree, FixedOutDegree, FixedTotalNumber,
                                    PairwiseBernoulli, DistanceDependent, ConnectionList>;

/// "fixed_indegree 100 without autapses".
[[nodiscard]] std::string describe(const ConnectionRule& rule);

}  // namespace flurry
