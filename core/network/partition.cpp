// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/partition.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "core/network/connections.hpp"
#include "core/network/graph_order.hpp"
#include "core/network/positions.hpp"

namespace flurry {
namespace {

constexpr std::uint32_t largest_shift = 8;  // sources draw the random numbers of so many together
// At least, for ranks to have about as many neurons; and for groups to lie together where places count.
constexpr std::uint64_t groups_of_a_rank = 16;
constexpr std::uint64_t local_groups_of_a_rank = 128;

constexpr std::uint64_t pieces_looked_at = 4096;  // of each projection
constexpr std::size_t strong_links_of_a_unit = 8;

std::optional<std::uint32_t> find_population(const NetworkDescription& description, const std::string& name) {
  for (std::uint32_t p = 0; p < description.populations.size(); ++p)
    if (description.populations[p].name == name) return p;
  return std::nullopt;
}

std::uint32_t shift_for(const NetworkDescription& description, std::uint64_t groups) {
  std::uint64_t elements = 0;
  for (const PopulationDescription& population : description.populations) elements += population.size;
  const std::uint64_t in_group = std::max<std::uint64_t>(1, elements / groups);
  return std::min(largest_shift, static_cast<std::uint32_t>(std::bit_width(in_group)) - 1);
}

// For each population the first of those that drive each other one to one.
std::vector<std::uint32_t> first_alike(const NetworkDescription& description) {
  std::vector<std::uint32_t> first(description.populations.size());
  std::iota(first.begin(), first.end(), 0U);
  const auto root = [&](std::uint32_t p) {
    while (first[p] != p) p = first[p];
    return p;
  };
  for (const ProjectionDescription& projection : description.projections) {
    if (!std::holds_alternative<OneToOne>(projection.rule)) continue;
    const auto source = find_population(description, projection.source);
    const auto target = find_population(description, projection.target);
    if (!source || !target) continue;  // building says what is wrong
    const std::uint32_t a = root(*source);
    const std::uint32_t b = root(*target);
    first[std::max(a, b)] = std::min(a, b);
  }
  for (std::uint32_t p = 0; p < first.size(); ++p) first[p] = root(p);
  return first;
}

// Which units send each other most, by a sample of the connections: for each the strongest few.
std::vector<std::pair<std::uint32_t, std::uint32_t>> strong_links(
    const NetworkDescription& description, const std::vector<std::uint32_t>& first_unit, std::uint32_t units,
    std::uint32_t shift) {
  std::vector<std::unordered_map<std::uint32_t, std::uint32_t>> links(units);
  std::vector<Connections::Pair> pairs;
  for (std::uint32_t i = 0; i < description.projections.size(); ++i) {
    const ProjectionDescription& projection = description.projections[i];
    const auto source = find_population(description, projection.source);
    const auto target = find_population(description, projection.target);
    if (!source || !target) continue;  // building says what is wrong
    Connections::Positions from;
    Connections::Positions to;
    if (std::holds_alternative<DistanceDependent>(projection.rule)) {
      from = positions(description.populations[*source], description.seed, *source);
      to = positions(description.populations[*target], description.seed, *target);
    }
    const Connections connections(
        projection.rule,
        {description.populations[*source].size, description.populations[*target].size, *source == *target},
        description.seed, i, std::move(from), std::move(to));
    const std::uint64_t stride = std::max<std::uint64_t>(1, connections.elements() / pieces_looked_at);
    for (std::uint64_t e = 0; e < connections.elements(); e += stride) {
      connections.piece(e, pairs);
      for (const auto& [s, t] : pairs) {
        const std::uint32_t a = first_unit[*source] + (s >> shift);
        const std::uint32_t b = first_unit[*target] + (t >> shift);
        if (a == b) continue;
        ++links[a][b];
        ++links[b][a];
      }
    }
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> strong;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted;  // how many, to whom
  for (std::uint32_t unit = 0; unit < units; ++unit) {
    sorted.clear();
    for (const auto& [other, count] : links[unit]) sorted.emplace_back(count, other);
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    for (std::size_t k = 0; k < std::min(sorted.size(), strong_links_of_a_unit); ++k)
      strong.emplace_back(std::min(unit, sorted[k].second), std::max(unit, sorted[k].second));
  }
  std::sort(strong.begin(), strong.end());
  strong.erase(std::unique(strong.begin(), strong.end()), strong.end());
  return strong;
}

}  // namespace

Partition Partition::blank(const NetworkDescription& description, std::uint32_t ranks,
                           std::uint64_t groups_of_each, std::vector<std::uint32_t>& first_unit,
                           std::uint32_t& units) {
  Partition partition;
  partition.ranks_ = ranks;
  partition.shift_ = shift_for(description, groups_of_each * ranks);
  const std::vector<std::uint32_t> first = first_alike(description);
  units = 0;
  for (std::uint32_t p = 0; p < description.populations.size(); ++p) {
    const std::uint32_t size = description.populations[p].size;
    const std::uint64_t groups =
        (std::uint64_t{size} + (std::uint64_t{1} << partition.shift_) - 1) >> partition.shift_;
    const bool alike = first[p] < p && partition.sizes_[first[p]] == size;
    first_unit.push_back(alike ? first_unit[first[p]] : units);
    if (!alike) units += static_cast<std::uint32_t>(groups);
    partition.sizes_.push_back(size);
    partition.owners_.emplace_back(groups);
  }
  return partition;
}

void Partition::deal(std::span<const std::uint32_t> rank_of_unit, std::span<const std::uint32_t> first_unit) {
  for (std::uint32_t p = 0; p < owners_.size(); ++p)
    for (std::uint32_t group = 0; group < owners_[p].size(); ++group)
      owners_[p][group] = rank_of_unit[first_unit[p] + group];
}

Partition Partition::of(Kind kind, const NetworkDescription& description, std::uint32_t ranks) {
  return kind == Kind::locality && ranks > 1 ? by_locality(description, ranks)
                                             : round_robin(description, ranks);
}

Partition Partition::round_robin(const NetworkDescription& description, std::uint32_t ranks) {
  std::vector<std::uint32_t> first_unit;
  std::uint32_t units = 0;
  Partition partition = blank(description, ranks, groups_of_a_rank, first_unit, units);
  std::vector<std::uint32_t> rank_of_unit(units);
  for (std::uint32_t unit = 0; unit < units; ++unit) rank_of_unit[unit] = unit % ranks;
  partition.deal(rank_of_unit, first_unit);
  return partition;
}

Partition Partition::by_locality(const NetworkDescription& description, std::uint32_t ranks) {
  std::vector<std::uint32_t> first_unit;
  std::uint32_t units = 0;
  Partition partition = blank(description, ranks, local_groups_of_a_rank, first_unit, units);
  std::vector<std::uint64_t> elements(units, 0);
  for (std::uint32_t p = 0; p < partition.sizes_.size(); ++p)
    for (std::uint32_t element = 0; element < partition.sizes_[p]; ++element)
      ++elements[first_unit[p] + (element >> partition.shift_)];
  const std::vector<std::uint32_t> order =
      locality_order(units, strong_links(description, first_unit, units, partition.shift_));
  const double all = static_cast<double>(std::accumulate(elements.begin(), elements.end(), std::uint64_t{0}));
  std::vector<std::uint32_t> rank_of_unit(units);
  double before = 0.0;
  for (const std::uint32_t unit : order) {
    const double middle = before + 0.5 * static_cast<double>(elements[unit]);
    rank_of_unit[unit] = std::min(ranks - 1, static_cast<std::uint32_t>(middle / all * ranks));
    before += static_cast<double>(elements[unit]);
  }
  partition.deal(rank_of_unit, first_unit);
  return partition;
}

Members Partition::members(std::uint32_t population, std::uint32_t rank) const {
  std::vector<std::uint32_t> groups;
  for (std::uint32_t group = 0; group < owners_[population].size(); ++group)
    if (owners_[population][group] == rank) groups.push_back(group);
  return {sizes_[population], shift_, std::move(groups)};
}

}  // namespace flurry
