// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "io/sonata/group_columns.hpp"

#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/error.hpp"

namespace flurry {
namespace {

constexpr const char* dynamics = "dynamics_params";

std::optional<std::uint64_t> as_number(const std::string& name) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (status != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return value;
}

std::vector<std::uint64_t> read_places(const Hdf5Group& population, const std::string& name,
                                       std::size_t size) {
  const Hdf5Dataset dataset = population.dataset(name);
  std::vector<std::uint64_t> places = dataset.read_list<std::uint64_t>();
  if (places.size() != size)
    throw FormatError("'" + dataset.where() + "' holds " + std::to_string(places.size()) +
                      " values; expected " + std::to_string(size));
  return places;
}

}  // namespace

GroupColumns::GroupColumns(const Hdf5Group& population, const std::string& kind, std::size_t size)
    : kind_(kind), size_(size) {
  for (const std::string& name : population.members()) {
    const auto number = as_number(name);
    if (!number || !population.has_group(name)) continue;
    const Hdf5Group& group = groups_.emplace(*number, population.group(name)).first->second;
    for (const std::string& column : group.members()) {
      if (group.has_dataset(column)) names_.insert(column);
      if (column != dynamics || !group.has_group(column)) continue;
      for (const std::string& parameter : group.group(dynamics).members())
        names_.insert(std::string(dynamics) + "/" + parameter);
    }
  }
  if (population.has_dataset(kind + "_group_id")) {
    group_ = read_places(population, kind + "_group_id", size);
    place_ = read_places(population, kind + "_group_index", size);
  }
}

std::optional<std::vector<double>> GroupColumns::read(std::uint64_t group, const std::string& column) const {
  const Hdf5Group& holder = groups_.at(group);
  const std::size_t slash = column.find('/');
  if (slash == std::string::npos)
    return holder.has_dataset(column) ? std::optional(holder.dataset(column).read_list<double>())
                                      : std::nullopt;
  const std::string folder = column.substr(0, slash);
  if (!holder.has_group(folder)) return std::nullopt;
  const Hdf5Group within = holder.group(folder);
  const std::string name = column.substr(slash + 1);
  return within.has_dataset(name) ? std::optional(within.dataset(name).read_list<double>()) : std::nullopt;
}

void GroupColumns::place(std::vector<double>& values, std::uint64_t group, const std::vector<double>& column,
                         const std::string& name) const {
  const auto where = [&] { return "'" + groups_.at(group).where() + "/" + name + "'"; };
  for (std::size_t i = 0; i < size_; ++i) {
    if (!group_.empty() && group_[i] != group) continue;
    const std::uint64_t at = group_.empty() ? i : place_[i];
    if (at >= column.size())
      throw FormatError(where() + " holds " + std::to_string(column.size()) + " values, but " + kind_ + " " +
                        std::to_string(i) + " asks for number " + std::to_string(at) +
                        "; expected one for each");
    if (!std::isfinite(column[at]))
      throw FormatError(where() + " of " + kind_ + " " + std::to_string(i) +
                        " is not finite; expected a number");
    values[i] = column[at];
  }
}

std::optional<std::vector<double>> GroupColumns::find(const std::string& column) const {
  if (!names_.contains(column)) return std::nullopt;
  std::vector<double> values(size_, std::numeric_limits<double>::quiet_NaN());
  for (const auto& [group, holder] : groups_) {
    if (group_.empty() && group != 0) continue;
    if (const auto found = read(group, column)) place(values, group, *found, column);
  }
  return values;
}

}  // namespace flurry
