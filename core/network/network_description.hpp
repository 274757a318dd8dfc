// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/spike.hpp"
#include "core/network/connection_rule.hpp"
#include "core/network/distribution.hpp"

namespace flurry {

/// Positions of a population in the plane, in the user's own length unit (micrometres, pixels).
struct Layout {
  enum class Kind { grid, random, list };
  Kind kind = Kind::grid;
  std::uint32_t columns = 0;  // grid: 0 = as square as it gets; element i stands in column i % columns
  double width = 1.0;         // extent in x and y, from 0
  double height = 1.0;
  std::vector<std::pair<double, double>> positions;  // list
};

/// A population as it was asked for: a model's name, a size, and where each parameter comes from.
struct PopulationDescription {
  std::string name;
  std::string model;  // as in the catalogue: "lif_exp", "poisson", ...
  std::uint32_t size = 0;
  std::map<std::string, Distribution, std::less<>> parameters;  // inside units; the rest is default
  std::map<std::string, std::string, std::less<>> texts;        // e.g. a source's file
  std::map<std::string, std::vector<std::vector<double>>, std::less<>> tables;  // e.g. a rate profile
  std::shared_ptr<const SpikeTrain>
      spikes;  // of a source that plays given spikes; `neuron` is the index within
  std::optional<Layout> layout;
  std::string where;  // for messages: "network.toml:12"
};

/// A projection as it was asked for.
struct ProjectionDescription {
  std::string name;
  std::string source;
  std::string target;
  ConnectionRule rule = AllToAll{};
  Distribution weight =
      Distribution::constant(1.0);  // mV or pA, by the target's model; the sign picks the receptor
  Distribution delay = Distribution::constant(1.0);  // ms, > 0
  std::string where;
};

/// A whole network before it is built. Made by readers of files, or by hand; nothing in it grows with
/// synapses except explicit lists.
struct NetworkDescription {
  std::uint64_t seed = 1;
  std::optional<double> duration;    // ms, where the description says so
  std::optional<double> resolution;  // ms: grid time; none: exact time
  std::vector<PopulationDescription> populations;
  std::vector<ProjectionDescription> projections;
  std::string text;    // the network as written, kept as provenance
  std::string origin;  // the file it came from
};

}  // namespace flurry
