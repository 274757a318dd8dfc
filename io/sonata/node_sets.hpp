// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/document.hpp"
#include "io/sonata/sonata_nodes.hpp"

namespace flurry {

/// For each population (by index) that a node set touches, which of its neurons are in it.
using NodeSelection = std::map<std::size_t, std::vector<bool>>;

/// SONATA node sets: rules that pick nodes. A name of the node sets file or of a population, a table of
/// attributes that must all fit, a list of names, of which any may fit, or nothing, which is all nodes.
class NodeSets {
 public:
  /// `sets`: the node sets file, or nothing.
  NodeSets(const Document& sets, std::span<const SonataPopulation> populations)
      : sets_(sets), populations_(populations) {}

  /// UsageError naming `what` for an unknown name or attribute.
  [[nodiscard]] NodeSelection select(const Document& rule, const std::string& what) const {
    return select(rule, what, 0);
  }

 private:
  [[nodiscard]] NodeSelection select(const Document& rule, const std::string& what, int depth) const;
  [[nodiscard]] NodeSelection select_named(const Document& rule, const std::string& what, int depth) const;
  [[nodiscard]] NodeSelection select_by_attributes(const Document& rule, const std::string& what) const;
  [[nodiscard]] bool fits(std::size_t population, std::size_t neuron, const std::string& attribute,
                          const Document& wanted) const;
  void expect_attribute(const std::string& attribute, const Document& wanted, const std::string& what) const;

  const Document& sets_;
  std::span<const SonataPopulation> populations_;
};

}  // namespace flurry
