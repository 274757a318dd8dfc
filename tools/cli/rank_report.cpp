// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/cli/rank_report.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/base/collective.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"

namespace flurry {
namespace {

using Field = std::pair<const char*, std::uint64_t RankReport::*>;

constexpr Field fields[] = {
    {"neurons", &RankReport::neurons},           {"synapses", &RankReport::synapses},
    {"memory_bytes", &RankReport::memory_bytes}, {"arrivals", &RankReport::arrivals},
    {"spikes_sent", &RankReport::spikes_sent},   {"messages", &RankReport::messages},
    {"bytes_sent", &RankReport::bytes_sent},     {"exchanges", &RankReport::exchanges},
    {"waiting_us", &RankReport::waiting_us}};

// visit(number) for all counts that are sums over neurons or synapses.
template <class Visit>
void for_each_sum(ActivityCounts& counts, const Visit& visit) {
  visit(counts.state_bytes);
  for (PopulationCounts& population : counts.populations) {
    visit(population.size);
    for (const auto field : Tally::fields()) visit(population.*field);
  }
  for (ProjectionCounts& projection : counts.projections)
    for (const auto field :
         {&ProjectionCounts::synapses, &ProjectionCounts::arrivals, &ProjectionCounts::in_flight})
      visit(projection.*field);
}

// The most that one rank has, relative to what each would have were they alike; 1 is even.
double imbalance(std::span<const RankReport> ranks, std::uint64_t RankReport::*field) {
  std::uint64_t sum = 0;
  std::uint64_t most = 0;
  for (const RankReport& rank : ranks) {
    sum += rank.*field;
    most = std::max(most, rank.*field);
  }
  return sum == 0 ? 1.0
                  : static_cast<double>(most) * static_cast<double>(ranks.size()) / static_cast<double>(sum);
}

std::uint64_t total(std::span<const RankReport> ranks, std::uint64_t RankReport::*field) {
  std::uint64_t sum = 0;
  for (const RankReport& rank : ranks) sum += rank.*field;
  return sum;
}

std::uint64_t most(std::span<const RankReport> ranks, std::uint64_t RankReport::*field) {
  std::uint64_t value = 0;
  for (const RankReport& rank : ranks) value = std::max(value, rank.*field);
  return value;
}

}  // namespace

void sum_counts(Communicator& ranks, ActivityCounts& counts) {
  std::vector<std::uint64_t> values;
  for_each_sum(counts, [&](std::uint64_t& value) { values.push_back(value); });
  sum_all(ranks, std::span(values));
  auto next = values.begin();
  for_each_sum(counts, [&](std::uint64_t& value) { value = *next++; });
}

std::string ranks_text(std::span<const RankReport> ranks) {
  if (ranks.empty()) return "";
  return fmt::format(
      "exchanged   {} times: {} spikes, {} in {} messages; a rank waited at most {:.2f} s\n"
      "ranks       {}: at most {} each; imbalance {:.2f} in synapses, {:.2f} in arrivals (1 is even)\n",
      grouped(most(ranks, &RankReport::exchanges)), grouped(total(ranks, &RankReport::spikes_sent)),
      bytes_text(total(ranks, &RankReport::bytes_sent)), grouped(total(ranks, &RankReport::messages)),
      static_cast<double>(most(ranks, &RankReport::waiting_us)) * 1e-6, ranks.size(),
      bytes_text(most(ranks, &RankReport::memory_bytes)), imbalance(ranks, &RankReport::synapses),
      imbalance(ranks, &RankReport::arrivals));
}

Document ranks_document(std::span<const RankReport> ranks) {
  Document::Array rows;
  for (const RankReport& rank : ranks) {
    Document::Table table;
    for (const auto& [name, field] : fields) table[name] = json(rank.*field);
    rows.push_back(json(std::move(table)));
  }
  return json(std::move(rows));
}

}  // namespace flurry
