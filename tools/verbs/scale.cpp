// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/base/units.hpp"
#include "tools/bench/exchange_estimate.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/cli/verb.hpp"

namespace flurry {
namespace {

struct ScaleOptions {
  std::optional<double> neurons, synapses, rate, tile, local, synapse_bytes, window;
  std::vector<std::string> ranks;
  bool as_json = false;
};

void declare(Arguments& arguments, ScaleOptions& options) {
  arguments.positionals("RANKS", options.ranks,
                        "numbers of ranks, up to 100000; default: 1 10 100 ... 100000");
  arguments.quantity("--neurons", options.neurons, Dimension::number, "neurons of the network; default 1e9");
  arguments.quantity("--synapses", options.synapses, Dimension::number, "synapses of a neuron; default 1e4");
  arguments.quantity("--rate", options.rate, Dimension::rate, "spikes of a neuron; default 5 Hz");
  arguments.quantity(
      "--window", options.window, Dimension::time,
      "time between exchanges: the smallest delay, rounded down to a power of two; default 0.5 ms");
  arguments.quantity("--tile", options.tile, Dimension::number,
                     "neurons that belong together and stand on neighbouring ranks; default: none do");
  arguments.quantity("--local", options.local, Dimension::number,
                     "part of a neuron's synapses within its tile, 0 to 1; default 0");
  arguments.quantity("--synapse-bytes", options.synapse_bytes, Dimension::number,
                     "4, 8 or 12: see flurry check; default 8");
  arguments.flag("--json", options.as_json, "print an array of objects as JSON");
}

double positive_or(std::optional<double> given, double otherwise, const char* name) {
  if (given && !(*given > 0.0 && std::isfinite(*given)))
    throw UsageError(std::string(name) + " is " + shortest(*given) + "; allowed: > 0");
  return given.value_or(otherwise);
}

ExchangePlan plan_of(const ScaleOptions& options) {
  ExchangePlan plan;
  plan.neurons = positive_or(options.neurons, plan.neurons, "--neurons");
  plan.out_degree = positive_or(options.synapses, plan.out_degree, "--synapses");
  plan.rate = 1e3 * positive_or(options.rate, plan.rate * 1e-3, "--rate");
  plan.window = positive_or(options.window, plan.window, "--window");
  plan.tile = positive_or(options.tile, 1.0, "--tile");
  plan.synapse_bytes = positive_or(options.synapse_bytes, plan.synapse_bytes, "--synapse-bytes");
  plan.local = options.local.value_or(0.0);
  if (!(plan.local >= 0.0 && plan.local <= 1.0))
    throw UsageError("--local is " + shortest(plan.local) + "; allowed: 0 to 1");
  if (plan.local > 0.0 && !options.tile)
    throw UsageError("--local is a part of a tile; say how large with --tile");
  return plan;
}

std::uint32_t ranks_from(const std::string& text, const ExchangePlan& plan) {
  const double number = parse_quantity(text, Dimension::number, "RANKS");
  if (!(number >= 1.0 && number <= 1e5) || number != std::floor(number))
    throw UsageError("RANKS is " + text + "; allowed: whole numbers from 1 to 100000");
  if (number > plan.neurons) throw UsageError("'" + text + "' ranks are more than there are neurons");
  return static_cast<std::uint32_t>(number);
}

Document document_of(const ExchangeEstimate& e) {
  return json(Document::Table{{"ranks", json(e.ranks)},
                              {"neurons", json(e.neurons)},
                              {"synapses", json(e.synapses)},
                              {"rows", json(e.senders)},
                              {"routes_per_neuron", json(e.routes)},
                              {"memory_bytes", json(e.memory_bytes)},
                              {"building_bytes", json(e.build_bytes)},
                              {"spikes_per_window", json(e.spikes)},
                              {"messages_per_window", json(e.messages)},
                              {"bytes_per_window", json(e.bytes)},
                              {"notice_bytes_per_window", json(e.notice_bytes)},
                              {"imbalance_by_chance", json(e.imbalance)}});
}

std::string size_text(double bytes) { return bytes_text(static_cast<std::uint64_t>(std::llround(bytes))); }

int scale(const ScaleOptions& options) {
  const ExchangePlan plan = plan_of(options);
  std::vector<std::uint32_t> ranks;
  for (const std::string& text : options.ranks) ranks.push_back(ranks_from(text, plan));
  for (double r = 1.0; options.ranks.empty() && r <= 1e5 && r <= plan.neurons; r *= 10.0)
    ranks.push_back(static_cast<std::uint32_t>(r));
  Document::Array rows;
  if (!options.as_json)
    fmt::print("{:>8}{:>12}{:>12}{:>10}{:>11}{:>9}{:>13}{:>10}{:>11}{:>11}{:>10}\n", "ranks", "neurons",
               "synapses", "memory", "building", "routes", "spikes/win.", "messages", "sent", "notices",
               "busiest");
  for (const std::uint32_t r : ranks) {
    const ExchangeEstimate e = estimate_exchange(plan, r);
    if (options.as_json) {
      rows.push_back(document_of(e));
      continue;
    }
    fmt::print("{:>8}{:>12.4g}{:>12.4g}{:>10}{:>11}{:>9.4g}{:>13.4g}{:>10.4g}{:>11}{:>11}{:>10.2f}\n", r,
               e.neurons, e.synapses, size_text(e.memory_bytes), size_text(e.build_bytes), e.routes, e.spikes,
               e.messages, size_text(e.bytes), size_text(e.notice_bytes), e.imbalance);
    (void)std::fflush(stdout);
  }
  if (options.as_json) fmt::print("{}\n", json_text(json(std::move(rows))));
  return 0;
}

}  // namespace

Verb scale_verb() {
  return {"scale", "Work out what a network would take on many ranks",
          "Each line is of one rank: what it holds, and what it sends in a window. routes: ranks that a "
          "neuron's\n"
          "spikes go to; notices: what all ranks tell all; busiest: spikes of the busiest rank, by chance "
          "alone.\n"
          "Targets and spikes of virtual ranks are drawn and counted; no neuron is simulated.\n"
          "Examples:\n"
          "  flurry scale\n"
          "  flurry scale 1000 10000 --neurons 1e7 --synapses 1e4 --rate '8 Hz' --window '1 ms'\n"
          "  flurry scale --tile 77169 --local 0.39      a tenth of a billion columns, as the microcircuit\n",
          [](Arguments& arguments) { return bind_verb<ScaleOptions>(arguments, &declare, &scale); }};
}

}  // namespace flurry
