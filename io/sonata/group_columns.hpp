// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/hdf5/hdf5_group.hpp"

namespace flurry {

/// The per-node (per-edge) columns of a SONATA population, which lie in one or more groups "0", "1", ...; two
/// datasets say for each element in which group, and where in it, its values stand.
class GroupColumns {
 public:
  /// `kind`: "node" or "edge". `size`: number of elements. FormatError where the two datasets do not fit.
  GroupColumns(const Hdf5Group& population, const std::string& kind, std::size_t size);

  /// Names of columns over all groups; those of the sub-group dynamics_params begin with "dynamics_params/".
  [[nodiscard]] const std::set<std::string>& names() const { return names_; }

  /// The column as one number per element, NaN for elements of groups without it; nothing where no group has
  /// it. FormatError for a value that is not finite or a place beyond the end of a group.
  [[nodiscard]] std::optional<std::vector<double>> find(const std::string& column) const;

 private:
  [[nodiscard]] std::optional<std::vector<double>> read(std::uint64_t group, const std::string& column) const;
  void place(std::vector<double>& values, std::uint64_t group, const std::vector<double>& column,
             const std::string& name) const;

  std::string kind_;
  std::size_t size_ = 0;
  std::map<std::uint64_t, Hdf5Group> groups_;
  std::vector<std::uint64_t> group_;  // empty: all in group 0, element i at place i
  std::vector<std::uint64_t> place_;
  std::set<std::string> names_;
};

}  // namespace flurry
