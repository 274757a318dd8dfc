// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "tools/analysis/spike_comparison.hpp"
#include "tools/cli/command_line.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct CompareOptions {
  std::string a;
  std::string b;
  std::optional<double> tolerance;
  bool as_json = false;
};

void declare(Arguments& arguments, CompareOptions& options) {
  arguments.positional("A", options.a, "spike file (SONATA layout in HDF5)");
  arguments.positional("B", options.b, "spike file to compare it with");
  arguments.quantity("-t,--tolerance", options.tolerance, Dimension::time,
                     "largest shift of a spike time still called equal; default 0: the same bits");
  arguments.flag("--json", options.as_json, "print as JSON");
}

Document document_of(const SpikeComparison& comparison, double tolerance) {
  Document::Array populations;
  for (const PopulationComparison& population : comparison.populations)
    populations.push_back(json(Document::Table{{"name", json(population.name)},
                                               {"spikes_a", json(population.spikes_a)},
                                               {"spikes_b", json(population.spikes_b)},
                                               {"neurons_different", json(population.neurons_different)},
                                               {"largest_shift_ms", json(population.largest_shift)}}));
  return json(Document::Table{{"equal", json(comparison.equal)},
                              {"tolerance_ms", json(tolerance)},
                              {"first_difference", json(comparison.first_difference)},
                              {"populations", json(std::move(populations))}});
}

void print(const SpikeComparison& comparison, double tolerance) {
  for (const PopulationComparison& population : comparison.populations)
    fmt::print("{:<12} {} spikes in A, {} in B; {} neurons differ; largest shift {:g} ms\n",
               population.name.empty() ? "(unnamed)" : population.name, population.spikes_a,
               population.spikes_b, population.neurons_different, population.largest_shift);
  if (comparison.equal)
    fmt::print("equal (tolerance {} ms)\n", shortest(tolerance));
  else
    fmt::print("different (tolerance {} ms); first: {}\n", shortest(tolerance), comparison.first_difference);
}

int compare(const CompareOptions& options) {
  const double tolerance = options.tolerance.value_or(0.0);
  if (!(tolerance >= 0.0))
    throw UsageError("--tolerance is " + shortest(tolerance) + " ms; allowed: >= 0 ms");
  const SpikeComparison comparison =
      compare_spikes(read_spike_file(options.a), read_spike_file(options.b), tolerance);
  if (options.as_json)
    fmt::print("{}\n", json_text(document_of(comparison, tolerance)));
  else
    print(comparison, tolerance);
  return comparison.equal ? ExitCode::ok : ExitCode::different;
}

}  // namespace

Verb compare_verb() {
  return {"compare", "Compare two spike files; say the first difference",
          "Examples:\n"
          "  flurry compare a.h5 b.h5\n"
          "  flurry compare run.h5 reference/spikes.h5 --tolerance '1e-6 ms'\n"
          "Spikes are matched by population, neuron and rank in time. Exit code 0 equal, 1 different.\n",
          [](Arguments& arguments) { return bind_verb<CompareOptions>(arguments, &declare, &compare); }};
}

}  // namespace flurry
