// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/report_text.hpp"
#include "tools/cli/counts_json.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

Document statistics(const SpikeStatistics& s) {
  const std::optional<double> cv = s.cv ? std::optional(s.cv->mean) : std::nullopt;
  return json(Document::Table{{"neurons", json(s.neurons)},
                              {"silent", json(s.silent)},
                              {"spikes", json(s.spikes)},
                              {"rate_Hz", json(s.rate.mean)},
                              {"rate_sd_Hz", json(s.rate.sd)},
                              {"rate_median_Hz", json(s.rate_median)},
                              {"rate_max_Hz", json(s.rate_max)},
                              {"interval_cv", json(cv)},
                              {"interval_cv_neurons", json(s.cv ? s.cv->count : 0)},
                              {"fano_100ms", json(s.fano)}});
}

Document parameter(const ParameterReport& entry) {
  Document::Array bins;
  for (const ParameterBin& bin : entry.bins)
    bins.push_back(json(Document::Table{{"low", json(bin.low)},
                                        {"high", json(bin.high)},
                                        {"mean", json(bin.mean)},
                                        {"neurons", json(bin.rate.count)},
                                        {"rate_Hz", json(bin.rate.mean)},
                                        {"rate_sd_Hz", json(bin.rate.sd)},
                                        {"interval_cv", json(bin.cv)}}));
  return json(Document::Table{{"name", json(entry.name)},
                              {"unit", json(entry.unit)},
                              {"rate_rank_correlation", json(entry.rate_correlation)},
                              {"bins", json(std::move(bins))}});
}

Document group(const GroupProfile& g) {
  return json(Document::Table{{"tau_low_ms", json(g.tau_low)},
                              {"tau_high_ms", json(g.tau_high)},
                              {"neurons", json(g.neurons)},
                              {"rate_Hz", json(g.rate)},
                              {"first_spike_median_ms", json(g.first_spike)},
                              {"correlation_time_ms", json(g.correlation_time)},
                              {"rate_over_time_Hz", json(g.rate_over_time)}});
}

Document population(const PopulationReport& p) {
  Document::Table table{
      {"name", json(p.name)}, {"model", json(p.model)}, {"statistics", statistics(p.statistics)}};
  Document::Array parameters;
  for (const ParameterReport& entry : p.parameters) parameters.push_back(parameter(entry));
  table["parameters"] = json(std::move(parameters));
  if (p.profile)
    table["temporal_profile"] = json(Document::Table{{"parameter", json(p.tau)},
                                                     {"bin_ms", json(p.profile->bin)},
                                                     {"fast", group(p.profile->fast)},
                                                     {"slow", group(p.profile->slow)}});
  return json(std::move(table));
}

}  // namespace

Document report_document(const RunReport& report) {
  Document::Array populations;
  for (const PopulationReport& entry : report.populations) populations.push_back(population(entry));
  Document::Table table{{"run", json(report.path)},
                        {"status", json(!report.status.known     ? "unknown"
                                        : report.status.complete ? "complete"
                                                                 : "incomplete")},
                        {"duration_ms", json(report.duration)},
                        {"seed", json(report.seed)},
                        {"command", json(report.command)},
                        {"notes", json(report.notes)},
                        {"populations", json(std::move(populations))}};
  if (report.counts) {
    table["counts"] = counts_document(*report.counts);
    table["energy"] = energy_report_document(report);
  }
  return json(std::move(table));
}

}  // namespace flurry
