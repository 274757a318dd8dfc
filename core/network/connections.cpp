// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/connections.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/units.hpp"

namespace flurry {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

std::uint64_t pieces_of_draws(std::uint64_t count) {
  constexpr std::uint64_t piece = Connections::draws_per_piece;
  return (count + piece - 1) / piece;
}

void require_pool(std::uint32_t count, std::uint32_t pool, bool multapses, const char* what) {
  if (pool == 0 && count > 0) throw UsageError(std::string("there is no ") + what + " to draw from");
  if (!multapses && count > pool)
    throw UsageError("asks for " + std::to_string(count) + " different " + what +
                     "s each, but there are only " + std::to_string(pool));
}

void require_probability(double p) {
  if (!(p >= 0.0 && p <= 1.0)) throw UsageError("has probability " + shortest(p) + "; allowed: 0 to 1");
}

}  // namespace

double connection_probability(const DistanceDependent& rule, double distance) {
  if (distance > rule.cutoff) return 0.0;
  const double relative = distance / rule.scale;
  switch (rule.kernel) {
    case DistanceDependent::Kernel::box:
      return relative <= 1.0 ? rule.probability : 0.0;
    case DistanceDependent::Kernel::gaussian:
      return rule.probability * std::exp(-0.5 * relative * relative);
    case DistanceDependent::Kernel::exponential:
      return rule.probability * std::exp(-relative);
  }
  return 0.0;
}

double reach_of(const DistanceDependent& rule) {
  double widths = 1.0;
  if (rule.kernel == DistanceDependent::Kernel::gaussian) widths = 6.79;      // exp(-w^2/2) = 1e-10
  if (rule.kernel == DistanceDependent::Kernel::exponential) widths = 23.03;  // exp(-w) = 1e-10
  return std::min(rule.cutoff, rule.scale * widths);
}

Connections::Connections(const ConnectionRule& rule, Ends ends, std::uint64_t seed, std::uint32_t stream,
                         Positions sources, Positions targets)
    : rule_(rule), ends_(ends), seed_(seed), stream_(stream), source_positions_(std::move(sources)) {
  check();
  elements_ = ends_.source_size;
  if (std::holds_alternative<FixedInDegree>(rule)) {
    elements_ = ends_.target_size;
    order_ = Order::by_target;
  } else if (const auto* total = std::get_if<FixedTotalNumber>(&rule)) {
    elements_ = pieces_of_draws(total->count);
    order_ = Order::by_draw;
  } else if (const auto* list = std::get_if<ConnectionList>(&rule)) {
    elements_ = pieces_of_draws(list->sources->size());
    order_ = Order::by_draw;
  } else if (const auto* distance = std::get_if<DistanceDependent>(&rule)) {
    targets_in_space_ = SpatialIndex(std::move(targets), reach_of(*distance));
  }
}

void Connections::check() const {
  const auto pool = [&](std::uint32_t size, bool autapses) {
    return size - (ends_.same_population && !autapses && size > 0 ? 1U : 0U);
  };
  std::visit(
      Overloaded{
          [](const AllToAll&) {},
          [&](const OneToOne&) {
            if (ends_.source_size != ends_.target_size)
              throw UsageError("is one_to_one between populations of " + std::to_string(ends_.source_size) +
                               " and " + std::to_string(ends_.target_size) + "; they must be of one size");
          },
          [&](const FixedInDegree& r) {
            require_pool(r.count, pool(ends_.source_size, r.autapses), r.multapses, "source");
          },
          [&](const FixedOutDegree& r) {
            require_pool(r.count, pool(ends_.target_size, r.autapses), r.multapses, "target");
          },
          [&](const FixedTotalNumber& r) {
            if (r.count > 0 &&
                (pool(ends_.source_size, true) == 0 || pool(ends_.target_size, r.autapses) == 0))
              throw UsageError("there is no pair to draw from");
          },
          [](const PairwiseBernoulli& r) { require_probability(r.probability); },
          [](const DistanceDependent& r) {
            require_probability(r.probability);
            if (!(r.scale > 0.0)) throw UsageError("has scale " + shortest(r.scale) + "; allowed: > 0");
            if (!(r.cutoff >= 0.0)) throw UsageError("has cutoff " + shortest(r.cutoff) + "; allowed: >= 0");
          },
          [&](const ConnectionList& r) {
            if (r.sources->size() != r.targets->size())
              throw UsageError("lists " + std::to_string(r.sources->size()) + " sources but " +
                               std::to_string(r.targets->size()) + " targets");
            for (std::size_t i = 0; i < r.sources->size(); ++i)
              if ((*r.sources)[i] >= ends_.source_size || (*r.targets)[i] >= ends_.target_size)
                throw UsageError("connection " + std::to_string(i) + " goes from " +
                                 std::to_string((*r.sources)[i]) + " to " + std::to_string((*r.targets)[i]) +
                                 "; allowed: sources below " + std::to_string(ends_.source_size) +
                                 ", targets below " + std::to_string(ends_.target_size));
          }},
      rule_);
}

