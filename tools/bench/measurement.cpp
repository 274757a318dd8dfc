// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include "tools/bench/measurement.hpp"

#include <chrono>

#include <fmt/format.h>
#include <sys/resource.h>

#include "core/base/collective.hpp"
#include "core/base/version.hpp"
#include "core/engine/simulation.hpp"
#include "core/network/network_builder.hpp"
#include "core/parallel/thread_executor.hpp"
#include "models/catalogue/catalogue.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/rank_report.hpp"

namespace flurry {
namespace {

using SteadyClock = std::chrono::steady_clock;

double wall_seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

double per(double amount, std::uint64_t count) {
  return count == 0 ? 0.0 : amount / static_cast<double>(count);
}

std::uint64_t external_arrivals(const ActivityCounts& counts) {
  std::uint64_t sum = 0;
  for (const ProjectionCounts& projection : counts.projections)
    for (const PopulationCounts& population : counts.populations)
      if (population.is_source && population.name == projection.source) sum += projection.arrivals;
  return sum;
}

std::uint64_t counted_spikes(const ActivityCounts& counts) {
  std::uint64_t sum = 0;
  for (const PopulationCounts& population : counts.populations)
    sum += population.is_source ? 0 : population.spikes;
  return sum;
}

std::uint64_t peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

double Measurement::ns_per_event() const { return per(1e9 * seconds, events); }
double Measurement::ns_per_recurrent_event() const { return per(1e9 * seconds, events - external_events); }
double Measurement::rate() const { return per(1e3 * static_cast<double>(spikes) / measured, neurons); }
double Measurement::real_time_factor() const { return 1e3 * seconds / measured; }

Measurement measure(const StandardNetwork& network, std::size_t threads, Communicator& ranks) {
  Measurement result;
  result.name = network.name;
  result.measured = network.measured;
  result.ranks = ranks.ranks();
  ThreadExecutor executor(threads);
  result.threads = executor.lanes();
  const NetworkDescription description = network.describe();
  const Partition partition = Partition::round_robin(description, ranks.ranks());
  const Share share{partition, ranks};
  const bool shared = ranks.ranks() > 1;
  const SteadyClock::time_point began = SteadyClock::now();
  const Network built = shared ? build(description, executor, {}, share) : build(description, executor);
  Simulation simulation =
      shared ? Simulation(built, catalogue(), executor, share) : Simulation(built, catalogue(), executor);
  result.build_seconds = wall_seconds_since(began);
  simulation.run(network.warm_up);
  ActivityCounts before = simulation.counts();
  const Communication told_before = ranks.done();
  const SteadyClock::time_point start = SteadyClock::now();
  simulation.run(network.warm_up + network.measured);
  result.seconds = wall_seconds_since(start);
  result.exchanges = ranks.done().exchanges - told_before.exchanges;
  result.bytes_sent = ranks.done().bytes - told_before.bytes;
  result.waiting = ranks.done().waiting - told_before.waiting;
  ActivityCounts after = simulation.counts();
  sum_counts(ranks, before);
  sum_counts(ranks, after);
  result.events = after.total(&ProjectionCounts::arrivals) - before.total(&ProjectionCounts::arrivals);
  result.external_events = external_arrivals(after) - external_arrivals(before);
  result.spikes = counted_spikes(after) - counted_spikes(before);
  for (const PopulationCounts& population : after.populations)
    result.neurons += population.is_source ? 0 : population.size;
  double bytes = 0.0;
  for (const Projection& projection : built.projections()) {
    result.synapses += projection.synapses();
    bytes += static_cast<double>(projection.synapses() * projection.bytes_per_synapse());
  }
  sum_all(ranks, std::span(&result.synapses, 1));
  sum_all(ranks, std::span(&result.bytes_sent, 1));
  sum_all(ranks, std::span(&bytes, 1));
  for (double* seconds : {&result.seconds, &result.build_seconds, &result.waiting})
    largest_of_all(ranks, std::span(seconds, 1));
  result.bytes_per_synapse = per(bytes, result.synapses);
  result.peak_bytes = peak_memory();
  return result;
}

std::string measurement_header() {
  return fmt::format("{:<22}{:>8}{:>11}{:>9}{:>10}{:>14}{:>9}{:>8}{:>9}{:>9}\n", "benchmark", "threads",
                     "events/M", "seconds", "ns/event", "ns/recurrent", "x real", "Hz", "B/synap.",
                     "build/s");
}

std::string measurement_line(const Measurement& m) {
  return fmt::format(
      "{:<22}{:>8}{:>11.2f}{:>9.3f}{:>10.2f}{:>14.2f}{:>9.3g}{:>8.3g}{:>9.3g}{:>9.3f}\n", m.name,
      m.ranks == 1 ? fmt::format("{}", m.threads) : fmt::format("{}x{}", m.ranks, m.threads),
      1e-6 * static_cast<double>(m.events), m.seconds, m.ns_per_event(), m.ns_per_recurrent_event(),
      m.real_time_factor(), m.rate(), m.bytes_per_synapse, m.build_seconds);
}

Document measurement_document(const std::vector<Measurement>& measurements) {
  Document::Array array;
  for (const Measurement& m : measurements)
    array.push_back(
        json(Document::Table{{"name", json(m.name)},
                             {"version", json(std::string(version))},
                             {"ranks", json(m.ranks)},
                             {"threads", json(m.threads)},
                             {"simulated_ms", json(m.measured)},
                             {"seconds", json(m.seconds)},
                             {"build_seconds", json(m.build_seconds)},
                             {"neurons", json(m.neurons)},
                             {"synapses", json(m.synapses)},
                             {"bytes_per_synapse", json(m.bytes_per_synapse)},
                             {"events", json(m.events)},
                             {"external_events", json(m.external_events)},
                             {"ns_per_event", json(m.ns_per_event())},
                             {"ns_per_recurrent_event", json(m.ns_per_recurrent_event())},
                             {"events_per_second", json(static_cast<double>(m.events) / m.seconds)},
                             {"real_time_factor", json(m.real_time_factor())},
                             {"rate_Hz", json(m.rate())},
                             {"exchanges", json(m.exchanges)},
                             {"bytes_sent", json(m.bytes_sent)},
                             {"waiting_seconds", json(m.waiting)},
                             {"peak_bytes", json(m.peak_bytes)}}));
  return json(std::move(array));
}

}  // namespace flurry
