// SPDX-FileCopyrightText: The Flurry authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tools/analysis/report_text.hpp"
#include "tools/cli/json_text.hpp"

namespace flurry {
namespace {

std::string band(const EnergyEstimate& estimate) {
  if (!estimate.has_total()) return "no total";
  return fmt::format("{} ({} .. {})", energy_text(estimate.total().value), energy_text(estimate.total().low),
                     energy_text(estimate.total().high));
}

std::string line_text(const EnergyLine& line) {
  std::string what;
  switch (line.kind) {
    case EnergyLine::Kind::priced:
      what = energy_text(line.energy.value);
      break;
    case EnergyLine::Kind::not_charged:
      what = "not charged";
      break;
    case EnergyLine::Kind::unpriced:
      what = "NO PRICE";
      break;
  }
  return fmt::format("    {:<20} {:>14} {:>12}  {}\n", line.term, line.count, what, line.source);
}

std::string profile_text(const EnergyReport& report) {
  std::string text = fmt::format("\n  {} v{}: {}, scope {}, evidence {}\n    {}\n", report.profile.name,
                                 report.profile.version, report.profile.chip, report.profile.scope,
                                 report.profile.evidence, report.profile.citation);
  if (!report.profile.notes.empty()) text += fmt::format("    {}\n", report.profile.notes);
  for (const EnergyLine& line : report.event_driven.lines) text += line_text(line);
  if (!report.event_driven.has_total()) text += fmt::format("    {}\n", report.event_driven.refusal());
  return text;
}

Document band_document(const EnergyBand& energy) {
  return json(Document::Table{
      {"low", json(energy.low)}, {"nominal", json(energy.value)}, {"high", json(energy.high)}});
}

Document estimate_document(const EnergyEstimate& estimate) {
  Document::Array lines;
  for (const EnergyLine& line : estimate.lines) {
    const char* kind = line.kind == EnergyLine::Kind::priced        ? "priced"
                       : line.kind == EnergyLine::Kind::not_charged ? "not charged"
                                                                    : "unpriced";
    Document::Table entry{{"term", json(line.term)}, {"count", json(line.count)}, {"kind", json(kind)}};
    entry["source"] = json(line.source);
    if (line.kind == EnergyLine::Kind::priced) entry["energy_pJ"] = band_document(line.energy);
    lines.push_back(json(std::move(entry)));
  }
  Document::Table table{{"terms", json(std::move(lines))}, {"unpriced", json(estimate.unpriced)}};
  table["total_pJ"] = estimate.has_total() ? band_document(estimate.total()) : Document{};
  if (!estimate.has_total()) table["refusal"] = json(estimate.refusal());
  return json(std::move(table));
}

}  // namespace

std::string energy_report_text(const RunReport& report) {
  if (report.energies.empty()) return "";
  std::string text = fmt::format(
      "\nenergy estimates: exact counts x published prices, nominal (low .. high); not measurements\n"
      "  {:<22} {:<10} {:<32} {:<32} {}\n",
      "profile", "scope", "event-driven", fmt::format("time-stepped, {:g} ms", report.step),
      fmt::format("dense, {:g} ms", report.step));
  for (const EnergyReport& energy : report.energies)
    text += fmt::format("  {:<22} {:<10} {:<32} {:<32} {}\n", energy.profile.name, energy.profile.scope,
                        band(energy.event_driven), band(energy.sparse_steps), band(energy.dense_steps));
  text +=
      "  time-stepped: same deliveries, every neuron updated every step (the fair comparison); dense: every "
      "synapse too.\n"
      "  Profiles differ in scope and evidence: compare columns, not rows. Measured system energies have "
      "been 4 to more\n"
      "  than 500 times above op-only estimates.\n";
  for (const EnergyReport& energy : report.energies) text += profile_text(energy);
  return text;
}

Document energy_report_document(const RunReport& report) {
  Document::Array energies;
  for (const EnergyReport& energy : report.energies) {
    const EnergyProfile& profile = energy.profile;
    energies.push_back(json(Document::Table{{"profile", json(profile.name)},
                                            {"version", json(profile.version)},
                                            {"chip", json(profile.chip)},
                                            {"scope", json(profile.scope)},
                                            {"evidence", json(profile.evidence)},
                                            {"citation", json(profile.citation)},
                                            {"event_driven", estimate_document(energy.event_driven)},
                                            {"sparse_time_stepped", estimate_document(energy.sparse_steps)},
                                            {"dense_time_stepped", estimate_document(energy.dense_steps)}}));
  }
  return json(Document::Table{{"step_ms", json(report.step)}, {"profiles", json(std::move(energies))}});
}

}  // namespace flurry
