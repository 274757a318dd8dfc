// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/energy/energy_model.hpp"
#include "tools/cli/json_text.hpp"
#include "tools/cli/number_text.hpp"
#include "tools/learning/evaluation.hpp"

namespace flurry {
namespace {

double per_sample(const Evaluation& e, double sum) { return sum / static_cast<double>(e.samples); }

std::uint64_t neuron_spikes(const ActivityCounts& counts) {
  std::uint64_t sum = 0;
  for (const PopulationCounts& population : counts.populations)
    if (!population.is_source) sum += population.spikes;
  return sum;
}

std::uint64_t updates(const ActivityCounts& counts) {
  std::uint64_t sum = 0;
  for (const PopulationCounts& population : counts.populations) sum += population.updates();
  return sum;
}

std::string answers_text(const Evaluation& e, const Answers& a) {
  std::string text = fmt::format("  {:<20} {:.2f} % right ({} of {})", a.how + ":",
                                 100.0 * per_sample(e, static_cast<double>(a.correct)), a.correct, e.samples);
  if (a.undecided > 0) text += fmt::format(", {} without an answer", a.undecided);
  if (a.ran_away > 0) text += fmt::format(", {} stopped as their activity ran away", a.ran_away);
  if (a.decided > 0)
    text += fmt::format(", decided after {:.1f} ms", a.decision_times / static_cast<double>(a.decided));
  return text + '\n';
}

std::string confusion_text(const Evaluation& e) {
  std::size_t width = 6;
  for (const std::string& name : e.classes) width = std::max(width, name.size() + 1);
  std::string text = fmt::format("  {:<{}} answers (columns as rows)\n", "label", width);
  const auto& confusion = e.answers.front().confusion;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    text += fmt::format("  {:<{}}", e.classes[label], width);
    for (const std::uint64_t count : confusion[label])
      text += count == 0 ? fmt::format("{:>6}", ".") : fmt::format("{:>6}", count);
    text += '\n';
  }
  return text;
}

Document answers_document(const Evaluation& e, const Answers& a) {
  Document::Table table{
      {"how", json(a.how)},           {"accuracy", json(per_sample(e, static_cast<double>(a.correct)))},
      {"correct", json(a.correct)},   {"undecided", json(a.undecided)},
      {"ran_away", json(a.ran_away)}, {"confusion", json(a.confusion)}};
  if (a.decided > 0) table["latency_ms"] = json(a.decision_times / static_cast<double>(a.decided));
  return json(std::move(table));
}

}  // namespace

std::string evaluation_text(const Evaluation& e, const std::vector<EnergyProfile>& profiles) {
  std::string text =
      fmt::format("{} samples, run by the event engine in {:.2f} s\n", grouped(e.samples), e.seconds);
  for (const Answers& answers : e.answers) text += answers_text(e, answers);
  text += fmt::format("  spikes as the trainer's own: on {} of {} samples (largest difference {:.1e} ms)\n",
                      e.same_spikes, e.samples, e.largest_difference);
  text += fmt::format("per sample: {:.1f} spikes, {:.0f} synaptic operations, {:.0f} updates\n",
                      per_sample(e, static_cast<double>(neuron_spikes(e.counts))),
                      per_sample(e, static_cast<double>(e.counts.total(&ProjectionCounts::arrivals))),
                      per_sample(e, static_cast<double>(updates(e.counts))));
  for (const EnergyProfile& profile : profiles) {
    const EnergyEstimate estimate = price(e.counts, profile);
    text += fmt::format(
        "  {:<20} {}\n", profile.name + ":",
        estimate.has_total() ? energy_text(per_sample(e, estimate.total().value)) : estimate.refusal());
  }
  if (e.classes.size() <= 40) text += confusion_text(e);
  return text;
}

Document evaluation_document(const Evaluation& e, const std::vector<EnergyProfile>& profiles) {
  const Answers& first = e.answers.front();
  const Document latency =
      first.decided > 0 ? json(first.decision_times / static_cast<double>(first.decided)) : Document{};
  Document::Array answers;
  for (const Answers& a : e.answers) answers.push_back(answers_document(e, a));
  Document::Table energy;
  for (const EnergyProfile& profile : profiles) {
    const EnergyEstimate estimate = price(e.counts, profile);
    energy[profile.name] = estimate.has_total() ? json(per_sample(e, estimate.total().value)) : Document{};
  }
  return json(Document::Table{
      {"samples", json(e.samples)},
      {"classes", json(e.classes)},
      {"accuracy", json(per_sample(e, static_cast<double>(first.correct)))},
      {"confusion", json(first.confusion)},
      {"latency_ms", latency},
      {"answers", json(std::move(answers))},
      {"same_spikes_as_trainer", json(e.same_spikes)},
      {"largest_difference_ms", json(e.largest_difference)},
      {"spikes_per_sample", json(per_sample(e, static_cast<double>(neuron_spikes(e.counts))))},
      {"synaptic_operations_per_sample",
       json(per_sample(e, static_cast<double>(e.counts.total(&ProjectionCounts::arrivals))))},
      {"updates_per_sample", json(per_sample(e, static_cast<double>(updates(e.counts))))},
      {"energy_per_sample_pJ", json(std::move(energy))},
      {"seconds", json(e.seconds)}});
}

}  // namespace flurry
