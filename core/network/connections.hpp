// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/random_blocks.hpp"
#include "core/network/connection_rule.hpp"
#include "core/network/spatial_index.hpp"

namespace flurry {

/// The connections of one projection as a function that can be asked again and again: nothing is stored.
///
/// They come in `elements()` independent pieces: one per target where targets draw sources, one per source
/// where sources draw targets, one per block of draws otherwise. The random numbers of a piece depend on
/// nothing else.
class Connections {
 public:
  using Pair = std::pair<std::uint32_t, std::uint32_t>;  // source, target
  using Positions = std::vector<std::pair<double, double>>;

  struct Ends {
    std::uint32_t source_size = 0;
    std::uint32_t target_size = 0;
    bool same_population = false;
  };
  /// How pieces relate to rows.
  enum class Order { by_source, by_target, by_draw };
  static constexpr std::uint64_t draws_per_piece = 4096;  // where order is by_draw

  /// `stream`: number of the projection. Positions are needed by distance-dependent rules only.
  /// UsageError (without the name of the projection) for a rule that cannot be carried out.
  Connections(const ConnectionRule& rule, Ends ends, std::uint64_t seed, std::uint32_t stream,
              Positions sources, Positions targets);

  [[nodiscard]] std::uint64_t elements() const { return elements_; }
  [[nodiscard]] Order order() const { return order_; }

  /// Replaces `pairs` by the connections of one piece; by_source and by_target pieces come ascending in the
  /// other end where the rule draws without order.
  void piece(std::uint64_t element, std::vector<Pair>& pairs) const;

 private:
  // How one neuron draws its partners.
  struct Draw {
    std::uint32_t self = 0;
    std::uint32_t pool = 0;  // partners are 0 .. pool - 1
    std::uint32_t count = 0;
    bool skip_self = false;
    bool multapses = true;
  };
  static void draw_many(const Draw& draw, RandomBuffer& random, std::vector<std::uint32_t>& drawn);
  void bernoulli(std::uint32_t source, const PairwiseBernoulli& rule, std::vector<Pair>& pairs) const;
  void by_distance(std::uint32_t source, const DistanceDependent& rule, std::vector<Pair>& pairs) const;
  void check() const;

  const ConnectionRule& rule_;
  Ends ends_;
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::uint64_t elements_ = 0;
  Order order_ = Order::by_source;
  Positions source_positions_;
  SpatialIndex targets_in_space_;
};

/// exp(-d^2 / 2 scale^2) and its like: the chance that a pair at distance d is connected.
[[nodiscard]] double connection_probability(const DistanceDependent& rule, double distance);
/// Distance beyond which the chance is below 1e-10 of its peak, or the rule's cutoff.
[[nodiscard]] double reach_of(const DistanceDependent& rule);

}  // namespace flurry
