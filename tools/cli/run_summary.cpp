// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/energy/workload.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/counts_json.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/process_ranks.hpp"
#include "tools/cli/run_simulation.hpp"

namespace flurry {
namespace {

std::uint64_t neuron_spikes(const ActivityCounts& counts) { return event_driven(counts).count("spike"); }

double rate(std::uint64_t spikes, std::uint64_t neurons, double duration) {
  if (neurons == 0 || !(duration > 0.0)) return 0.0;
  return static_cast<double>(spikes) * 1e3 / (static_cast<double>(neurons) * duration);
}

double nanoseconds_per_arrival(const RunResult& result) {
  const std::uint64_t arrivals = result.counts.total(&ProjectionCounts::arrivals);
  return arrivals == 0 ? 0.0 : result.run_seconds * 1e9 / static_cast<double>(arrivals);
}

std::string population_lines(const RunResult& result) {
  std::string text;
  std::size_t shown = 0;
  for (const PopulationCounts& population : result.counts.populations) {
    if (++shown > 4) break;
    text += fmt::format("  {:<10}{} {}: {} spikes, {:.2f} Hz\n", population.name, grouped(population.size),
                        population.is_source ? "sources" : "neurons", grouped(population.spikes),
                        rate(population.spikes, population.size, result.reached));
  }
  if (result.counts.populations.size() > shown)
    text += fmt::format("  ... {} populations in all\n", result.counts.populations.size());
  return text;
}

}  // namespace

std::string summary_text(const RunResult& result) {
  const double real_time = result.run_seconds * 1e3 / (result.reached > 0.0 ? result.reached : 1.0);
  const std::string time = result.resolution ? fmt::format("on a grid of {:g} ms", *result.resolution)
                                             : std::string("in exact time");
  std::string text =
      fmt::format("network     {} neurons, {} synapses, {}; built in {:.2f} s\n", grouped(result.neurons),
                  grouped(result.synapses), bytes_text(result.memory_bytes), result.build_seconds);
  const std::string ranks =
      result.ranks.empty() ? std::string() : fmt::format("{} ranks of ", result.ranks.size());
  text += fmt::format("simulated   {:g} ms {} in {:.2f} s on {}{} thread{}, seed {}: {:.3g} x real time\n",
                      result.reached, time, result.run_seconds, ranks, result.threads,
                      result.threads == 1 ? "" : "s", result.seed, real_time);
  text += fmt::format("spikes      {} ({:.2f} Hz per neuron)\n", grouped(neuron_spikes(result.counts)),
                      rate(neuron_spikes(result.counts), result.neurons, result.reached));
  text +=
      fmt::format("arrivals    {} ({:.1f} ns each)\n",
                  grouped(result.counts.total(&ProjectionCounts::arrivals)), nanoseconds_per_arrival(result));
  text += population_lines(result);
  text += ranks_text(result.ranks);
  for (const std::string& report : result.reports) text += fmt::format("report      {}\n", report);
  if (result.dropped > 0)
    text +=
        fmt::format("DROPPED     {} samples: the disk was slower than the run\n", grouped(result.dropped));
  if (result.checkpoints > 0)
    text += fmt::format("checkpoint  {} ({}; {} written, {:.0f} ms each)\n", result.checkpoint.string(),
                        bytes_text(result.checkpoint_bytes), result.checkpoints,
                        result.checkpoint_seconds * 1e3 / static_cast<double>(result.checkpoints));
  if (result.complete) return text + fmt::format("output      {}\n", result.output.string());
  return text + fmt::format("output      {} (INCOMPLETE: stopped at {:g} of {:g} ms)\n",
                            result.output.string(), result.reached, result.until);
}

Document summary_document(const RunResult& result) {
  Document::Array reports;
  for (const std::string& report : result.reports) reports.push_back(json(report));
  return json(Document::Table{
      {"output", json(result.output.string())},
      {"reports", json(std::move(reports))},
      {"dropped_samples", json(result.dropped)},
      {"checkpoint", json(result.checkpoint.string())},
      {"checkpoints", json(result.checkpoints)},
      {"checkpoint_bytes", json(result.checkpoint_bytes)},
      {"checkpoint_seconds", json(result.checkpoint_seconds)},
      {"status", json(result.complete ? "complete" : "incomplete")},
      {"until_ms", json(result.until)},
      {"reached_ms", json(result.reached)},
      {"resolution_ms", json(result.resolution.value_or(0.0))},
      {"seed", json(result.seed)},
      {"threads", json(result.threads)},
      {"ranks", ranks_document(result.ranks)},
      {"neurons", json(result.neurons)},
      {"synapses", json(result.synapses)},
      {"memory_bytes", json(result.memory_bytes)},
      {"build_s", json(result.build_seconds)},
      {"run_s", json(result.run_seconds)},
      {"spikes", json(neuron_spikes(result.counts))},
      {"rate_Hz", json(rate(neuron_spikes(result.counts), result.neurons, result.reached))},
      {"arrivals", json(result.counts.total(&ProjectionCounts::arrivals))},
      {"ns_per_arrival", json(nanoseconds_per_arrival(result))},
      {"counts", counts_document(result.counts)},
  });
}

int tell_result(const RunResult& result, bool as_json, bool quiet) {
  if (as_json)
    fmt::print("{}\n", json_text(summary_document(result)));
  else if (!quiet)
    fmt::print("{}", summary_text(result));
  if (result.complete) return ExitCode::ok;
  if (process_ranks().rank() > 0) return ExitCode::interrupted;
  fmt::print(stderr,
             "flurry: interrupted at {:g} of {:g} ms; {} holds the spikes so far and is marked incomplete\n",
             result.reached, result.until, result.output.string());
  if (!result.checkpoint.empty())
    fmt::print(stderr, "flurry: go on with: {}flurry resume {}\n",
               result.ranks.empty() ? "" : fmt::format("mpirun -n {} ", result.ranks.size()),
               result.checkpoint.string());
  return ExitCode::interrupted;
}

}  // namespace flurry
