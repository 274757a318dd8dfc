// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/analysis/report_text.hpp"

#include <fmt/format.h>

#include "core/base/units.hpp"

namespace flurry {
namespace {

std::string or_dash(const std::optional<double>& value, const char* format) {
  return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

std::string head(const RunReport& report) {
  const char* state = !report.status.known     ? "no mark of Flurry"
                      : report.status.complete ? "complete"
                                               : "INCOMPLETE";
  std::string text =
      fmt::format("run         {} ({})\nduration    {:g} ms\n", report.path, state, report.duration);
  if (!report.seed.empty()) text += fmt::format("seed        {}\n", report.seed);
  if (!report.command.empty()) text += fmt::format("command     {}\n", report.command);
  for (const std::string& note : report.notes) text += fmt::format("note        {}\n", note);
  return text;
}

std::string populations(const RunReport& report) {
  std::string text =
      fmt::format("\npopulations\n  {:<12} {:<14} {:>8} {:>10} {:>8} {:>8} {:>8} {:>7} {:>5} {:>5}\n", "name",
                  "model", "neurons", "spikes", "rate/Hz", "sd/Hz", "max/Hz", "silent", "CV", "Fano");
  for (const PopulationReport& population : report.populations) {
    const SpikeStatistics& s = population.statistics;
    const std::string cv = s.cv ? fmt::format("{:.2f}", s.cv->mean) : "-";
    text +=
        fmt::format("  {:<12} {:<14} {:>8} {:>10} {:>8.2f} {:>8.2f} {:>8.2f} {:>7} {:>5} {:>5}\n",
                    population.name, population.model.empty() ? "-" : population.model, s.neurons, s.spikes,
                    s.rate.mean, s.rate.sd, s.rate_max, s.silent, cv, or_dash(s.fano, "{:.2f}"));
  }
  return text + "  CV: of the intervals between spikes, 0 a clock, 1 Poisson; Fano: of counts in 100 ms.\n";
}

std::string parameter(const PopulationReport& population, const ParameterReport& entry) {
  const std::string unit = entry.unit.empty() ? "" : " [" + entry.unit + "]";
  std::string text = fmt::format("\nrate by {} of {}{}\n  {:>21} {:>8} {:>9} {:>9} {:>6}\n", entry.name,
                                 population.name, unit, "from .. to", "neurons", "rate/Hz", "sd/Hz", "CV");
  for (const ParameterBin& bin : entry.bins)
    text += fmt::format("  {:>9.4g} .. {:>8.4g} {:>8} {:>9.2f} {:>9.2f} {:>6}\n", bin.low, bin.high,
                        bin.rate.count, bin.rate.mean, bin.rate.sd, or_dash(bin.cv, "{:.2f}"));
  if (entry.rate_correlation)
    text += fmt::format("  rank correlation of {} and rate: {:+.2f}\n", entry.name, *entry.rate_correlation);
  return text;
}

std::string group(const char* name, const GroupProfile& group) {
  return fmt::format("  {:<8} {:>8.4g} .. {:>8.4g} {:>8} {:>9.2f} {:>14} {:>14}\n", name, group.tau_low,
                     group.tau_high, group.neurons, group.rate, or_dash(group.first_spike, "{:.2f}"),
                     or_dash(group.correlation_time, "{:.1f}"));
}

std::string fast_and_slow(const PopulationReport& population) {
  if (!population.profile) return "";
  return fmt::format("\nfast and slow quarter of {} by {}\n  {:<8} {:>20} {:>8} {:>9} {:>14} {:>14}\n",
                     population.name, population.tau, "", population.tau + "/ms", "neurons", "rate/Hz",
                     "first spike/ms", "correlation/ms") +
         group("fastest", population.profile->fast) + group("slowest", population.profile->slow);
}

std::string activity(const ActivityCounts& counts) {
  std::string text = fmt::format("\nactivity (exact counts)\n  {:<24} {:>12} {:>14} {:>12}\n", "projection",
                                 "synapses", "arrivals", "in flight");
  for (const ProjectionCounts& projection : counts.projections)
    text += fmt::format("  {:<24} {:>12} {:>14} {:>12}\n", projection.name, projection.synapses,
                        projection.arrivals, projection.in_flight);
  const std::uint64_t arrivals = counts.total(&ProjectionCounts::arrivals);
  const std::uint64_t spikes = counts.total(&PopulationCounts::spikes);
  text += fmt::format("  {} arrivals from {} spikes and source events ({:.1f} each)\n", arrivals, spikes,
                      spikes > 0 ? static_cast<double>(arrivals) / static_cast<double>(spikes) : 0.0);
  text += fmt::format(
      "  state updates: {} by input, {} by crossings, {} idle; {} exponentials, {} searches\n",
      counts.total(&PopulationCounts::updates_input), counts.total(&PopulationCounts::updates_crossing),
      counts.total(&PopulationCounts::updates_idle), counts.total(&PopulationCounts::exponentials),
      counts.total(&PopulationCounts::crossing_searches));
  return text;
}

}  // namespace

std::string report_text(const RunReport& report) {
  std::string text = head(report) + populations(report);
  for (const PopulationReport& population : report.populations) {
    for (const ParameterReport& entry : population.parameters) text += parameter(population, entry);
    text += fast_and_slow(population);
  }
  if (report.counts) text += activity(*report.counts) + energy_report_text(report);
  return text;
}

}  // namespace flurry
