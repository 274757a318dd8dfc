// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "core/network/network_builder.hpp"

#include <algorithm>

#include "core/base/collective.hpp"
#include "core/base/error.hpp"
#include "core/network/connections.hpp"
#include "core/network/grid_weights.hpp"
#include "core/network/positions.hpp"
#include "core/network/row_builder.hpp"

namespace flurry {
namespace {

std::uint32_t find(const std::vector<Population>& populations, const std::string& name,
                   const std::string& where) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    if (populations[i].name() == name) return i;
    names.push_back(populations[i].name());
  }
  throw UsageError(unknown_name("population", name, where, names));
}

// What holds for all synapses of a projection, from what holds for those on each rank.
void agree(std::vector<Projection>& projections, Communicator& communicator) {
  std::vector<double> smallest;
  std::vector<double> largest;
  for (const Projection& projection : projections) {
    smallest.push_back(projection.synapses() > 0 ? projection.smallest_delay : never);
    largest.insert(largest.end(), {projection.largest_delay, projection.largest_weight});
  }
  smallest_of_all(communicator, std::span(smallest));
  largest_of_all(communicator, std::span(largest));
  for (std::size_t i = 0; i < projections.size(); ++i) {
    projections[i].smallest_delay = smallest[i] < never ? smallest[i] : 0.0;
    projections[i].largest_delay = largest[2 * i];
    projections[i].largest_weight = largest[2 * i + 1];
  }
}

// Rows that are empty in all projections of a population are left out.
void keep_senders(std::vector<Population>& populations, std::vector<Projection>& projections) {
  for (std::uint32_t p = 0; p < populations.size(); ++p) {
    std::vector<Projection*> leaving;
    for (Projection& projection : projections)
      if (projection.source == p) leaving.push_back(&projection);
    std::vector<std::uint32_t>& senders = populations[p].senders;
    for (std::uint32_t s = 0; s < populations[p].whole_size(); ++s)
      if (std::any_of(leaving.begin(), leaving.end(), [&](const Projection* projection) {
            return projection->rows[s] < projection->rows[s + 1];
          }))
        senders.push_back(s);
    for (Projection* projection : leaving) {
      std::vector<std::uint64_t> rows;
      rows.reserve(senders.size() + 1);
      for (const std::uint32_t s : senders) rows.push_back(projection->rows[s]);
      rows.push_back(projection->synapses());
      projection->rows = std::move(rows);
    }
  }
}

Network build_part(const NetworkDescription& description, Executor& executor, const BuildProgress& progress,
                   const Share* share) {
  const TimeUnit unit = description.resolution ? TimeUnit(*description.resolution) : TimeUnit();
  std::vector<Population> populations;
  for (const PopulationDescription& population : description.populations) {
    populations.push_back({population});
    if (share)
      populations.back().members = std::make_shared<const Members>(share->partition.members(
          static_cast<std::uint32_t>(populations.size()) - 1, share->communicator.rank()));
  }
  std::vector<Projection> projections(description.projections.size());
  for (std::uint32_t i = 0; i < projections.size(); ++i) {
    const ProjectionDescription& asked = description.projections[i];
    if (progress) progress(asked.name, static_cast<double>(i) / static_cast<double>(projections.size()));
    Projection& projection = projections[i];
    const std::string what =
        "projection " + asked.name + (asked.where.empty() ? "" : " (" + asked.where + ")");
    projection.name = asked.name;
    projection.source = find(populations, asked.source, what);
    projection.target = find(populations, asked.target, what);
    const Population& target = populations[projection.target];
    const Connections::Ends ends{populations[projection.source].whole_size(), target.whole_size(),
                                 projection.source == projection.target};
    Connections::Positions sources;
    Connections::Positions targets;
    if (std::holds_alternative<DistanceDependent>(asked.rule)) {
      sources = positions(populations[projection.source].description, description.seed, projection.source);
      targets = positions(populations[projection.target].description, description.seed, projection.target);
    }
    try {
      const Connections connections(asked.rule, ends, description.seed, i, std::move(sources),
                                    std::move(targets));
      build_rows({asked, connections, description.seed, i, unit, target.members.get()}, ends.source_size,
                 executor, projection);
    } catch (const UsageError& error) {
      throw UsageError(what + " " + error.what());
    }
  }
  Communicator alone;
  Communicator& communicator = share ? share->communicator : alone;
  if (share) {
    agree(projections, communicator);
    keep_senders(populations, projections);
  }
  std::vector<GridWeights> grid_weights;
  if (unit.on_grid()) grid_weights = round_weights(populations, projections, executor, communicator);
  return Network(std::move(populations), std::move(projections), description.seed, unit,
                 std::move(grid_weights));
}

}  // namespace

Network build(const NetworkDescription& description, Executor& executor, const BuildProgress& progress) {
  return build_part(description, executor, progress, nullptr);
}

Network build(const NetworkDescription& description, Executor& executor, const BuildProgress& progress,
              const Share& share) {
  return build_part(description, executor, progress, &share);
}

double expected_synapses(const ProjectionDescription& projection, std::uint32_t source_size,
                         std::uint32_t target_size) {
  const double pairs = static_cast<double>(source_size) * static_cast<double>(target_size);
  if (const auto* rule = std::get_if<FixedInDegree>(&projection.rule)) return 1.0 * rule->count * target_size;
  if (const auto* rule = std::get_if<FixedOutDegree>(&projection.rule))
    return 1.0 * rule->count * source_size;
  if (const auto* rule = std::get_if<FixedTotalNumber>(&projection.rule))
    return static_cast<double>(rule->count);
  if (const auto* rule = std::get_if<PairwiseBernoulli>(&projection.rule)) return rule->probability * pairs;
  if (const auto* rule = std::get_if<ConnectionList>(&projection.rule))
    return static_cast<double>(rule->sources->size());
  if (std::holds_alternative<OneToOne>(projection.rule)) return static_cast<double>(source_size);
  return pairs;  // all to all; an upper bound for distance-dependent rules, whose positions are not known
                 // here
}

double expected_bytes(const ProjectionDescription& projection, std::uint32_t source_size,
                      std::uint32_t target_size) {
  const double per_synapse =
      sizeof(std::uint32_t) + bytes_per_value(projection.weight) + bytes_per_value(projection.delay);
  return per_synapse * expected_synapses(projection, source_size, target_size) + 8.0 * (source_size + 1.0);
}

}  // namespace flurry
