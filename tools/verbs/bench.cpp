// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "tools/bench/measurement.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/process_ranks.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct BenchOptions {
  std::vector<std::string> names;
  std::optional<std::uint64_t> threads;
  bool as_json = false;
};

void declare(Arguments& arguments, BenchOptions& options) {
  arguments.positionals("NAME", options.names,
                        "standard networks to measure; all but the large where none is named");
  arguments.whole_number("-t,--threads", options.threads, "threads; default 1");
  arguments.flag("--json", options.as_json, "print an array of objects as JSON");
}

int bench(const BenchOptions& options) {
  const std::uint64_t threads = options.threads.value_or(1);
  if (threads == 0 || threads > 4096)
    throw UsageError("--threads is " + std::to_string(threads) + "; allowed: 1 to 4096");
  std::vector<const StandardNetwork*> chosen;
  for (const std::string& name : options.names) chosen.push_back(&find_standard_network(name));
  if (chosen.empty())
    for (const StandardNetwork& network : standard_networks())
      if (!network.large) chosen.push_back(&network);
  std::vector<Measurement> measurements;
  if (!options.as_json) fmt::print("{}", measurement_header());
  for (const StandardNetwork* network : chosen) {
    measurements.push_back(measure(*network, threads, process_ranks()));
    if (options.as_json) continue;
    fmt::print("{}", measurement_line(measurements.back()));
    std::fflush(stdout);
  }
  if (options.as_json) fmt::print("{}\n", json_text(measurement_document(measurements)));
  return 0;
}

std::string footer() {
  std::string text = "Standard networks:\n";
  for (const StandardNetwork& network : standard_networks())
    text += fmt::format("  {:<22}{}\n", network.name, network.what);
  return text +
         "An event is one arrival at one synapse, or one external spike reaching its neuron. Building and\n"
         "settling are not counted in seconds. Compare on a machine with nothing else to do.\n"
         "Examples:\n"
         "  flurry bench balanced-delta-exact silence\n"
         "  flurry bench --threads 2 --json > bench.json\n"
         "  mpirun -n 2 flurry bench balanced-delta-exact     times of the slowest rank\n";
}

}  // namespace

Verb bench_verb() {
  return {"bench",  "Measure speed on standard networks",
          footer(), [](Arguments& arguments) { return bind_verb<BenchOptions>(arguments, &declare, &bench); },
          {},       true};
}

}  // namespace flurry
