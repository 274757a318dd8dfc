// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/counts_json.hpp"

#include <array>
#include <utility>

#include "core/base/error.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

template <class Counts>
using Field = std::pair<const char*, std::uint64_t Counts::*>;

constexpr std::array population_fields{
    Field<PopulationCounts>{"size", &PopulationCounts::size},
    Field<PopulationCounts>{"spikes", &PopulationCounts::spikes},
    Field<PopulationCounts>{"arrivals", &PopulationCounts::arrivals},
    Field<PopulationCounts>{"arrivals_refractory", &PopulationCounts::arrivals_refractory},
    Field<PopulationCounts>{"updates_input", &PopulationCounts::updates_input},
    Field<PopulationCounts>{"updates_crossing", &PopulationCounts::updates_crossing},
    Field<PopulationCounts>{"updates_idle", &PopulationCounts::updates_idle},
    Field<PopulationCounts>{"exponentials", &PopulationCounts::exponentials},
    Field<PopulationCounts>{"crossing_searches", &PopulationCounts::crossing_searches},
    Field<PopulationCounts>{"queue_pushes", &PopulationCounts::queue_pushes},
    Field<PopulationCounts>{"queue_pops", &PopulationCounts::queue_pops},
    Field<PopulationCounts>{"crossings_stale", &PopulationCounts::crossings_stale},
};
constexpr std::array projection_fields{
    Field<ProjectionCounts>{"synapses", &ProjectionCounts::synapses},
    Field<ProjectionCounts>{"arrivals", &ProjectionCounts::arrivals},
    Field<ProjectionCounts>{"in_flight", &ProjectionCounts::in_flight},
    Field<ProjectionCounts>{"bytes_per_synapse", &ProjectionCounts::bytes_per_synapse},
};
constexpr std::array run_fields{
    Field<ActivityCounts>{"windows", &ActivityCounts::windows},
    Field<ActivityCounts>{"state_bytes", &ActivityCounts::state_bytes},
};

template <class Counts, std::size_t Size>
void write_fields(Document::Table& table, const Counts& counts,
                  const std::array<Field<Counts>, Size>& fields) {
  for (const auto& [name, member] : fields) table[name] = json(counts.*member);
}

template <class Counts, std::size_t Size>
void read_fields(const Document& table, const std::string& what, Counts& counts,
                 const std::array<Field<Counts>, Size>& fields) {
  for (const auto& [name, member] : fields) {
    const std::string field = what + "." + name;
    const std::int64_t value = table.at(name, what).integer(field);
    if (value < 0) throw UsageError(field + " is " + std::to_string(value) + "; a count is >= 0");
    counts.*member = static_cast<std::uint64_t>(value);
  }
}

template <class Counts, std::size_t Size>
std::vector<std::string> keys(const std::array<Field<Counts>, Size>& fields, std::vector<std::string> more) {
  for (const auto& [name, member] : fields) more.emplace_back(name);
  return more;
}

PopulationCounts parse_population(const Document& table) {
  const std::string what = "population counts";
  table.expect_keys(what, keys(population_fields, {"name", "model", "is_source"}));
  PopulationCounts counts;
  counts.name = table.at("name", what).text(what + ".name");
  counts.model = table.at("model", what).text(what + ".model");
  counts.is_source = table.at("is_source", what).boolean(what + ".is_source");
  read_fields(table, what, counts, population_fields);
  return counts;
}

ProjectionCounts parse_projection(const Document& table) {
  const std::string what = "projection counts";
  table.expect_keys(what, keys(projection_fields, {"name", "source", "target"}));
  ProjectionCounts counts;
  counts.name = table.at("name", what).text(what + ".name");
  counts.source = table.at("source", what).text(what + ".source");
  counts.target = table.at("target", what).text(what + ".target");
  read_fields(table, what, counts, projection_fields);
  return counts;
}

}  // namespace

Document counts_document(const ActivityCounts& counts) {
  Document::Table run{{"duration", json(counts.duration)}};
  write_fields(run, counts, run_fields);
  Document::Array populations;
  for (const PopulationCounts& population : counts.populations) {
    Document::Table table{{"name", json(population.name)},
                          {"model", json(population.model)},
                          {"is_source", json(population.is_source)}};
    write_fields(table, population, population_fields);
    populations.push_back(json(std::move(table)));
  }
  Document::Array projections;
  for (const ProjectionCounts& projection : counts.projections) {
    Document::Table table{{"name", json(projection.name)},
                          {"source", json(projection.source)},
                          {"target", json(projection.target)}};
    write_fields(table, projection, projection_fields);
    projections.push_back(json(std::move(table)));
  }
  run["populations"] = json(std::move(populations));
  run["projections"] = json(std::move(projections));
  return json(std::move(run));
}

std::string counts_text(const ActivityCounts& counts) { return json_text(counts_document(counts), -1); }

ActivityCounts parse_counts(const Document& document) {
  const std::string what = "counts";
  document.expect_keys(what, keys(run_fields, {"duration", "populations", "projections"}));
  ActivityCounts counts;
  counts.duration = document.at("duration", what).number(what + ".duration");
  read_fields(document, what, counts, run_fields);
  for (const Document& population : document.at("populations", what).array(what + ".populations"))
    counts.populations.push_back(parse_population(population));
  for (const Document& projection : document.at("projections", what).array(what + ".projections"))
    counts.projections.push_back(parse_projection(projection));
  return counts;
}

}  // namespace flurry
