// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/partition.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <variant>

namespace flurry {
namespace {

constexpr std::uint32_t largest_shift = 8;      // sources draw the random numbers of so many together
constexpr std::uint64_t groups_of_a_rank = 16;  // at least, for ranks to have about as many neurons

std::uint32_t shift_for(const NetworkDescription& description, std::uint32_t ranks) {
  std::uint64_t elements = 0;
  for (const PopulationDescription& population : description.populations) elements += population.size;
  const std::uint64_t in_group = std::max<std::uint64_t>(1, elements / (groups_of_a_rank * ranks));
  return std::min(largest_shift, static_cast<std::uint32_t>(std::bit_width(in_group)) - 1);
}

// For each population the first of those that drive each other one to one.
std::vector<std::uint32_t> first_alike(const NetworkDescription& description) {
  std::vector<std::uint32_t> first(description.populations.size());
  std::iota(first.begin(), first.end(), 0U);
  const auto find = [&](const std::string& name) {
    std::uint32_t p = 0;
    while (p < first.size() && description.populations[p].name != name) ++p;
    return p;
  };
  const auto root = [&](std::uint32_t p) {
    while (first[p] != p) p = first[p];
    return p;
  };
  for (const ProjectionDescription& projection : description.projections) {
    if (!std::holds_alternative<OneToOne>(projection.rule)) continue;
    const std::uint32_t source = find(projection.source);
    const std::uint32_t target = find(projection.target);
    if (source == first.size() || target == first.size()) continue;  // building says what is wrong
    const std::uint32_t a = root(source);
    const std::uint32_t b = root(target);
    first[std::max(a, b)] = std::min(a, b);
  }
  for (std::uint32_t p = 0; p < first.size(); ++p) first[p] = root(p);
  return first;
}

}  // namespace

Partition Partition::round_robin(const NetworkDescription& description, std::uint32_t ranks) {
  Partition partition;
  partition.ranks_ = ranks;
  partition.shift_ = shift_for(description, ranks);
  const std::vector<std::uint32_t> first = first_alike(description);
  std::uint32_t next = 0;
  for (std::uint32_t p = 0; p < description.populations.size(); ++p) {
    const std::uint32_t size = description.populations[p].size;
    partition.sizes_.push_back(size);
    const std::uint64_t groups =
        (std::uint64_t{size} + (std::uint64_t{1} << partition.shift_) - 1) >> partition.shift_;
    std::vector<std::uint32_t> owners(groups);
    if (first[p] < p && partition.sizes_[first[p]] == size) {
      owners = partition.owners_[first[p]];
    } else {
      for (std::uint32_t& owner : owners) owner = next++ % ranks;
    }
    partition.owners_.push_back(std::move(owners));
  }
  return partition;
}

Members Partition::members(std::uint32_t population, std::uint32_t rank) const {
  std::vector<std::uint32_t> groups;
  for (std::uint32_t group = 0; group < owners_[population].size(); ++group)
    if (owners_[population][group] == rank) groups.push_back(group);
  return {sizes_[population], shift_, std::move(groups)};
}

}  // namespace flurry