// Members of a pool of numbers: ascending where none may come twice.
void Connections::draw_many(const Draw& draw, RandomBuffer& random, std::vector<std::uint32_t>& drawn) {
  const auto& [self, pool, count, skip_self, multapses] = draw;
  drawn.clear();
  const std::uint32_t choices = pool - (skip_self ? 1U : 0U);
  if (multapses) {
    drawn.resize(count);
    for (std::uint32_t& member : drawn) member = random.below(choices);
  } else if (count > choices / 4) {
    // Selection sampling (Knuth, TAOCP 3.4.2, algorithm S).
    for (std::uint32_t i = 0; i < choices && drawn.size() < count; ++i)
      if (random.below(choices - i) < count - drawn.size()) drawn.push_back(i);
  } else {
    while (drawn.size() < count) {
      const std::size_t missing = count - drawn.size();
      for (std::size_t k = 0; k < missing; ++k) drawn.push_back(random.below(choices));
      std::sort(drawn.begin(), drawn.end());
      drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
    }
  }
  if (skip_self)
    for (std::uint32_t& member : drawn) member += member >= self ? 1U : 0U;
}

void Connections::bernoulli(std::uint32_t source, const PairwiseBernoulli& rule,
                            std::vector<Pair>& pairs) const {
  if (rule.probability <= 0.0) return;
  RandomBuffer random(seed_, Purpose::connection, stream_, source);
  const double log_miss = rule.probability < 1.0 ? std::log1p(-rule.probability) : 0.0;
  const bool skip_self = ends_.same_population && !rule.autapses;
  double next = -1.0;
  for (;;) {  // jump from hit to hit: gaps are geometric
    next += 1.0 + (rule.probability < 1.0 ? std::floor(std::log(random.uniform()) / log_miss) : 0.0);
    if (next >= static_cast<double>(ends_.target_size)) return;
    const auto target = static_cast<std::uint32_t>(next);
    if (!skip_self || target != source) pairs.emplace_back(source, target);
  }
}

void Connections::by_distance(std::uint32_t source, const DistanceDependent& rule,
                              std::vector<Pair>& pairs) const {
  RandomSequence random(seed_, Purpose::connection, stream_, source);
  std::vector<std::uint32_t> near;
  const auto [x, y] = source_positions_[source];
  targets_in_space_.near(x, y, near);
  for (const std::uint32_t target : near) {
    const auto [tx, ty] = targets_in_space_.points()[target];
    const double p = connection_probability(rule, std::hypot(tx - x, ty - y));
    if (p <= 0.0 || (ends_.same_population && !rule.autapses && target == source)) continue;
    if (random.uniform() < p) pairs.emplace_back(source, target);
  }
}

void Connections::piece(std::uint64_t element, std::vector<Pair>& pairs) const {
  pairs.clear();
  const auto self = static_cast<std::uint32_t>(element);
  const auto drawn_from = [&](std::uint32_t pool, const auto& rule) {
    RandomBuffer random(seed_, Purpose::connection, stream_, element);
    std::vector<std::uint32_t> drawn;
    draw_many({self, pool, rule.count, ends_.same_population && !rule.autapses, rule.multapses}, random,
              drawn);
    return drawn;
  };
  std::visit(Overloaded{[&](const AllToAll& r) {
                          for (std::uint32_t target = 0; target < ends_.target_size; ++target)
                            if (r.autapses || !ends_.same_population || target != self)
                              pairs.emplace_back(self, target);
                        },
                        [&](const OneToOne&) { pairs.emplace_back(self, self); },
                        [&](const FixedInDegree& r) {
                          const auto drawn = drawn_from(ends_.source_size, r);
                          pairs.resize(drawn.size());
                          for (std::size_t i = 0; i < drawn.size(); ++i) pairs[i] = {drawn[i], self};
                        },
                        [&](const FixedOutDegree& r) {
                          auto drawn = drawn_from(ends_.target_size, r);
                          std::sort(drawn.begin(), drawn.end());
                          for (const std::uint32_t target : drawn) pairs.emplace_back(self, target);
                        },
                        [&](const FixedTotalNumber& r) {
                          RandomBuffer random(seed_, Purpose::connection, stream_, element);
                          const std::uint64_t end = std::min(r.count, (element + 1) * draws_per_piece);
                          const bool skip_self = ends_.same_population && !r.autapses;
                          for (std::uint64_t i = element * draws_per_piece; i < end; ++i) {
                            const std::uint32_t source = random.below(ends_.source_size);
                            std::uint32_t target = random.below(ends_.target_size - (skip_self ? 1U : 0U));
                            if (skip_self && target >= source) ++target;
                            pairs.emplace_back(source, target);
                          }
                        },
                        [&](const PairwiseBernoulli& r) { bernoulli(self, r, pairs); },
                        [&](const DistanceDependent& r) { by_distance(self, r, pairs); },
                        [&](const ConnectionList& r) {
                          const std::uint64_t end =
                              std::min<std::uint64_t>(r.sources->size(), (element + 1) * draws_per_piece);
                          for (std::uint64_t i = element * draws_per_piece; i < end; ++i)
                            pairs.emplace_back((*r.sources)[i], (*r.targets)[i]);
                        }},
             rule_);
}

}  // namespace flurry
