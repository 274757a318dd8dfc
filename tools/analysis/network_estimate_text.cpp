// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <fmt/format.h>

#include "tools/analysis/network_estimate.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"

namespace flurry {
namespace {

std::uint64_t rounded(double value) { return static_cast<std::uint64_t>(std::llround(std::max(0.0, value))); }

std::string reach_text(const NetworkEstimate& estimate) {
  std::string text;
  for (const PopulationEstimate& population : estimate.populations)
    if (!population.reached)
      text += fmt::format(
          "note        no chain of projections leads from a source to {}: it spikes by itself or never\n",
          population.name);
  if (estimate.neurons_unreached.value_or(0) > 0)
    text += fmt::format(
        "note        {} neurons can be reached from no source: they spike by themselves or never\n",
        grouped(*estimate.neurons_unreached));
  return text;
}

}  // namespace

std::string estimate_text(const NetworkEstimate& estimate) {
  std::string text = fmt::format("{:<14} {:<14} {:>12} {:>10}\n", "population", "model", "size", "rate/Hz");
  for (const PopulationEstimate& population : estimate.populations)
    text += fmt::format("{:<14} {:<14} {:>12} {:>9.4g}{}\n", population.name, population.model,
                        grouped(population.size), population.rate * 1e3, population.is_source ? " " : "*");
  text += fmt::format("\n{:<24} {:<44} {:>14} {:>10}\n", "projection", "rule", "synapses", "memory");
  for (const ProjectionEstimate& projection : estimate.projections)
    text += fmt::format("{:<24} {:<44} {:>14} {:>10}\n", projection.name, projection.rule,
                        grouped(rounded(projection.synapses)), bytes_text(rounded(projection.bytes)));
  text += fmt::format(
      "\nneurons     {}\nsynapses    {} expected\n"
      "memory      {} at the peak: synapses {}, neurons and sources {}, spikes on their way {}\n",
      grouped(estimate.neurons), grouped(rounded(estimate.synapses)),
      bytes_text(rounded(peak_bytes(estimate))), bytes_text(rounded(estimate.bytes)),
      bytes_text(rounded(estimate.element_bytes)), bytes_text(rounded(estimate.in_flight_bytes)));
  text += fmt::format("work        {} arrivals per simulated second (* neurons assumed at {:g} Hz)\n",
                      grouped(rounded(estimate.arrivals_per_second)), estimate.assumed_rate * 1e3);
  if (estimate.duration)
    text += fmt::format("duration    {:g} ms, so {} arrivals in all\n", *estimate.duration,
                        grouped(rounded(estimate.arrivals_per_second * *estimate.duration * 1e-3)));
  return text + reach_text(estimate);
}

Document estimate_document(const NetworkEstimate& estimate) {
  Document::Array populations;
  for (const PopulationEstimate& population : estimate.populations)
    populations.push_back(json(Document::Table{{"name", json(population.name)},
                                               {"model", json(population.model)},
                                               {"is_source", json(population.is_source)},
                                               {"size", json(population.size)},
                                               {"rate_Hz", json(population.rate * 1e3)},
                                               {"reached", json(population.reached)}}));
  Document::Array projections;
  for (const ProjectionEstimate& projection : estimate.projections)
    projections.push_back(json(Document::Table{{"name", json(projection.name)},
                                               {"rule", json(projection.rule)},
                                               {"synapses_expected", json(projection.synapses)},
                                               {"bytes_expected", json(projection.bytes)},
                                               {"arrivals_per_s", json(projection.arrivals_per_ms * 1e3)}}));
  Document::Table table{{"populations", json(std::move(populations))},
                        {"projections", json(std::move(projections))},
                        {"neurons", json(estimate.neurons)},
                        {"synapses_expected", json(estimate.synapses)},
                        {"bytes_expected", json(estimate.bytes)},
                        {"peak_bytes_expected", json(peak_bytes(estimate))},
                        {"assumed_rate_Hz", json(estimate.assumed_rate * 1e3)},
                        {"arrivals_per_s", json(estimate.arrivals_per_second)},
                        {"duration_ms", json(estimate.duration)}};
  table["neurons_unreached"] = estimate.neurons_unreached ? json(*estimate.neurons_unreached) : Document{};
  return json(std::move(table));
}

}  // namespace flurry
